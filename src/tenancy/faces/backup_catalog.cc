#include "tenancy/faces/backup_catalog.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/context_key.h"
#include "tenancy/identity/names.h"
#include "tenancy/identity/refusals.h"
#include "tenancy/state/restored_definition.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {
namespace {

constexpr std::chrono::minutes kTrimMargin{5};
// DynamoDB's words for restores.
Error TooManyAtOnce(std::string_view operations) {
  return {ErrorCode::kLimitExceeded, fmt::format("Subscriber limit exceeded: Only {} {} operations can be done "
                                                 "simultaneously",
                                                 BackupCatalog::kAtOnceMax, operations)};
}
Error BackupNotFound(std::string_view arn) {
  return {ErrorCode::kBackupNotFound, fmt::format("Backup not found: {}", arn)};
}
Error NoSuchTable(std::string_view name) {
  return {ErrorCode::kTableNotFound, fmt::format("Table not found: {}", name)};
}
Error BackupInUse(std::string_view what, const BackupRecord& backup) {
  return {ErrorCode::kBackupInUse, fmt::format("Backup is being {}: {}", what, backup.arn)};
}

// What protects a deleted table from whoever deleted it.
Error UndeletableBackup(const BackupRecord& backup) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*backup.expires_at);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(*backup.expires_at - seconds);
  return ValidationError(
      fmt::format("Invalid Request: User is not allowed to delete the system backup with arn {}. It will automatically "
                  "expire on {:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                  backup.arn, fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), milliseconds.count()));
}

// "2026-10-08T23:16:33Z"
std::string Spelled(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::time_t{seconds.time_since_epoch().count()}));
}

Error InvalidRestoreTime(WallTime time, const RestorableTimes& times) {
  return {ErrorCode::kInvalidRestoreTime,
          fmt::format("RestoreDateTime '{}' must be within EarliestRestorableDateTime '{}' and "
                      "LatestRestorableDateTime '{}'",
                      Spelled(time), Spelled(times.earliest), Spelled(times.latest))};
}

// The id in a backup's ARN, which must be of the context's account.
Result<std::string_view> IdFrom(const Context& context, std::string_view arn, std::string_view region) {
  constexpr std::string_view kBackup = "/backup/";
  const std::size_t at = arn.rfind(kBackup);
  const std::optional<TableArnParts> table =
      at == std::string_view::npos ? std::nullopt : ParseTableArn(arn.substr(0, at));
  if (!table) return ValidationError("Invalid Backup ARN");
  if (table->region != region || table->account != AccountOf(context).value()) {
    return NotAuthorizedElsewhere(context, "dynamodb:*", arn);
  }
  return arn.substr(at + kBackup.size());
}

// What the context may see of it.
Result<BackupPtr> VisibleBackup(const State& state, const Context& context, std::string_view arn,
                                std::string_view region) {
  INSULA_ASSIGN(const std::string_view id, IdFrom(context, arn, region));
  const ContextNames* names = NamesOf(context);
  BackupPtr backup = names == nullptr ? nullptr : state.FindBackup(*names, id);
  if (backup == nullptr || backup->arn != arn || backup->kind == BackupKind::kInternal ||
      backup->status == BackupStatus::kDeleting) {
    return BackupNotFound(arn);
  }
  return backup;
}

std::size_t CountTables(const Catalog::Impl& impl, const ContextNames& owner) {
  const auto owned = impl.StateInLane().tables.find(owner);
  return owned == impl.StateInLane().tables.end() ? 0 : owned->second.size();
}
// Whether a table is being made from the backup.
bool IsRestoredFrom(const Catalog::Impl& impl, const BackupRecord& backup) {
  const auto owned = impl.StateInLane().tables.find(backup.owner);
  return owned != impl.StateInLane().tables.end() && std::ranges::any_of(owned->second, [&](const auto& entry) {
           return entry.second->restoring_from == backup.id;
         });
}

