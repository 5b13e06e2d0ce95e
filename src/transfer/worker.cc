#include "transfer/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "base/background_thread.h"
#include "base/check.h"
#include "base/run_task.h"
#include "transfer/bulk_put_job.h"
#include "transfer/export_job.h"
#include "transfer/import_job.h"

namespace insula::transfer {
namespace {

using tenancy::TransferKind;
using tenancy::TransferPtr;
using Time = std::chrono::steady_clock::time_point;

Task<Result<JobEnd>> Run(const JobServices& services, TransferPtr transfer) {
  switch (transfer->kind()) {
    case TransferKind::kExport:
      return RunExport(services, std::move(transfer));
    case TransferKind::kImport:
      return RunImport(services, std::move(transfer));
    case TransferKind::kBulkPut:
      return RunBulkPut(services, std::move(transfer));
  }
  INSULA_CHECK(false);
}

// What is left of one that will not be gone on with.
Task<Result<void>> Abandon(const JobServices& services, TransferPtr transfer) {
  if (transfer->kind() == TransferKind::kExport) return AbandonExport(services, std::move(transfer));
  if (transfer->kind() == TransferKind::kBulkPut) return AbandonBulkPut(services, std::move(transfer));
  return []() -> Task<Result<void>> { co_return Result<void>(); }();
}

}  // namespace

class Worker::Impl {
 public:
  Impl(tenancy::Catalog& catalog, storage::Engine& engine, objects::ObjectStore& objects, Clock& clock,
       WorkerOptions options)
      : options_(std::move(options)),
        transfers_(catalog),
        services_{transfers_,
                  engine,
                  objects,
                  clock,
                  options_.limits,
                  stopping_,
                  options_.one_context,
                  waiting_,
                  options_.has_room,
                  options_.place_free_bytes} {}
  ~Impl() { Stop(); }

  void Start() {
    INSULA_CHECK(threads_.empty());
    stopping_ = false;
    for (std::size_t i = 0; i < options_.jobs_max; ++i) threads_.emplace_back([this] { WorkOff(); });
    transfers_.Listen([this](TransferPtr transfer) { Queue({std::move(transfer)}); });
    for (TransferPtr& transfer : transfers_.Pending()) Queue({std::move(transfer)});
  }

  void Stop() {
    if (threads_.empty()) return;
    transfers_.Listen({});
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    queue_.clear();
  }

