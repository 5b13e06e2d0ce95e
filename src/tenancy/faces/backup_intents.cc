#include "tenancy/faces/backup_intents.h"

#include <algorithm>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/context_key.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {
namespace {

bool IsGoing(const State& state, const ContextNames& owner) {
  const TenantRecord* tenant = state.FindTenantOf(owner);
  return tenant != nullptr && tenant->status == TenantStatus::kDeleting;
}

bool IsExpired(const BackupRecord& backup, WallTime now) { return backup.expires_at && *backup.expires_at <= now; }

template <class Predicate>
bool AnyTable(const State& state, const ContextNames& owner, Predicate predicate) {
  const auto owned = state.tables.find(owner);
  return owned != state.tables.end() &&
         std::ranges::any_of(owned->second, [&](const auto& entry) { return predicate(*entry.second); });
}

// Tells the tables that wait for the backup: to be filled from it, or to be dropped once they are copied.
void TellWaiting(const State& state, const BackupRecord& backup, Change* change) {
  const auto owned = state.tables.find(backup.owner);
  if (owned == state.tables.end()) return;
  for (const auto& [name, record] : owned->second) {
    if (record->restoring_from == backup.id) change->copies.push_back(RestoreTask{backup.owner, name});
    const bool goes = record->definition().status == TableStatus::kDeleting &&
                      record->table->ref.incarnation() == backup.table->ref.incarnation();
    if (goes) change->intents.push_back(TableIntent{backup.owner, name});
  }
}

}  // namespace

std::vector<CopyTask> BackupIntents::Pending() const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  const WallTime now = impl.clock.Now();
  std::vector<CopyTask> pending;
  for (const auto& [owner, owned] : impl.state.backups) {
    for (const auto& [id, backup] : owned) {
      const bool due = backup->status != BackupStatus::kAvailable || IsExpired(*backup, now);
      if (due || IsGoing(impl.state, owner)) pending.push_back(BackupTask{owner, id});
    }
  }
  for (const auto& [owner, tables] : impl.state.tables) {
    for (const auto& [name, record] : tables) {
      if (record->restoring_from) pending.push_back(RestoreTask{owner, name});
    }
  }
  return pending;
}

void BackupIntents::Listen(std::function<void(const CopyTask&)> listener) {
  Catalog::Impl& impl = catalog_.impl();
  const MutexLock lock(impl.listener_mutex);
  impl.copy_listener = std::move(listener);
}

std::optional<BackupIntents::BackupWork> BackupIntents::WorkOf(const BackupTask& task) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  BackupPtr backup = impl.state.FindBackup(task.owner, task.backup);
  if (backup == nullptr) return std::nullopt;
  const auto is_restored_from = [&](const TableRecord& table) { return table.restoring_from == task.backup; };
  const bool remove = IsGoing(impl.state, task.owner) || backup->status == BackupStatus::kDeleting ||
                      (IsExpired(*backup, impl.clock.Now()) && !AnyTable(impl.state, task.owner, is_restored_from));
  if (!remove && backup->status == BackupStatus::kAvailable) return std::nullopt;
  return BackupWork{std::move(backup), remove};
}

Task<Result<void>> BackupIntents::Made(BackupTask task, BackupNumbers numbers) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(task.owner));
  const BackupPtr backup = impl.StateInLane().FindBackup(task.owner, task.backup);
  if (backup == nullptr || backup->status != BackupStatus::kCreating) co_return Result<void>{};
  BackupRecord made = *backup;
  made.status = BackupStatus::kAvailable;
  made.items = numbers.items;
  made.bytes = numbers.bytes;
  made.stored_bytes = numbers.stored_bytes;
  Change change;
  TellWaiting(impl.StateInLane(), made, &change);
  change.Put(std::move(made));
  co_return co_await impl.Commit(std::move(change));
}

Task<Result<void>> BackupIntents::Gone(BackupTask task) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(task.owner));
  const BackupPtr backup = impl.StateInLane().FindBackup(task.owner, task.backup);
  if (backup == nullptr) co_return Result<void>{};
  Change change;
  TellWaiting(impl.StateInLane(), *backup, &change);
  change.Remove(*backup);
  if (IsGoing(impl.StateInLane(), task.owner)) change.intents.push_back(TenantIntent{*task.owner.tenant});
  co_return co_await impl.Commit(std::move(change));
}

Task<Result<void>> BackupIntents::GiveUp(BackupTask task) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(task.owner));
  const BackupPtr backup = impl.StateInLane().FindBackup(task.owner, task.backup);
  if (backup == nullptr || backup->status == BackupStatus::kDeleting) co_return Result<void>{};
  Change change;
  change.DeleteBackup(*backup);
  co_return co_await impl.Commit(std::move(change));
}

std::optional<BackupIntents::RestoreWork> BackupIntents::WorkOf(const RestoreTask& task) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  const TableRecordPtr record = impl.state.FindTable(task.owner, task.table);
  if (record == nullptr || !record->restoring_from || IsGoing(impl.state, task.owner)) return std::nullopt;
  if (record->definition().status != TableStatus::kCreating) return std::nullopt;
  BackupPtr from = impl.state.FindBackup(task.owner, *record->restoring_from);
  if (from != nullptr && from->status == BackupStatus::kCreating) return std::nullopt;
  if (from != nullptr && from->status == BackupStatus::kDeleting) from = nullptr;
  return RestoreWork{record->table, std::move(from)};
}

Task<Result<void>> BackupIntents::Restored(RestoreTask task, Incarnation incarnation) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(task.owner));
  const TableRecordPtr record = impl.StateInLane().FindTable(task.owner, task.table);
  const bool same = record != nullptr && record->table->ref.incarnation() == incarnation && record->restoring_from &&
                    record->definition().status == TableStatus::kCreating;
  if (!same) co_return Result<void>{};
  Change change;
  impl.EndRestore(*record, &change);
  TableRecord restored = *impl.WithDefinition(*record, SettledDefinition(record->definition(), {}, impl.clock.Now()));
  restored.restoring_from.reset();
  change.PutTable(std::make_shared<const TableRecord>(std::move(restored)));
  impl.AddRolloutOf(task.owner, &change);
  co_return co_await impl.Commit(std::move(change));
}

Task<Result<void>> BackupIntents::GiveUp(RestoreTask task, Incarnation incarnation) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(task.owner));
  const TableRecordPtr record = impl.StateInLane().FindTable(task.owner, task.table);
  const bool same = record != nullptr && record->table->ref.incarnation() == incarnation && record->restoring_from;
  if (!same) co_return Result<void>{};
  TableDefinition definition = record->definition();
  definition.status = TableStatus::kDeleting;
  Change change;
  impl.EndRestore(*record, &change);
  TableRecord failed = *impl.WithDefinition(*record, std::move(definition));
  failed.restoring_from.reset();
  change.PutTable(std::make_shared<const TableRecord>(std::move(failed)));
  co_return co_await impl.Commit(std::move(change));
}

}  // namespace insula::tenancy
