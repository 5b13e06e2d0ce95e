// Work behind requests that fails, as operators see it: in the log, in `insula table list`, in GET /ready.
#pragma once

#include <chrono>
#include <string>

#include "base/log.h"
#include "control/failing.h"
#include "model/ids.h"

namespace insula::control {

// Its last turn failed; it is tried again after a pause of seconds at most.
struct StuckWork {
  ContextNames owner;           // what it is not of is empty: environment and service, of a whole tenant's
  std::string table;            // empty: not of one table
  std::string what;             // "making the table"
  std::string cause;            // of the last failure
  int failures = 0;             // in a row
  std::chrono::seconds for_{};  // since the first of them
};

// Of work that fails: all but what it is about.
template <class Work>
StuckWork StuckOf(const Failing<Work>& failing) {
  StuckWork stuck;
  stuck.cause = failing.cause;
  stuck.failures = failing.failures;
  stuck.for_ = std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - failing.since);
  return stuck;
}

// "prod/catalog/acme", as the log names contexts; of a whole tenant's work the tenant alone.
std::string PathOf(const ContextNames& owner);

// "making the table fails: no room (7 times in 63 s)". Names no tenant and no table.
std::string ReasonOf(const StuckWork& stuck);

// Writes a failed try to the log, where the limit admits it.
void LogStuck(const StuckWork& stuck, LogLimit* limit);
// Of one kind of work: enough to see each table that is stuck alone, and no flood where all are.
inline constexpr std::size_t kStuckLoggedMax = 20;
inline constexpr std::chrono::milliseconds kStuckLogPeriod{60'000};

}  // namespace insula::control
