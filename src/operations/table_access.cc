#include <fmt/format.h>

#include "operations/pooled_table.h"
#include "operations/table_lookup.h"
#include "operations/table_operations.h"

namespace insula::operations {

Result<tenancy::TablePtr> FindForControl(const Call& call, std::string_view name_or_arn, Access access) {
  Result<tenancy::TablePtr> found = LookUp(call, name_or_arn);
  if (!found.ok()) {
    if (found.error().code() != ErrorCode::kResourceNotFound) return found;
    std::string_view name = name_or_arn.substr(name_or_arn.rfind('/') + 1);  // the whole of a name
    return Error(ErrorCode::kResourceNotFound, fmt::format("Requested resource not found: Table: {} not found", name));
  }
  if (access == Access::kWrite && (*found)->read_only) return NotAuthorized(call, (*found)->arn);
  return found;
}

Task<Result<storage::TableStats>> StatsOf(Call& call, tenancy::TablePtr table) {
  TableStatus status = table->definition.status;
  if (status == TableStatus::kCreating || status == TableStatus::kDeleting) co_return storage::TableStats();
  if (table->pooled) co_return co_await PooledStats(call, table);
  co_return co_await call.services.engine.Stats(table->ref);
}

}  // namespace insula::operations