// The context whose tables `context` may have restored, or why it may not.
Result<ContextNames> OwnerForRestore(const Catalog::Impl& impl, const Context& context, std::string_view action,
                                     std::string_view target, bool by_operator) {
  const ContextNames* names = NamesOf(context);
  const bool active = names != nullptr && impl.StateInLane().IsActive(*names);
  const bool allowed =
      active && (by_operator || !names->tenant ||
                 impl.StateInLane().FindService(names->environment, names->service)->record.tenant_defined_tables);
  if (!allowed) return NotAuthorized(context, action, TableArn(impl.options.region, AccountOf(context), target));
  return *names;
}

Result<void> CheckTarget(const Catalog::Impl& impl, const ContextNames& owner, const std::string& target) {
  INSULA_TRY(CheckTableName(target));
  const TableRecordPtr existing = impl.StateInLane().FindTable(owner, target);
  const TableRecordPtr of_service = impl.StateInLane().FindTable(owner.OfService(), target);
  const bool is_shared = owner.tenant && of_service != nullptr && of_service->shared;
  if (existing != nullptr || is_shared) {
    const TableStatus status = existing == nullptr ? TableStatus::kActive : existing->definition().status;
    if (status == TableStatus::kCreating) {
      const bool from_backup = existing->restored_from && existing->restored_from->backup_arn;
      return Error(ErrorCode::kTableInUse, from_backup
                                               ? fmt::format("Table: {} is already being restored from backup: {}",
                                                             target, *existing->restored_from->backup_arn)
                                               : fmt::format("Table is being created: {}", target));
    }
    return Error(ErrorCode::kTableAlreadyExists, fmt::format("Table already exists: {}", target));
  }
  if (CountTables(impl, owner) >= impl.options.tables_per_context_max) {
    return Error(ErrorCode::kLimitExceeded,
                 fmt::format("Subscriber limit exceeded: There is a limit of {} tables per subscriber",
                             impl.options.tables_per_context_max));
  }
  if (impl.StateInLane().CountsOf(owner).tables_restoring >= BackupCatalog::kAtOnceMax) return TooManyAtOnce("restore");
  return impl.CheckChangesAtOnce(owner);
}

std::optional<RestorableTimes> TimesOf(const TableRecord& table, WallTime now) {
  const TableDefinition& definition = table.definition();
  if (!definition.point_in_time_days || !table.point_in_time_since) return std::nullopt;
  // Whole seconds, as restore times are; and clear of what may be trimmed before it has been read.
  const WallTime kept = now - std::chrono::hours(24 * *definition.point_in_time_days) + kTrimMargin;
  RestorableTimes times;
  times.earliest = std::chrono::ceil<std::chrono::seconds>(std::max(kept, *table.point_in_time_since));
  times.latest = std::max<WallTime>(std::chrono::floor<std::chrono::seconds>(now), times.earliest);
  return times;
}

}  // namespace

std::optional<RestorableTimes> BackupCatalog::RestorableTimesOf(const Context& context,
                                                                const std::string& table) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  const ContextNames* names = NamesOf(context);
  const TableRecordPtr record = names == nullptr ? nullptr : impl.state.FindTable(*names, table);
  return record == nullptr ? std::nullopt : TimesOf(*record, impl.clock.Now());
}

std::optional<RestoreSource> BackupCatalog::SourceOf(const Context& context, const std::string& table) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  const ContextNames* names = NamesOf(context);
  const TableRecordPtr record = names == nullptr ? nullptr : impl.state.FindTable(*names, table);
  return record == nullptr ? std::nullopt : record->restored_from;
}

