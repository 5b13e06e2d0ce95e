// Backups of any context, and restoring tables, placements and tenants by the operator's authority: also where tenants'
// tables are their service's template's.
#include <fmt/format.h>

#include <charconv>
#include <ctime>
#include <set>

#include "admin/answers.h"
#include "admin/call.h"
#include "control/backup_keeper.h"
#include "tenancy/faces/operator_backups.h"

namespace insula::admin {
namespace {

using tenancy::BackupCatalog;
using tenancy::BackupPtr;
using tenancy::OperatorBackups;

constexpr std::string_view kSuffixDefault = "-restored";

struct ShownBackup {
  BackupPtr backup;
};
void Write(const ShownBackup& shown, wire::JsonWriter* json) {
  const tenancy::BackupRecord& backup = *shown.backup;
  json->BeginObject();
  WriteOwner(backup.owner, json);
  json->StringField("Table", backup.table->definition.name);
  json->StringField("Backup", backup.id);
  json->StringField("Name", backup.name);
  json->StringField("Type", NameOf(backup.kind));
  json->StringField("Status", NameOf(backup.status));
  json->StringField("CreatedAt", TimeText(backup.created_at));
  json->IntegerField("Items", static_cast<std::int64_t>(backup.items));
  json->IntegerField("Bytes", static_cast<std::int64_t>(backup.bytes));
  json->IntegerField("StoredBytes", static_cast<std::int64_t>(backup.stored_bytes));
  json->EndObject();
}

struct ShownRestore {
  ContextNames owner;
  std::string table;
  std::string target;
  std::string status;
  std::optional<storage::RestoreProgress> progress;
};
void Write(const ShownRestore& restore, wire::JsonWriter* json) {
  json->BeginObject();
  WriteOwner(restore.owner, json);
  json->StringField("Table", restore.table);
  json->StringField("Target", restore.target);
  json->StringField("Status", restore.status);
  if (restore.progress) {
    json->IntegerField("Items", static_cast<std::int64_t>(restore.progress->items));
    json->IntegerField("ItemsTotal", static_cast<std::int64_t>(restore.progress->items_total));
    json->IntegerField("Bytes", static_cast<std::int64_t>(restore.progress->bytes));
    json->IntegerField("BytesTotal", static_cast<std::int64_t>(restore.progress->bytes_total));
  }
  json->EndObject();
}

// Seconds since 1970, or "2026-11-23T12:00:00Z".
Result<std::optional<WallTime>> TimeOf(const Call& call) {
  INSULA_ASSIGN(const std::optional<std::string> text, call.OptionalText("Time"));
  if (!text) return std::optional<WallTime>();
  std::int64_t seconds = 0;
  const auto number = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (number.ec == std::errc() && number.ptr == text->data() + text->size()) {
    return std::optional<WallTime>(WallTime(std::chrono::seconds(seconds)));
  }
  std::tm parts{};
  const char* end = ::strptime(text->c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is no time: give one like 2026-11-23T12:00:00Z, or seconds since 1970", *text));
  }
  return std::optional<WallTime>(WallTime(std::chrono::seconds(::timegm(&parts))));
}

// By its id or its ARN.
Result<BackupPtr> BackupOf(const Call& call, const tenancy::Context& context) {
  INSULA_ASSIGN(const std::string given, call.Text("Backup"));
  if (given.starts_with("arn:")) return BackupCatalog(call.services.catalog).Find(context, given);
  INSULA_ASSIGN(const ContextNames names, call.Filter());
  for (const BackupPtr& backup : OperatorBackups(call.services.catalog).All(names)) {
    if (backup->id == given && backup->owner == names) return backup;
  }
  return Error(ErrorCode::kNotFound, fmt::format("There is no backup '{}'", given));
}

Task<Result<std::string>> CreateBackup(Call& call) {
  INSULA_CO_ASSIGN(tenancy::Context context, call.ActiveContext());
  INSULA_CO_ASSIGN(std::string table, call.Text("Table"));
  INSULA_CO_ASSIGN(const std::optional<std::string> name, call.OptionalText("Name"));
  BackupCatalog backups(call.services.catalog);
  std::string backup_name = name.value_or(table);
  INSULA_CO_ASSIGN(const BackupPtr backup,
                   co_await backups.Create(std::move(context), std::move(table), std::move(backup_name)));
  co_return Answer("Backup", ShownBackup{backup});
}

Task<Result<std::string>> ListBackups(Call& call) {
  INSULA_CO_ASSIGN(const ContextNames filter, call.KnownFilter());
  INSULA_CO_ASSIGN(const std::optional<std::string> table, call.OptionalText("Table"));
  std::vector<ShownBackup> shown;
  for (const BackupPtr& backup : OperatorBackups(call.services.catalog).All(filter)) {
    if (!table || backup->table->definition.name == *table) shown.push_back({backup});
  }
  co_return ListAnswer("Backups", shown);
}

Task<Result<std::string>> DeleteBackup(Call& call) {
  INSULA_CO_ASSIGN(tenancy::Context context, call.ActiveContext());
  INSULA_CO_ASSIGN(const BackupPtr found, BackupOf(call, context));
  std::string arn = found->arn;
  OperatorBackups backups(call.services.catalog);
  INSULA_CO_ASSIGN(const BackupPtr deleted, co_await backups.Delete(std::move(context), std::move(arn)));
  co_return Answer("Backup", ShownBackup{deleted});
}

Result<void> KeepAsItWas(TableDefinition&) { return {}; }

Task<Result<std::string>> RestoreBackup(Call& call) {
  INSULA_CO_ASSIGN(tenancy::Context context, call.ActiveContext());
  INSULA_CO_ASSIGN(const BackupPtr found, BackupOf(call, context));
  INSULA_CO_ASSIGN(std::string target, call.Text("Target"));
  std::string arn = found->arn;
  OperatorBackups backups(call.services.catalog);
  OperatorBackups::Edit edit = KeepAsItWas;
  INSULA_CO_ASSIGN(const tenancy::TablePtr table,
                   co_await backups.Restore(std::move(context), std::move(arn), std::move(target), std::move(edit)));
  std::vector<ShownRestore> shown;
  shown.push_back({found->owner, found->table->definition.name, table->definition.name, "CREATING", std::nullopt});
  co_return ListAnswer("Restores", shown);
}

// One table to `target`: from its past, or from its newest backup.
Task<Result<tenancy::TablePtr>> RestoreOne(Call& call, tenancy::Context context, ContextNames names, std::string table,
                                           std::string target, std::optional<WallTime> time) {
  OperatorBackups backups(call.services.catalog);
  OperatorBackups::Edit edit = KeepAsItWas;
  if (time) {
    co_return co_await backups.RestoreToPointInTime(std::move(context), std::move(table), std::move(target), time,
                                                    std::move(edit));
  }
  BackupPtr newest;
  for (const BackupPtr& backup : backups.All(names)) {
    const bool usable = backup->owner == names && backup->status == tenancy::BackupStatus::kAvailable;
    if (usable && backup->table->definition.name == table) newest = backup;
  }
  if (newest == nullptr) co_return Error(ErrorCode::kNotFound, fmt::format("There is no backup of '{}'", table));
  std::string arn = newest->arn;
  co_return co_await backups.Restore(std::move(context), std::move(arn), std::move(target), std::move(edit));
}

// Each table of the placement, or the one that is named, becomes a new table beside it.
Task<Result<std::string>> RestoreTenant(Call& call) {
  INSULA_CO_TRY(call.Text("Tenant"));
  INSULA_CO_ASSIGN(const tenancy::Context context, call.ActiveContext());
  INSULA_CO_ASSIGN(const ContextNames names, call.Filter());
  INSULA_CO_ASSIGN(const std::optional<std::string> only, call.OptionalText("Table"));
  INSULA_CO_ASSIGN(const std::optional<std::string> suffix, call.OptionalText("Suffix"));
  INSULA_CO_ASSIGN(const std::optional<WallTime> time, TimeOf(call));
  std::set<std::string> copies;  // of which no copies are made
  for (const auto& restored : OperatorBackups(call.services.catalog).Restored(names)) {
    copies.insert(restored.table->definition.name);
  }
  std::vector<std::string> tables;
  if (only) tables.push_back(*only);
  if (!only) {
    for (const tenancy::TableInfo& info : call.organization.Tables(names)) {
      if (info.owner != names || copies.contains(info.table->definition.name)) continue;
      tables.push_back(info.table->definition.name);
    }
  }
  std::vector<ShownRestore> shown;
  std::optional<Error> first_problem;
  bool any = false;
  for (const std::string& table : tables) {
    std::string target = table + suffix.value_or(std::string(kSuffixDefault));
    tenancy::Context of_tenant = context;
    const Result<tenancy::TablePtr> made = co_await RestoreOne(call, std::move(of_tenant), names, table, target, time);
    if (!made.ok() && !first_problem) first_problem = made.error();
    any = any || made.ok();
    shown.push_back({names, table, std::move(target), made.ok() ? "CREATING" : made.error().message(), std::nullopt});
  }
  if (!any && first_problem) co_return *first_problem;
  if (!any) co_return Error(ErrorCode::kNotFound, "There is no table to restore");
  co_return ListAnswer("Restores", shown);
}

Task<Result<std::string>> ListRestores(Call& call) {
  INSULA_CO_ASSIGN(const ContextNames filter, call.KnownFilter());
  std::vector<ShownRestore> shown;
  for (const auto& restored : OperatorBackups(call.services.catalog).Restored(filter)) {
    const TableDefinition& definition = restored.table->definition;
    const std::string& source = restored.source.table_arn;
    ShownRestore& restore = shown.emplace_back();
    restore.owner = restored.owner;
    restore.table = source.substr(source.rfind('/') + 1);
    restore.target = definition.name;
    restore.status = NameOf(definition.status);
    if (definition.status != TableStatus::kCreating) continue;
    if (call.services.backups != nullptr) {
      restore.progress = call.services.backups->ProgressOf({restored.owner, definition.name});
    }
    if (!restore.progress && restored.from != nullptr) {
      restore.progress = storage::RestoreProgress{0, 0, restored.from->items, restored.from->bytes};
    }
  }
  co_return ListAnswer("Restores", shown);
}

}  // namespace

std::span<const AdminOperation> BackupOperations() {
  static constexpr std::string_view kCreate[] = {"Environment", "Service", "Tenant", "Table", "Name"};
  static constexpr std::string_view kList[] = {"Environment", "Service", "Tenant", "Table"};
  static constexpr std::string_view kDelete[] = {"Environment", "Service", "Tenant", "Backup"};
  static constexpr std::string_view kRestore[] = {"Environment", "Service", "Tenant", "Backup", "Target"};
  static constexpr std::string_view kTenant[] = {"Environment", "Service", "Tenant", "Table", "Time", "Suffix"};
  static constexpr std::string_view kFilter[] = {"Environment", "Service", "Tenant"};

  static constexpr AdminOperation kOperations[] = {
      {"CreateBackup", CreateBackup, kCreate},   {"ListBackups", ListBackups, kList},
      {"DeleteBackup", DeleteBackup, kDelete},   {"RestoreBackup", RestoreBackup, kRestore},
      {"RestoreTenant", RestoreTenant, kTenant}, {"ListRestores", ListRestores, kFilter},
  };
  return kOperations;
}

}  // namespace insula::admin
