#include "operations/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "operations/backup_operations.h"
#include "operations/table_lookup.h"
#include "tenancy/refusals.h"

namespace insula::operations {
namespace {

std::vector<Operation> AllOperations() {
  std::vector<Operation> all;
  for (const Operation& operation : ItemOperations()) all.push_back(operation);
  for (const Operation& operation : TableOperations()) all.push_back(operation);
  for (const Operation& operation : StreamOperations()) all.push_back(operation);
  for (const Operation& operation : UnofferedOperations()) all.push_back(operation);
  for (const Operation& operation : BackupOperations()) all.push_back(operation);
  std::ranges::sort(all, {}, &Operation::name);
  return all;
}

// Smaller answers are within what was asked for before the operation began (read_memory.h).
constexpr std::size_t kHeldBytesMin = std::size_t{1} * 1024 * 1024;
// The items as stored, and their JSON, which moves to a larger place as it grows.
constexpr std::size_t kHeldPerStored = 3;

}  // namespace

const Operation* FindOperation(std::string_view name) {
  static const std::vector<Operation> all = AllOperations();
  auto found = std::ranges::lower_bound(all, name, {}, &Operation::name);
  return found != all.end() && found->name == name ? &*found : nullptr;
}

Result<void> Call::Hold(std::size_t stored_bytes) const {
  if (memory == nullptr || stored_bytes <= kHeldBytesMin || memory->Grow(stored_bytes * kHeldPerStored)) return {};
  return Error(ErrorCode::kServiceUnavailable, "The server is busy");
}

UsageCells* Call::CellsOf(const tenancy::Table& table) const {
  if (UsageCells* known = table.usage.get()) return known;
  UsageCells* found = services.usage.CellsOf(tenancy::KeyOf(context), table.definition.name);
  table.usage.set(found);
  return found;
}

void Call::MeterRead(const tenancy::Table& table, HalfUnits cost) const {
  if (UsageCells* cells = CellsOf(table)) cells->AddRead(cost);
}

void Call::MeterWrite(const tenancy::Table& table, HalfUnits cost) const {
  if (UsageCells* cells = CellsOf(table)) cells->AddWrite(cost);
}

Error NotAuthorized(const Call& call, std::string_view arn, std::string_view action) {
  if (action.empty()) action = call.operation;
  return tenancy::NotAuthorized(call.context, fmt::format("dynamodb:{}", action), arn);
}

Result<tenancy::TablePtr> FindTable(const Call& call, std::string_view name_or_arn, Access access,
                                    std::string_view action) {
  INSULA_ASSIGN(tenancy::TablePtr table, LookUp(call, name_or_arn, action));
  TableStatus status = table->definition.status;
  if (status == TableStatus::kCreating || status == TableStatus::kDeleting) {
    return tenancy::ResourceNotFound();
  }
  if (access == Access::kWrite && table->read_only) return NotAuthorized(call, table->arn, action);
  return table;
}

}  // namespace insula::operations
