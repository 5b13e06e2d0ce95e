// UpdateContinuousBackups and DescribeContinuousBackups: point-in-time recovery on and off.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
#include <fmt/format.h>

#include <functional>
#include <utility>

#include "operations/copies/backup_operations.h"
#include "operations/core/refusal.h"
#include "operations/core/settled.h"
#include "operations/core/table_handle.h"
#include "operations/tables/table_description.h"
#include "tenancy/faces/backup_catalog.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

constexpr std::int64_t kDaysMax = 35;

Result<void> Change(bool enable, std::optional<std::int64_t> days, TableDefinition* definition) {
  if (enable) {
    definition->point_in_time_days = days.value_or(definition->point_in_time_days.value_or(kDaysMax));
  } else {
    definition->point_in_time_days.reset();
  }
  auto schema = std::make_shared<TableSchema>(*definition->schema);
  schema->log_changes = definition->stream.enabled || definition->point_in_time_days.has_value();
  definition->schema = std::move(schema);
  return {};
}

std::string Answer(const Call& call, const TableDefinition& definition) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("ContinuousBackupsDescription");
  writer.BeginObject();
  writer.StringField("ContinuousBackupsStatus", "ENABLED");
  writer.Key("PointInTimeRecoveryDescription");
  writer.BeginObject();
  writer.StringField("PointInTimeRecoveryStatus", definition.point_in_time_days ? "ENABLED" : "DISABLED");
  if (definition.point_in_time_days) writer.IntegerField("RecoveryPeriodInDays", *definition.point_in_time_days);
  if (definition.point_in_time_days) {
    // It begins now where the engine has yet to follow.
    const WallTime now = std::chrono::floor<std::chrono::seconds>(call.services.clock.Now());
    const auto times = call.services.catalog.backups().RestorableTimesOf(call.context(), definition.name);
    WriteTime("EarliestRestorableDateTime", times ? times->earliest : now, &writer);
    WriteTime("LatestRestorableDateTime", times ? times->latest : now, &writer);
  }
  writer.EndObject();
  writer.EndObject();
  writer.EndObject();
  return body;
}

// As OpenSettings, with the error these two have.
Result<TableHandle> FindHere(const Call& call, std::string_view name_or_arn, Access access) {
  Result<TableHandle> found = TableHandle::OpenSettings(call, name_or_arn, access);
  const bool missing = !found.ok() && found.error().code() == ErrorCode::kResourceNotFound;
  if (missing || (found.ok() && (**found).definition.status == TableStatus::kDeleting)) {
    const std::string_view name = name_or_arn.substr(name_or_arn.rfind('/') + 1);  // the whole of a name
    return Error(ErrorCode::kTableNotFound, fmt::format("Table not found: {}", name));
  }
  return found;
}

}  // namespace

Task<Result<std::string>> UpdateContinuousBackups(Call& call) {
  wire::StructureView input = call.input();
  wire::StructureView specification = *input.Structure("PointInTimeRecoverySpecification");
  const bool enable = *specification.Boolean("PointInTimeRecoveryEnabled");
  const std::optional<std::int64_t> days = specification.Integer("RecoveryPeriodInDays");
  if (!enable && days) {
    co_return InvalidRequest("Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.");
  }
  INSULA_CO_ASSIGN(const TableHandle found, FindHere(call, *input.String("TableName"), Access::kWrite));
  if (found->definition.status == TableStatus::kCreating) {
    co_return Error(ErrorCode::kContinuousBackupsUnavailable,
                    "Backups are being enabled for the table: " + found->definition.name + ". Please retry later");
  }
  std::function<Result<void>(TableDefinition&)> change = [enable, days](TableDefinition& definition) {
    return Change(enable, days, &definition);
  };
  tenancy::Context context = call.context();
  std::string action = fmt::format("dynamodb:{}", call.operation);
  INSULA_CO_ASSIGN(const tenancy::TablePtr table,
                   co_await call.services.catalog.UpdateTable(std::move(context), found->definition.name,
                                                              std::move(change), std::move(action)));
  co_await AwaitSettled(call, table);
  co_return Answer(call, table->definition);
}

Task<Result<std::string>> DescribeContinuousBackups(Call& call) {
  INSULA_CO_ASSIGN(const TableHandle table, FindHere(call, *call.input().String("TableName"), Access::kRead));
  co_return Answer(call, table->definition);
}

}  // namespace insula::operations