  void WaitIdle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return queue_.empty() && at_work_.empty(); });
  }

 private:
  struct Job {
    TransferPtr transfer;
    Time due{};  // not before
    int tries = 0;
  };

  // One that waits and is told of again is to be cancelled, which takes no time: it goes first. One that is at work
  // sees to that by itself.
  void Queue(Job job) {
    {
      const std::lock_guard lock(mutex_);
      if (std::ranges::count(at_work_, job.transfer->id) > 0) return;
      const auto same = [&](const Job& other) { return other.transfer->id == job.transfer->id; };
      if (const auto waiting = std::ranges::find_if(queue_, same); waiting != queue_.end()) {
        waiting->due = Time{};
      } else {
        queue_.push_back(std::move(job));
      }
      CountWaiting(std::chrono::steady_clock::now());
    }
    changed_.notify_all();
  }

  // The next job, when one is due; nullopt when there is none any more. Contexts take turns: of the jobs that are due
  // it is the first of whoever has waited longest for one of its own.
  std::optional<Job> Next() {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (stopping_) return std::nullopt;
      const Time now = std::chrono::steady_clock::now();
      CountWaiting(now);
      const auto turn = [&](const Job& job) {
        const auto served = served_.find(job.transfer->owner);
        return std::tuple(job.due > now ? job.due : Time{}, served == served_.end() ? Time{} : served->second, job.due);
      };
      const auto first = std::ranges::min_element(queue_, {}, turn);
      if (first == queue_.end()) {
        served_.clear();
        changed_.wait(lock);
      } else if (first->due > now) {
        changed_.wait_until(lock, Time(first->due));
      } else {
        Job job = std::move(*first);
        queue_.erase(first);
        at_work_.push_back(job.transfer->id);
        served_[job.transfer->owner] = now;
        CountWaiting(now);
        return job;
      }
    }
  }

  // Precondition: mutex_ is held.
  void CountWaiting(Time now) {
    waiting_ = static_cast<std::size_t>(std::ranges::count_if(queue_, [&](const Job& job) { return job.due <= now; }));
  }

  void WorkOff() {
    BecomeBackgroundThread("transfer");
    while (std::optional<Job> job = Next()) {
      const std::string id = job->transfer->id;
      std::optional<Job> again = RunOnce(*std::move(job));
      {
        const std::lock_guard lock(mutex_);
        std::erase(at_work_, id);
        if (again) queue_.push_back(*std::move(again));
      }
      changed_.notify_all();
    }
  }

  // What is left to do of it.
  std::optional<Job> RunOnce(Job job) {
    const TransferPtr before = transfers_.Current(*job.transfer);
    if (before == nullptr) {
      Abandon(job.transfer);
      return std::nullopt;
    }
    const Result<JobEnd> done = RunTask(Run(services_, before));
    if (stopping_ || (done.ok() && *done == JobEnd::kEnded)) return std::nullopt;
    if (done.ok()) return Job{before, std::chrono::steady_clock::now()};
    const std::string_view what = tenancy::NameOf(before->kind());
    options_.log(fmt::format("{} {} of {}/{}/{}: {}", what, before->id, before->owner.environment.value(),
                             before->owner.service.value(), before->owner.tenant.value(), done.error().message()));
    const TransferPtr after = transfers_.Current(*before);
    job.tries = after != before ? 1 : job.tries + 1;
    const Fate fate = after == nullptr ? Fate::kUnwanted : FateOf(done.error());
    if (fate == Fate::kAgain && job.tries < options_.tries_max) {
      const std::uint64_t delay_ms = std::min<std::uint64_t>(
          std::uint64_t{options_.retry_delay_ms_min} << std::min(job.tries - 1, 20), options_.retry_delay_ms_max);
      job.due = std::chrono::steady_clock::now() + std::chrono::milliseconds(delay_ms);
      return job;
    }
    Abandon(before);
    if (fate == Fate::kUnwanted) return std::nullopt;
    tenancy::TransferRecord failed = *after;
    const Failure failure = FailureOf(done.error());
    failed.status = tenancy::TransferStatus::kFailed;
    failed.failure_code = failure.code;
    failed.failure_message = failure.message;
    if (failed.kind() == TransferKind::kExport) failed.as_export().files.clear();
    const Result<void> saved = RunTask(transfers_.Save(std::move(failed)));
    if (saved.ok() || saved.error().code() == ErrorCode::kFailedPrecondition) return std::nullopt;
    job.due = std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.retry_delay_ms_max);
    return job;
  }

  void Abandon(const TransferPtr& transfer) {
    if (auto done = RunTask(transfer::Abandon(services_, transfer)); !done.ok()) {
      options_.log(fmt::format("{} {}: {}", tenancy::NameOf(transfer->kind()), transfer->id, done.error().message()));
    }
  }

  const WorkerOptions options_;
  tenancy::Transfers transfers_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> waiting_ = 0;  // written with mutex_ held
  const JobServices services_;
  std::vector<std::thread> threads_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Job> queue_;            // guarded by mutex_
  std::vector<std::string> at_work_;  // ids; guarded by mutex_
  // When a context's job last came to work; of those since the queue was empty last. Guarded by mutex_.
  std::map<ContextNames, Time> served_;
};

Worker::Worker(tenancy::Catalog& catalog, storage::Engine& engine, objects::ObjectStore& objects, Clock& clock,
               WorkerOptions options)
    : impl_(std::make_unique<Impl>(catalog, engine, objects, clock, std::move(options))) {}
Worker::~Worker() = default;
void Worker::Start() { impl_->Start(); }
void Worker::Stop() { impl_->Stop(); }
void Worker::WaitIdle() { impl_->WaitIdle(); }

}  // namespace insula::transfer
