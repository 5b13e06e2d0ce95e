// Global tables: there are none, and none can be made.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeGlobalTable.html
#include <fmt/format.h>

#include "operations/core/table_handle.h"
#include "operations/core/unoffered.h"
#include "operations/tables/table_operations.h"
#include "operations/tables/unoffered_operations.h"

namespace insula::operations {
namespace {

std::string NoGlobalTable(std::string_view name) {
  return fmt::format("Global table with name: '{}' does not exist.", name);
}

// `prefix`: what some of them say first.
Error NoSuchGlobalTable(const Call& call, std::string_view prefix = "") {
  return {ErrorCode::kGlobalTableNotFound,
          fmt::format("{}{}", prefix, NoGlobalTable(*call.input().String("GlobalTableName")))};
}

}  // namespace

Task<Result<std::string>> CreateGlobalTable(Call& call) {
  const std::string_view name = *call.input().String("GlobalTableName");
  if (!TableHandle::OpenForControl(call, name, Access::kRead).ok()) {
    co_return Error(ErrorCode::kTableNotFound, fmt::format("Table not found: Table: '{}' not found in region: '{}'.",
                                                           name, call.services.options.region));
  }
  co_return GlobalTablesNotOffered();
}

Task<Result<std::string>> DescribeGlobalTable(Call& call) {
  co_return NoSuchGlobalTable(call, "Global table not found: ");
}

Task<Result<std::string>> DescribeGlobalTableSettings(Call& call) { co_return NoSuchGlobalTable(call); }

Task<Result<std::string>> ListGlobalTables(Call&) { co_return std::string(R"({"GlobalTables":[]})"); }

Task<Result<std::string>> UpdateGlobalTable(Call& call) {
  co_return NoSuchGlobalTable(call, "Global table not found: ");
}

Task<Result<std::string>> UpdateGlobalTableSettings(Call& call) { co_return NoSuchGlobalTable(call); }

// The same for a table that isn't there as for one without replicas.
Task<Result<std::string>> ReplicaAutoScaling(Call& call) {
  co_return Error(ErrorCode::kResourceNotFound, NoGlobalTable(*call.input().String("TableName")));
}

}  // namespace insula::operations
