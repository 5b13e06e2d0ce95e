// RestoreTableFromBackup and RestoreTableToPointInTime.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html
#include <memory>
#include <utility>

#include "operations/copies/backup_operations.h"
#include "operations/copies/restore_overrides.h"
#include "operations/core/refusal.h"
#include "operations/core/settled.h"
#include "operations/core/unoffered.h"
#include "operations/tables/table_description.h"
#include "tenancy/faces/backup_catalog.h"
#include "tenancy/identity/arn.h"

namespace insula::operations {
namespace {

using tenancy::BackupCatalog;

BackupCatalog::Edit EditOf(const Call& call, RestoreOverrides overrides) {
  return [overrides = std::make_shared<const RestoreOverrides>(std::move(overrides)),
          region = call.services.options.region, now = call.services.clock.Now()](TableDefinition& definition) {
    return ApplyRestoreOverrides(*overrides, region, now, &definition);
  };
}

std::string Answer(const Call& call, const BackupCatalog& backups, const tenancy::Table& table) {
  TableDefinition shown = table.definition;
  shown.status = TableStatus::kCreating;
  TableView view{shown,
                 table.arn,
                 call.services.options.region,
                 {},
                 call.services.clock.Now(),
                 DescriptionPart::kJustCreated,
                 backups.SourceOf(call.context(), table.definition.name)};
  return DescriptionAnswer("TableDescription", view);
}

Result<std::string> SourceOf(const Call& call) {
  const wire::StructureView input = call.input();
  const auto name = input.String("SourceTableName");
  const auto arn = input.String("SourceTableArn");
  if (name && arn) return InvalidRequest("Must provide exactly one of: sourceTableArn, sourceTableName");
  if (!name && !arn) return ValidationError("The parameter 'TableName' is required but was not present in the request");
  if (name) return std::string(*name);
  const std::optional<tenancy::TableArnParts> parts = tenancy::ParseTableArn(*arn);
  if (!parts) return Invalid("sourceTableArn is not a valid ARN");
  if (parts->account != tenancy::AccountOf(call.context()).value()) {
    return ValidationError("This action is only supported by accounts that match the resource owner’s account.");
  }
  return std::string(*arn);
}

// nullopt: the latest time there is.
Result<std::optional<WallTime>> TimeOf(wire::StructureView input) {
  const std::optional<double> seconds = input.Number("RestoreDateTime");
  const bool latest = input.Boolean("UseLatestRestorableTime").value_or(false);
  if (latest && seconds) {
    return InvalidRequest(
        "Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore request. Please "
        "specify either RestoreDateTime time or UseLatestRestorableTime");
  }
  if (!latest && !seconds) {
    return InvalidRequest("Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both");
  }
  if (latest) return std::optional<WallTime>();
  return std::optional<WallTime>(WallTime(std::chrono::seconds(static_cast<std::int64_t>(*seconds))));
}

}  // namespace

Task<Result<std::string>> RestoreTableFromBackup(Call& call) {
  wire::StructureView input = call.input();
  RestoreOverrides overrides = ReadRestoreOverrides(input);
  INSULA_CO_TRY(CheckRestoreOverrides(overrides));
  std::string arn(*input.String("BackupArn"));
  std::string target(*input.String("TargetTableName"));
  BackupCatalog::Edit edit = EditOf(call, std::move(overrides));
  tenancy::Context context = call.context();
  BackupCatalog backups = call.services.catalog.backups();
  INSULA_CO_ASSIGN(const tenancy::TablePtr table,
                   co_await backups.Restore(std::move(context), std::move(arn), std::move(target), std::move(edit)));
  std::string answer = Answer(call, backups, *table);
  co_await AwaitSettled(call, table);
  co_return answer;
}

Task<Result<std::string>> RestoreTableToPointInTime(Call& call) {
  wire::StructureView input = call.input();
  RestoreOverrides overrides = ReadRestoreOverrides(input);
  INSULA_CO_TRY(CheckRestoreOverrides(overrides));
  INSULA_CO_ASSIGN(std::string source, SourceOf(call));
  INSULA_CO_ASSIGN(const std::optional<WallTime> time, TimeOf(input));
  std::string target(*input.String("TargetTableName"));
  BackupCatalog::Edit edit = EditOf(call, std::move(overrides));
  tenancy::Context context = call.context();
  BackupCatalog backups = call.services.catalog.backups();
  INSULA_CO_ASSIGN(const tenancy::TablePtr table,
                   co_await backups.RestoreToPointInTime(std::move(context), std::move(source), std::move(target), time,
                                                         std::move(edit)));
  std::string answer = Answer(call, backups, *table);
  co_await AwaitSettled(call, table);
  co_return answer;
}

}  // namespace insula::operations