Task<Result<BackupPtr>> BackupCatalog::Create(Context context, std::string table_name_or_arn, std::string backup_name) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  const Result<TablePtr> found = catalog_.Find(context, table_name_or_arn);
  if (!found.ok() && found.error().code() != ErrorCode::kResourceNotFound) co_return found.error();
  if (!found.ok()) co_return NoSuchTable(table_name_or_arn);
  const ContextNames* owner = NamesOf(context);
  if (owner == nullptr || (*found)->read_only) {
    co_return NotAuthorized(context, "dynamodb:CreateBackup", (*found)->arn);
  }
  const std::string& name = (*found)->definition.name;
  const TableRecordPtr table = impl.StateInLane().FindTable(*owner, name);
  if (table == nullptr) co_return NoSuchTable(name);
  const TableStatus status = table->definition().status;
  // Not yet, or not any more: DynamoDB has a second in which it still takes one that goes, then it says this.
  if (status == TableStatus::kCreating || status == TableStatus::kDeleting) co_return NoSuchTable(name);
  const ContextCounts counts = impl.StateInLane().CountsOf(*owner);
  if (counts.user_backups_new >= kAtOnceMax) co_return TooManyAtOnce("backup");
  if (counts.user_backups >= kPerContextMax) {
    co_return Error(
        ErrorCode::kLimitExceeded,
        fmt::format("Subscriber limit exceeded: There is a limit of {} backups per subscriber", kPerContextMax));
  }
  const BackupRecord backup = impl.NewBackup(*table, BackupKind::kUser, std::move(backup_name));
  Change change;
  change.Put(backup);
  change.copies.push_back(BackupTask{backup.owner, backup.id});
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return std::make_shared<const BackupRecord>(backup);
}

Task<void> BackupCatalog::AwaitMade(BackupPtr backup, std::chrono::milliseconds wait_max) {
  Catalog::Impl& impl = catalog_.impl();
  std::string key = KeyOf(backup->owner);
  const auto is_made = [&impl, backup = std::move(backup)] {
    const SharedLock lock(impl.mutex);
    const BackupPtr now = impl.state.FindBackup(backup->owner, backup->id);
    return now == nullptr || now->status != BackupStatus::kCreating;
  };
  co_await impl.owner_changed.WaitUntil(std::move(key), is_made, wait_max);
}

Result<BackupPtr> BackupCatalog::Find(const Context& context, std::string_view arn) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  return VisibleBackup(impl.state, context, arn, impl.options.region);
}

BackupList BackupCatalog::List(const Context& context, const BackupFilter& filter) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  BackupList list;
  const ContextNames* names = NamesOf(context);
  const auto owned = names == nullptr ? impl.state.backups.end() : impl.state.backups.find(*names);
  if (owned == impl.state.backups.end()) return list;
  auto next = owned->second.begin();
  if (filter.after) next = owned->second.upper_bound(filter.after->substr(filter.after->rfind('/') + 1));
  for (; next != owned->second.end(); ++next) {
    const BackupRecord& backup = *next->second;
    if (backup.kind == BackupKind::kInternal || backup.status == BackupStatus::kDeleting) continue;
    if (filter.kind && backup.kind != *filter.kind) continue;
    if (filter.table && backup.table->definition.name != *filter.table) continue;
    if (filter.from && backup.created_at < *filter.from) continue;
    if (filter.to && backup.created_at >= *filter.to) continue;
    if (list.backups.size() == filter.limit) {
      list.last = list.backups.back()->arn;
      break;
    }
    list.backups.push_back(next->second);
  }
  return list;
}

Task<Result<BackupPtr>> BackupCatalog::Delete(Context context, std::string arn) {
  return DeleteBy(Authority::kOwner, std::move(context), std::move(arn));
}
Task<Result<TablePtr>> BackupCatalog::Restore(Context context, std::string arn, std::string target, Edit edit) {
  return RestoreBy(Authority::kOwner, std::move(context), std::move(arn), std::move(target), std::move(edit));
}
Task<Result<TablePtr>> BackupCatalog::RestoreToPointInTime(Context context, std::string source, std::string target,
                                                           std::optional<WallTime> time, Edit edit) {
  return RestoreToPointInTimeBy(Authority::kOwner, std::move(context), std::move(source), std::move(target), time,
                                std::move(edit));
}

