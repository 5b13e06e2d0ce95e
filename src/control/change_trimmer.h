// Gives back the space of changes that nobody needs any more: what streams and point in time have done with, and at
// last the logs of tables that are gone.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stop_token>

#include "control/runner.h"
#include "storage/engine.h"
#include "tenancy/faces/change_logs.h"

namespace insula::control {

struct ChangeTrimmerOptions {
  // How often every log is looked at. Longer than accounts' stores stay open when idle: it doesn't keep them open.
  std::chrono::milliseconds period{1'800'000};
  std::size_t logs_per_second = 200;
};

// Works on a runner's thread (runner.h); what failed is in the log, once a round, and tried again in the next. Does
// nothing over an engine without a change log.
class ChangeTrimmer {
 public:
  // Both outlive the trimmer.
  ChangeTrimmer(tenancy::Catalog& catalog, storage::Engine& engine, ChangeTrimmerOptions options = {});
  ~ChangeTrimmer();  // stops

  void Start();
  void Stop();  // waits for the log in hand; idempotent

  // One round on the calling thread, for tests and tools: how many logs it could not trim. Not while it is started.
  std::size_t TrimAll();

 private:
  Task<Result<TurnEnd>> TakeTurn(std::stop_token stop);
  // Ends after the log in hand where `stop` is requested. Returns how many logs failed.
  Task<std::size_t> Round(std::stop_token stop);
  Task<Result<void>> Trim(tenancy::ChangeLogs::Log log);

  tenancy::ChangeLogs logs_;
  storage::Engine& engine_;
  const ChangeTrimmerOptions options_;
  std::uint64_t failures_ = 0;   // over all rounds
  std::set<Incarnation> empty_;  // of logs that nothing writes to, and that have been emptied
  Runner<Rounds> runner_;
};

}  // namespace insula::control
