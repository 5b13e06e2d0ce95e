#include "control/change_trimmer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"
#include "base/run_task.h"
#include "base/sleep.h"
#include "storage/change_log.h"

namespace insula::control {
namespace {

using storage::TableRef;

// The first round soon: a server that is often restarted must trim, too.
constexpr std::chrono::milliseconds kFirstRoundAfter{60'000};

}  // namespace

ChangeTrimmer::ChangeTrimmer(tenancy::Catalog& catalog, storage::Engine& engine, ChangeTrimmerOptions options)
    : logs_(catalog),
      engine_(engine),
      options_(options),
      runner_({}, [this](Rounds, WorkTurn turn) { return TakeTurn(turn.stop()); },
              {.name = "trimmer", .priority = Loop::Priority::kBehindRequests}) {}

ChangeTrimmer::~ChangeTrimmer() { Stop(); }

void ChangeTrimmer::Start() {
  if (engine_.change_log() == nullptr) return;
  runner_.Start();
  runner_.Post(Rounds{}, std::min(options_.period, kFirstRoundAfter));
}

void ChangeTrimmer::Stop() {
  if (runner_.started()) runner_.Stop();
}

std::size_t ChangeTrimmer::TrimAll() { return RunTask(Round({})); }

Task<Result<TurnEnd>> ChangeTrimmer::TakeTurn(std::stop_token stop) {
  co_await Round(std::move(stop));
  co_return TurnEnd::Again(options_.period);
}

Task<std::size_t> ChangeTrimmer::Round(std::stop_token stop) {
  std::size_t failed = 0;
  std::string first_table, first_cause;
  const std::chrono::microseconds pause(1'000'000 / options_.logs_per_second);
  for (const tenancy::ChangeLogs::Log& log : logs_.All()) {
    const Incarnation incarnation = log.table->ref.incarnation();
    if (log.needed) {
      empty_.erase(incarnation);
    } else if (!log.dropped && empty_.contains(incarnation)) {
      continue;
    }
    const Result<void> trimmed = co_await Trim(log);
    if (trimmed.ok() && !log.needed) empty_.insert(incarnation);
    if (!trimmed.ok() && failed++ == 0) {
      first_table = log.table->arn;
      first_cause = trimmed.error().message();
    }
    const bool going_on = co_await Sleep(pause, stop);
    if (!going_on) break;
  }
  if (failed > 0) {
    failures_ += failed;
    Log(LogLevel::kWarn, "could not give back the space of change logs",
        {{"room", "control"},
         {"table", first_table},
         {"cause", first_cause},
         {"logs", std::to_string(failed)},
         {"since_start", std::to_string(failures_)}});
  }
  co_return failed;
}

Task<Result<void>> ChangeTrimmer::Trim(tenancy::ChangeLogs::Log log) {
  const TableRef table = log.table->ref;
  if (log.dropped && !log.needed) {
    INSULA_CO_TRY(co_await engine_.DropTable(table));
    co_return co_await logs_.Forget(log.table);
  }
  INSULA_CO_ASSIGN(const std::uint64_t first_kept, co_await engine_.change_log()->Find(table, log.kept_since));
  co_return co_await engine_.change_log()->Trim(table, first_kept);
}

}  // namespace insula::control
