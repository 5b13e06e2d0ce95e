#include "operations/core/authorize.h"

#include <fmt/format.h>

#include "tenancy/identity/refusals.h"

namespace insula::operations {

Result<void> Authorize(const Call& call, const tenancy::Table& table, Access access, std::string_view action) {
  if (access == Access::kRead || !table.read_only) return {};
  return NotAuthorized(call, table.arn, action);
}

Result<void> AuthorizeInTransaction(const Call& call, const tenancy::Table& table, std::string_view action) {
  if (!table.pooled) return {};
  return NotAuthorized(call, table.arn, action);
}

Error NotAuthorized(const Call& call, std::string_view arn, std::string_view action) {
  return tenancy::NotAuthorized(call.context(), fmt::format("dynamodb:{}", action.empty() ? call.operation : action),
                                arn);
}

}  // namespace insula::operations
