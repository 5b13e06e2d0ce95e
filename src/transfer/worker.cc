#include "transfer/worker.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "control/on_thread.h"
#include "control/runner.h"
#include "control/stuck_work.h"
#include "transfer/bulk_put_job.h"
#include "transfer/export_job.h"
#include "transfer/import_job.h"

namespace insula::transfer {
namespace {

using control::TurnEnd;
using control::WorkTurn;
using tenancy::TransferKind;
using tenancy::TransferPtr;

// A transfer to work on, as it was when it was posted.
struct Job {
  TransferPtr transfer;
  friend bool operator<(const Job& a, const Job& b) { return a.transfer->id < b.transfer->id; }
};

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

// Removes what an export or bulk put has left behind that won't go on.
Task<Result<void>> Abandon(const JobServices& services, TransferPtr transfer) {
  if (transfer->kind() == TransferKind::kExport) return AbandonExport(services, std::move(transfer));
  if (transfer->kind() == TransferKind::kBulkPut) return AbandonBulkPut(services, std::move(transfer));
  return []() -> Task<Result<void>> { co_return Result<void>(); }();
}

void LogFailed(std::string_view message, const tenancy::TransferRecord& transfer, const Error& error) {
  Log(LogLevel::kWarn, message,
      {{"room", "transfer"},
       {"kind", std::string(tenancy::NameOf(transfer.kind()))},
       {"id", transfer.id},
       {"context", control::PathOf(transfer.owner)},
       {"cause", error.message()}});
}

}  // namespace

class Worker::Impl {
 public:
  Impl(tenancy::Catalog& catalog, storage::Engine& engine, objects::ObjectStore& objects, Clock& clock,
       WorkerOptions options)
      : options_(std::move(options)),
        transfers_(catalog),
        engine_(engine),
        objects_(objects),
        clock_(clock),
        runner_(
            RulesOf(options_),
            [this](Job job, WorkTurn turn) {
              return control::OnThread("transfer", TakeTurn(std::move(job), std::move(turn)));
            },
            RunnerOptionsOf(options_)) {}
  ~Impl() { Stop(); }

  void Start() {
    runner_.Start();
    transfers_.Listen([this](TransferPtr transfer) { runner_.Post({std::move(transfer)}); });
    for (TransferPtr& transfer : transfers_.Pending()) runner_.Post({std::move(transfer)});
  }

  void Stop() {
    if (!runner_.started()) return;
    transfers_.Listen({});
    runner_.Stop();
  }

  void WaitIdle() { runner_.WaitIdle(); }

 private:
  static control::WorkRules<Job> RulesOf(const WorkerOptions& options) {
    control::WorkRules<Job> rules;
    rules.owner = [](const Job& job) { return job.transfer->owner; };
    rules.short_places = {.all = options.jobs_max, .of_one = options.jobs_max, .half_for_newcomers = false};
    return rules;
  }

  static control::RunnerOptions RunnerOptionsOf(const WorkerOptions& options) {
    control::RunnerOptions runner;
    runner.name = "transfers";
    // A transfer that is told of again is to be cancelled, which takes no time. A job at work sees to that by itself.
    runner.posted_again = control::PostedAgain::kFirst;
    runner.retry_delay_min = std::chrono::milliseconds(options.retry_delay_ms_min);
    runner.retry_delay_max = std::chrono::milliseconds(options.retry_delay_ms_max);
    runner.turn_max = options.limits.slice;
    return runner;
  }

  JobServices ServicesFor(WorkTurn turn) {
    return {transfers_,
            engine_,
            objects_,
            clock_,
            options_.limits,
            std::move(turn),
            options_.one_context,
            options_.has_room,
            options_.place_free_bytes};
  }

  Task<Result<TurnEnd>> TakeTurn(Job job, WorkTurn turn) {
    const JobServices services = ServicesFor(turn);
    const TransferPtr before = transfers_.Current(*job.transfer);
    if (before == nullptr) {
      co_await Abandon(services, job.transfer);
      co_return TurnEnd::Done();
    }
    const Result<JobEnd> done = co_await Run(services, before);
    if (turn.stopping()) co_return TurnEnd::Done();
    if (done.ok()) co_return *done == JobEnd::kEnded ? TurnEnd::Done() : TurnEnd::Again();
    LogFailed("a transfer failed", *before, done.error());
    const TransferPtr after = transfers_.Current(*before);
    const bool got_further = after != before;
    const Fate fate = after == nullptr ? Fate::kUnwanted : FateOf(done.error());
    if (fate == Fate::kAgain && got_further) {
      co_return TurnEnd::Again(std::chrono::milliseconds(options_.retry_delay_ms_min));
    }
    if (fate == Fate::kAgain && turn.failures() + 1 < options_.tries_max) co_return done.error();
    co_await Abandon(services, before);
    if (fate != Fate::kUnwanted) INSULA_CO_TRY(co_await SaveFailed(*after, done.error()));
    co_return TurnEnd::Done();
  }

  Task<Result<void>> SaveFailed(tenancy::TransferRecord failed, Error error) {
    const Failure failure = FailureOf(error);
    failed.status = tenancy::TransferStatus::kFailed;
    failed.failure_code = failure.code;
    failed.failure_message = failure.message;
    if (failed.kind() == TransferKind::kExport) failed.as_export().files.clear();
    const auto table = failure.before_reading ? tenancy::ImportedTable::kGoes : tenancy::ImportedTable::kStays;
    Result<void> saved = co_await transfers_.Save(std::move(failed), table);
    const bool unwanted = !saved.ok() && saved.error().code() == ErrorCode::kFailedPrecondition;
    co_return unwanted ? Result<void>() : std::move(saved);
  }

  Task<void> Abandon(const JobServices& services, TransferPtr transfer) {
    if (auto done = co_await transfer::Abandon(services, transfer); !done.ok()) {
      LogFailed("what a transfer left behind could not be removed", *transfer, done.error());
    }
  }

  const WorkerOptions options_;
  tenancy::TransferWork transfers_;
  storage::Engine& engine_;
  objects::ObjectStore& objects_;
  Clock& clock_;
  control::Runner<Job> runner_;
};

Worker::Worker(tenancy::Catalog& catalog, storage::Engine& engine, objects::ObjectStore& objects, Clock& clock,
               WorkerOptions options)
    : impl_(std::make_unique<Impl>(catalog, engine, objects, clock, std::move(options))) {}
Worker::~Worker() = default;
void Worker::Start() { impl_->Start(); }
void Worker::Stop() { impl_->Stop(); }
void Worker::WaitIdle() { impl_->WaitIdle(); }

}  // namespace insula::transfer
