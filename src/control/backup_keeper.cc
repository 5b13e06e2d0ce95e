#include "control/backup_keeper.h"

#include <map>

#include <fmt/format.h>

#include "base/mutex.h"
#include "control/runner.h"
#include "storage/refusal.h"

namespace insula::control {

using storage::Backups;
using storage::BackupStats;
using storage::Engine;
using storage::Refusal;
using storage::RestoreObserver;
using storage::RestoreProgress;
using storage::TableRef;
using tenancy::BackupIntents;
using tenancy::BackupTask;
using tenancy::CopyTask;
using tenancy::RestoreTask;

namespace {

// Removing a backup is short; making one and filling a table go through all of its items. Those share the engine's few
// threads step by step, so that more in hand than a context needs to keep them busy would only be in others' way.
constexpr TurnPlaces kRemovalPlaces{8, 4};
constexpr TurnPlaces kCopyPlaces{16, 2};
constexpr std::chrono::hours kExpiryCheck{1};

// Whether trying again is no use.
bool IsForGood(const Error& error) {
  if (error.code() == ErrorCode::kCorruption || error.code() == ErrorCode::kFailedPrecondition) return true;
  const std::optional<Refusal> refusal = storage::RefusalOf(error);
  return refusal == Refusal::kNoSuchBackup || refusal == Refusal::kTableGone || refusal == Refusal::kChangesTrimmed;
}

ContextNames OwnerOfTask(const CopyTask& task) {
  return std::visit([](const auto& one) { return one.owner; }, task);
}

}  // namespace

class BackupKeeper::Impl {
 public:
  Impl(tenancy::Catalog& catalog, Engine& engine) : intents_(catalog), engine_(engine) {}
  ~Impl() { Stop(); }

  void Start() {
    if (engine_.backups() == nullptr) return;
    runner_.Start();
    intents_.Listen([this](const CopyTask& task) { runner_.Post(task); });
    PostPending();
    runner_.Every(kExpiryCheck, [this] { PostPending(); });  // what has expired since
  }
  void Stop() {
    if (!runner_.started()) return;
    intents_.Listen({});
    runner_.Stop();
  }
  void WaitIdle() { runner_.WaitIdle(); }

  std::vector<StuckWork> Stuck() const {
    std::vector<StuckWork> stuck;
    for (const Failing<CopyTask>& failing : runner_.failing()) stuck.push_back(Describe(failing));
    return stuck;
  }

  std::optional<RestoreProgress> ProgressOf(const RestoreTask& task) const {
    const MutexLock lock(progress_mutex_);
    const auto found = progress_.find(task);
    if (found == progress_.end()) return std::nullopt;
    return found->second;
  }

 private:
  StuckWork Describe(const Failing<CopyTask>& failing) const {
    StuckWork stuck = StuckOf(failing);
    stuck.owner = OwnerOfTask(failing.work);
    stuck.what = "restoring the table";
    if (const auto* restore = std::get_if<RestoreTask>(&failing.work)) {
      stuck.table = restore->table;
    } else {
      const auto work = intents_.WorkOf(std::get<BackupTask>(failing.work));
      stuck.what = work && work->remove ? "removing a backup" : "making a backup";
      // Of the table's backup; the table itself is as it should be.
    }
    return stuck;
  }

  void PostPending() {
    for (const CopyTask& task : intents_.Pending()) runner_.Post(task);
  }

  bool IsLong(const CopyTask& task) const {
    const auto* backup = std::get_if<BackupTask>(&task);
    if (backup == nullptr) return true;
    const std::optional<BackupIntents::BackupWork> work = intents_.WorkOf(*backup);
    return work && !work->remove;
  }

  Task<Result<TurnEnd>> Advance(CopyTask task, WorkTurn turn) {
    const std::stop_callback interrupt(turn.stop(), [this] { engine_.backups()->Interrupt(); });
    if (const auto* backup = std::get_if<BackupTask>(&task)) {
      INSULA_CO_TRY(co_await AdvanceBackup(*backup));
    } else {
      INSULA_CO_TRY(co_await AdvanceRestore(std::get<RestoreTask>(task), turn.stop()));
    }
    co_return TurnEnd::Done();
  }

