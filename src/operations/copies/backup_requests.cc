// CreateBackup, DescribeBackup, ListBackups, DeleteBackup.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html
#include <fmt/format.h>

#include <utility>

#include "operations/copies/backup_description.h"
#include "operations/copies/backup_operations.h"
#include "operations/core/refusal.h"
#include "operations/core/settled.h"
#include "operations/tables/table_description.h"
#include "tenancy/faces/backup_catalog.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

using tenancy::BackupCatalog;
using tenancy::BackupKind;
using tenancy::BackupPtr;

// Seconds since 1970, with a fraction.
std::optional<WallTime> TimeIn(wire::StructureView input, std::string_view field) {
  const std::optional<double> seconds = input.Number(field);
  if (!seconds) return std::nullopt;
  return WallTime(std::chrono::microseconds(static_cast<std::int64_t>(*seconds * 1e6)));
}

}  // namespace

Task<Result<std::string>> CreateBackup(Call& call) {
  std::string table(*call.input().String("TableName"));
  std::string name(*call.input().String("BackupName"));
  tenancy::Context context = call.context();
  BackupCatalog backups = call.services.catalog.backups();
  INSULA_CO_ASSIGN(const BackupPtr backup,
                   co_await backups.Create(std::move(context), std::move(table), std::move(name)));
  co_await AwaitMade(call, backup);
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("BackupDetails");
  writer.BeginObject();
  WriteBackupMembers(*backup, NameOf(backup->status), &writer);
  writer.EndObject();
  writer.EndObject();
  co_return body;
}

Task<Result<std::string>> DescribeBackup(Call& call) {
  BackupCatalog backups = call.services.catalog.backups();
  INSULA_CO_ASSIGN(const BackupPtr backup, backups.Find(call.context(), *call.input().String("BackupArn")));
  co_return BackupDescriptionAnswer(*backup, NameOf(backup->status));
}

Task<Result<std::string>> DeleteBackup(Call& call) {
  std::string arn(*call.input().String("BackupArn"));
  tenancy::Context context = call.context();
  BackupCatalog backups = call.services.catalog.backups();
  INSULA_CO_ASSIGN(const BackupPtr backup, co_await backups.Delete(std::move(context), std::move(arn)));
  co_return BackupDescriptionAnswer(*backup, "DELETED");
}

Task<Result<std::string>> ListBackups(Call& call) {
  wire::StructureView input = call.input();
  tenancy::BackupFilter filter;
  if (auto table = input.String("TableName")) filter.table = std::string(table->substr(table->rfind('/') + 1));
  filter.from = TimeIn(input, "TimeRangeLowerBound");
  filter.to = TimeIn(input, "TimeRangeUpperBound");
  if (filter.from && filter.to && *filter.from > *filter.to) {
    co_return Invalid("Time range lower bound must be less than or equal to upper bound");
  }
  if (auto after = input.String("ExclusiveStartBackupArn")) filter.after = std::string(*after);
  if (auto limit = input.Integer("Limit")) filter.limit = static_cast<std::size_t>(*limit);
  const std::string_view type = input.String("BackupType").value_or("USER");
  if (type != "ALL") filter.kind = type == "SYSTEM" ? BackupKind::kSystem : BackupKind::kUser;
  const tenancy::BackupList list =
      type == "AWS_BACKUP" ? tenancy::BackupList() : call.services.catalog.backups().List(call.context(), filter);

  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("BackupSummaries");
  writer.BeginArray();
  for (const BackupPtr& backup : list.backups) {
    writer.BeginObject();
    writer.StringField("TableName", backup->table->definition.name);
    writer.StringField("TableId", backup->table->definition.id);
    writer.StringField("TableArn", backup->table->arn);
    WriteBackupMembers(*backup, NameOf(backup->status), &writer);
    writer.EndObject();
  }
  writer.EndArray();
  if (list.last) writer.StringField("LastEvaluatedBackupArn", *list.last);
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
