#include "storage/backup_keeper.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include <fmt/format.h>

namespace insula::storage {

using tenancy::BackupIntents;
using tenancy::BackupTask;
using tenancy::CopyTask;
using tenancy::RestoreTask;

namespace {

constexpr std::size_t kInHandMax = 8;
constexpr std::chrono::milliseconds kRetryDelayMin{100};
constexpr std::chrono::milliseconds kRetryDelayMax{10'000};
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

// All members but those with a mutex of their own belong to the loop's one thread.
class BackupKeeper::Impl {
 public:
  Impl(tenancy::Catalog& catalog, Engine& engine, std::function<void(std::string_view)> log)
      : intents_(catalog), engine_(engine), log_(std::move(log)) {
    if (!log_) log_ = [](std::string_view) {};
  }
  ~Impl() { Stop(); }

  void Start() {
    INSULA_CHECK(!thread_.joinable());
    if (engine_.backups() == nullptr) return;
    loop_.restart();
    stopping_ = false;
    work_.emplace(loop_.get_executor());
    thread_ = std::thread([this] { loop_.run(); });
    intents_.Listen([this](const CopyTask& task) { Post(task); });
    for (const CopyTask& task : intents_.Pending()) Post(task);
    boost::asio::co_spawn(loop_, RemoveExpired(), boost::asio::detached);
  }

  void Stop() {
    if (!thread_.joinable()) return;
    intents_.Listen({});
    boost::asio::post(loop_, [this] {
      stopping_ = true;
      engine_.backups()->Interrupt();
      {
        const std::lock_guard lock(idle_mutex_);
        idle_count_ -= queue_.size();
      }
      queue_.clear();
      known_.clear();
      for (boost::asio::steady_timer* timer : sleeping_) timer->cancel();
      work_.reset();  // the loop ends when the steps in hand do
    });
    thread_.join();
    idle_.notify_all();
  }

  void WaitIdle() {
    std::unique_lock lock(idle_mutex_);
    idle_.wait(lock, [this] { return idle_count_ == 0; });
  }

  std::optional<RestoreProgress> ProgressOf(const RestoreTask& task) const {
    const std::lock_guard lock(progress_mutex_);
    const auto found = progress_.find(task);
    if (found == progress_.end()) return std::nullopt;
    return found->second;
  }

 private:
  // A task counts from the moment it is posted until it is worked off or found to be known.
  void Post(const CopyTask& task) {
    {
      const std::lock_guard lock(idle_mutex_);
      ++idle_count_;
    }
    boost::asio::post(loop_, [this, task] { Take(task); });
  }
  void Uncount() {
    const std::lock_guard lock(idle_mutex_);
    if (--idle_count_ == 0) idle_.notify_all();
  }

  // What is in hand looks at the catalog again before it ends, so a task that is known needs no second entry.
  void Take(const CopyTask& task) {
    if (stopping_) return Uncount();
    if (!known_.insert(task).second) {
      again_.insert(task);
      return Uncount();
    }
    queue_.push_back(task);
    Next();
  }
  void Next() {
    while (!stopping_ && !queue_.empty() && in_hand_ < kInHandMax) {
      CopyTask task = std::move(queue_.front());
      queue_.pop_front();
      ++in_hand_;
      boost::asio::co_spawn(loop_, Work(std::move(task)), boost::asio::detached);
    }
  }

  Task<void> Work(CopyTask task) {
    std::chrono::milliseconds delay = kRetryDelayMin;
    while (!stopping_) {
      again_.erase(task);
      const Result<void> done = co_await Advance(task);
      if (stopping_ || (done.ok() && !again_.contains(task))) break;
      if (done.ok()) continue;
      co_await Sleep(delay);
      delay = std::min(delay * 2, kRetryDelayMax);
    }
    known_.erase(task);
    --in_hand_;
    Uncount();
    Next();
  }

  // Until then, or until Stop().
  Task<void> Sleep(std::chrono::milliseconds delay) {
    boost::asio::steady_timer timer(loop_, delay);
    sleeping_.insert(&timer);
    boost::system::error_code cancelled;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    sleeping_.erase(&timer);
  }

  Task<void> RemoveExpired() {
    for (;;) {
      co_await Sleep(kExpiryCheck);
      if (stopping_) co_return;
      for (const CopyTask& task : intents_.Pending()) Post(task);
    }
  }

  Task<Result<void>> Advance(CopyTask task) {
    if (const auto* backup = std::get_if<BackupTask>(&task)) co_return co_await AdvanceBackup(*backup);
    co_return co_await AdvanceRestore(std::get<RestoreTask>(task));
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

  Task<Result<void>> AdvanceRestore(RestoreTask task) {
    const std::optional<BackupIntents::RestoreWork> work = intents_.WorkOf(task);
    if (!work) co_return Result<void>{};
    const TableRef into = work->table->ref;
    if (work->from == nullptr) co_return co_await intents_.GiveUp(task, into.incarnation());
    if (into.store() != StoreId(0)) INSULA_CO_TRY(co_await engine_.CreateStore(into.store()));
    RestoreObserver observer = [this, task](const RestoreProgress& progress) {
      {
        const std::lock_guard lock(progress_mutex_);
        progress_[task] = progress;
      }
      return !stopping_ && intents_.WorkOf(task).has_value();
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

  boost::asio::io_context loop_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
  bool stopping_ = false;
  std::deque<CopyTask> queue_;
  std::set<CopyTask> known_;  // queued or in hand
  std::set<CopyTask> again_;  // came while it was known
  std::size_t in_hand_ = 0;
  std::set<boost::asio::steady_timer*> sleeping_;

  mutable std::mutex progress_mutex_;
  std::map<RestoreTask, RestoreProgress> progress_;  // of restores in hand; guarded by progress_mutex_

  std::mutex idle_mutex_;
  std::condition_variable idle_;
  std::size_t idle_count_ = 0;  // guarded by idle_mutex_
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