  Task<Result<void>> AdvanceBackup(BackupTask task) {
    const std::optional<BackupIntents::BackupWork> work = intents_.WorkOf(task);
    if (!work) co_return Result<void>{};
    Backups& backups = *engine_.backups();
    std::string id = work->backup->engine_id();
    if (work->remove) {
      INSULA_CO_TRY(co_await backups.Delete(work->backup->store(), std::move(id)));
      co_return co_await intents_.Gone(task);
    }
    const TableRef table = work->backup->table->ref;
    const std::optional<WallTime> as_of = work->backup->as_of;
    const Result<BackupStats> made = co_await backups.Create(table, std::move(id), as_of);
    if (!made.ok() && IsForGood(made.error())) {
      Log(LogLevel::kError, "a backup can't be made and is given up",
          {{"room", "control"},
           {"context", PathOf(task.owner)},
           {"table", work->backup->table->definition.name},
           {"backup", work->backup->name},
           {"cause", made.error().message()}});
      co_return co_await intents_.GiveUp(task);
    }
    if (!made.ok()) co_return made.error();
    const tenancy::BackupNumbers numbers{made->items, made->bytes, made->stored_bytes};
    co_return co_await intents_.Made(task, numbers);
  }

  Task<Result<void>> AdvanceRestore(RestoreTask task, std::stop_token stop) {
    const std::optional<BackupIntents::RestoreWork> work = intents_.WorkOf(task);
    if (!work) co_return Result<void>{};
    const TableRef into = work->table->ref;
    if (work->from == nullptr) co_return co_await intents_.GiveUp(task, into.incarnation());
    INSULA_CO_TRY(co_await engine_.CreateTable(into));
    RestoreObserver observer = [this, task, stop](const RestoreProgress& progress) {
      {
        const MutexLock lock(progress_mutex_);
        progress_[task] = progress;
      }
      return !stop.stop_requested() && intents_.WorkOf(task).has_value();
    };
    std::string id = work->from->engine_id();
    const StoreId from = work->from->store();
    const Result<BackupStats> restored =
        co_await engine_.backups()->Restore(from, std::move(id), into, std::move(observer));
    {
      const MutexLock lock(progress_mutex_);
      progress_.erase(task);
    }
    if (restored.ok()) co_return co_await intents_.Restored(task, into.incarnation());
    if (!IsForGood(restored.error())) co_return restored.error();
    Log(LogLevel::kError, "a table can't be restored and is dropped",
        {{"room", "control"},
         {"context", PathOf(task.owner)},
         {"table", task.table},
         {"cause", restored.error().message()}});
    co_return co_await intents_.GiveUp(task, into.incarnation());
  }

  BackupIntents intents_;
  Engine& engine_;

  mutable Mutex progress_mutex_;
  std::map<RestoreTask, RestoreProgress> progress_ INSULA_GUARDED_BY(progress_mutex_);  // of restores in hand

  LogLimit log_limit_{kStuckLoggedMax, kStuckLogPeriod};
  Runner<CopyTask> runner_{
      {.owner = OwnerOfTask,
       .is_long = [this](const CopyTask& task) { return IsLong(task); },
       .on_failure = [this](const Failing<CopyTask>& failing) { LogStuck(Describe(failing), &log_limit_); },
       .short_places = kRemovalPlaces,
       .long_places = kCopyPlaces},
      [this](CopyTask task, WorkTurn turn) { return Advance(std::move(task), std::move(turn)); },
      {.name = "backup keeper"}};
};

BackupKeeper::BackupKeeper(tenancy::Catalog& catalog, Engine& engine)
    : impl_(std::make_unique<Impl>(catalog, engine)) {}
BackupKeeper::~BackupKeeper() = default;
void BackupKeeper::Start() { impl_->Start(); }
void BackupKeeper::Stop() { impl_->Stop(); }
void BackupKeeper::WaitIdle() { impl_->WaitIdle(); }
std::vector<StuckWork> BackupKeeper::Stuck() const { return impl_->Stuck(); }
std::optional<RestoreProgress> BackupKeeper::ProgressOf(const tenancy::RestoreTask& task) const {
  return impl_->ProgressOf(task);
}

}  // namespace insula::control
