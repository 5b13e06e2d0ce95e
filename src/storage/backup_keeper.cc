#include "storage/backup_keeper.h"

#include <map>
#include <mutex>

#include <fmt/format.h>

#include "storage/intent_loop.h"

namespace insula::storage {

using tenancy::BackupIntents;
using tenancy::BackupTask;
using tenancy::CopyTask;
using tenancy::RestoreTask;

namespace {

// Removing a backup is short; making one and filling a table go through all of its items. Those share the engine's few
// threads step by step, so that more in hand than a context needs to keep them busy would only be in others' way.
constexpr TurnPlaces kShortPlaces{8, 4};
constexpr TurnPlaces kLongPlaces{16, 2};
constexpr std::chrono::hours kExpiryCheck{1};

// Whether trying again is no use.
bool IsForGood(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kCorruption:
    case ErrorCode::kBackupNotFound:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kResourceNotFound:
    case ErrorCode::kTrimmedDataAccess:
      return true;
    default:
      return false;
  }
}

std::string PathOf(const ContextNames& names) {
  return fmt::format("{}/{}/{}", names.environment.value(), names.service.value(), names.tenant.value());
}

}  // namespace

class BackupKeeper::Impl {
 public:
  Impl(tenancy::Catalog& catalog, Engine& engine, std::function<void(std::string_view)> log)
      : intents_(catalog), engine_(engine), log_(std::move(log)) {
    if (!log_) log_ = [](std::string_view) {};
  }
  ~Impl() { Stop(); }

  void Start() {
    if (engine_.backups() == nullptr) return;
    loop_.Start();
    intents_.Listen([this](const CopyTask& task) { loop_.Post(task); });
    for (const CopyTask& task : intents_.Pending()) loop_.Post(task);
    loop_.Spawn(RemoveExpired());
  }
  void Stop() {
    if (!loop_.started()) return;
    intents_.Listen({});
    loop_.Stop();
  }
  void WaitIdle() { loop_.WaitIdle(); }

  std::optional<RestoreProgress> ProgressOf(const RestoreTask& task) const {
    const std::lock_guard lock(progress_mutex_);
    const auto found = progress_.find(task);
    if (found == progress_.end()) return std::nullopt;
    return found->second;
  }

 private:
  Task<void> RemoveExpired() {
    for (;;) {
      const bool going_on = co_await loop_.Sleep(kExpiryCheck);
      if (!going_on) co_return;
      for (const CopyTask& task : intents_.Pending()) loop_.Post(task);
    }
  }

  bool IsLong(const CopyTask& task) const {
    const auto* backup = std::get_if<BackupTask>(&task);
    if (backup == nullptr) return true;
    const std::optional<BackupIntents::BackupWork> work = intents_.WorkOf(*backup);
    return work && !work->remove;
  }

  Task<Result<void>> Advance(CopyTask task, std::stop_token stop) {
    const std::stop_callback interrupt(stop, [this] { engine_.backups()->Interrupt(); });
    if (const auto* backup = std::get_if<BackupTask>(&task)) co_return co_await AdvanceBackup(*backup);
    co_return co_await AdvanceRestore(std::get<RestoreTask>(task), std::move(stop));
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
      log_(fmt::format("backup '{}' of {} can't be made: {}", work->backup->name, PathOf(task.owner),
                       made.error().message()));
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
    if (into.store() != StoreId(0)) INSULA_CO_TRY(co_await engine_.CreateStore(into.store()));
    RestoreObserver observer = [this, task, stop](const RestoreProgress& progress) {
      {
        const std::lock_guard lock(progress_mutex_);
        progress_[task] = progress;
      }
      return !stop.stop_requested() && intents_.WorkOf(task).has_value();
    };
    std::string id = work->from->engine_id();
    const StoreId from = work->from->store();
    const Result<BackupStats> restored =
        co_await engine_.backups()->Restore(from, std::move(id), into, std::move(observer));
    {
      const std::lock_guard lock(progress_mutex_);
      progress_.erase(task);
    }
    if (restored.ok()) co_return co_await intents_.Restored(task, into.incarnation());
    if (!IsForGood(restored.error())) co_return restored.error();
    log_(fmt::format("table '{}' of {} can't be restored and is dropped: {}", task.table, PathOf(task.owner),
                     restored.error().message()));
    co_return co_await intents_.GiveUp(task, into.incarnation());
  }

  BackupIntents intents_;
  Engine& engine_;
  std::function<void(std::string_view)> log_;

  mutable std::mutex progress_mutex_;
  std::map<RestoreTask, RestoreProgress> progress_;  // of restores in hand; guarded by progress_mutex_

  IntentLoop<CopyTask> loop_{
      {.owner = [](const CopyTask& task) { return std::visit([](const auto& one) { return one.owner; }, task); },
       .is_long = [this](const CopyTask& task) { return IsLong(task); },
       .short_places = kShortPlaces,
       .long_places = kLongPlaces},
      [this](CopyTask task, std::stop_token stop) { return Advance(std::move(task), std::move(stop)); }};
};

BackupKeeper::BackupKeeper(tenancy::Catalog& catalog, Engine& engine, std::function<void(std::string_view)> log)
    : impl_(std::make_unique<Impl>(catalog, engine, std::move(log))) {}
BackupKeeper::~BackupKeeper() = default;
void BackupKeeper::Start() { impl_->Start(); }
void BackupKeeper::Stop() { impl_->Stop(); }
void BackupKeeper::WaitIdle() { impl_->WaitIdle(); }
std::optional<RestoreProgress> BackupKeeper::ProgressOf(const tenancy::RestoreTask& task) const {
  return impl_->ProgressOf(task);
}

}  // namespace insula::storage