Task<Result<BackupPtr>> BackupCatalog::DeleteBy(Authority authority, Context context, std::string arn) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  INSULA_CO_ASSIGN(const BackupPtr backup, VisibleBackup(impl.StateInLane(), context, arn, impl.options.region));
  if (backup->kind == BackupKind::kSystem && authority == Authority::kOwner) co_return UndeletableBackup(*backup);
  if (backup->status == BackupStatus::kCreating) co_return BackupInUse("created", *backup);
  if (IsRestoredFrom(impl, *backup)) co_return BackupInUse("used to restore table", *backup);
  Change change;
  change.DeleteBackup(*backup);
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return backup;
}

Task<Result<TablePtr>> BackupCatalog::RestoreBy(Authority authority, Context context, std::string arn,
                                                std::string target, Edit edit) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  INSULA_CO_ASSIGN(const BackupPtr backup, VisibleBackup(impl.StateInLane(), context, arn, impl.options.region));
  INSULA_CO_ASSIGN(const ContextNames owner, OwnerForRestore(impl, context, "dynamodb:RestoreTableFromBackup", target,
                                                             authority == Authority::kOperator));
  if (backup->status == BackupStatus::kCreating) co_return BackupInUse("created", *backup);
  INSULA_CO_TRY(CheckTarget(impl, owner, target));
  if (IsRestoredFrom(impl, *backup)) co_return BackupInUse("used to restore another table", *backup);
  TableDefinition definition = RestoredDefinition(backup->table->definition, target);
  RestoreSource from{backup->arn, backup->table->arn, backup->created_at};
  INSULA_CO_TRY(edit(definition));
  Change change;
  INSULA_CO_ASSIGN(const TableRecordPtr record,
                   impl.AddTable(&change, owner, std::move(definition),
                                 {.restoring_from = backup->id, .restored_from = std::move(from)}));
  change.copies.push_back(RestoreTask{owner, record->name()});
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return record->table;
}

Task<Result<TablePtr>> BackupCatalog::RestoreToPointInTimeBy(Authority authority, Context context, std::string source,
                                                             std::string target, std::optional<WallTime> time,
                                                             Edit edit) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(context));
  const Result<TablePtr> found = catalog_.Find(context, source);
  if (!found.ok() && found.error().code() != ErrorCode::kResourceNotFound) co_return found.error();
  if (!found.ok()) co_return NoSuchTable(source);
  INSULA_CO_ASSIGN(const ContextNames owner, OwnerForRestore(impl, context, "dynamodb:RestoreTableToPointInTime",
                                                             target, authority == Authority::kOperator));
  const std::string& name = (*found)->definition.name;
  const TableRecordPtr table = impl.StateInLane().FindTable(owner, name);
  if (table == nullptr || table->definition().status == TableStatus::kDeleting) co_return NoSuchTable(name);
  if (!table->definition().point_in_time_days) {
    co_return Error(ErrorCode::kPointInTimeRecoveryUnavailable,
                    fmt::format("Point in time recovery is not enabled for table '{}'", name));
  }
  const WallTime now = impl.clock.Now();
  const std::optional<RestorableTimes> times = TimesOf(*table, now);
  if (!times || (time && (*time < times->earliest || *time > now))) {
    co_return InvalidRestoreTime(time.value_or(now), times.value_or(RestorableTimes{now, now}));
  }
  INSULA_CO_TRY(CheckTarget(impl, owner, target));
  BackupRecord past = impl.NewBackup(*table, BackupKind::kInternal, name);
  past.as_of = time.value_or(now);
  TableDefinition definition = RestoredDefinition(table->definition(), target);
  RestoreSource from{std::nullopt, table->table->arn, *past.as_of};
  INSULA_CO_TRY(edit(definition));
  Change change;
  INSULA_CO_ASSIGN(const TableRecordPtr record,
                   impl.AddTable(&change, owner, std::move(definition),
                                 {.restoring_from = past.id, .restored_from = std::move(from)}));
  change.copies.push_back(BackupTask{past.owner, past.id});
  change.Put(std::move(past));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return record->table;
}

}  // namespace insula::tenancy
