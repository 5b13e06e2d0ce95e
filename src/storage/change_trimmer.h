// Gives back the space of changes that nobody needs any more: what streams and point in time have done with, and at
// last the logs of tables that are gone.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <set>
#include <thread>

#include "storage/engine.h"
#include "tenancy/streams.h"

namespace insula::storage {

struct ChangeTrimmerOptions {
  // How often every log is looked at. Longer than accounts' stores stay open when idle: it doesn't keep them open.
  std::chrono::milliseconds period{1'800'000};
  std::size_t logs_per_second = 200;
};

// Works on a thread of its own; what failed is tried again in the next round.
class ChangeTrimmer {
 public:
  // Both outlive the trimmer.
  ChangeTrimmer(tenancy::Catalog& catalog, Engine& engine, ChangeTrimmerOptions options = {});
  ~ChangeTrimmer();  // stops

  void Start();
  void Stop();  // waits for the log in hand; idempotent

  // One round on the calling thread, for tests. Not while it is started.
  void TrimAll();

 private:
  void Work();
  // False once it is to stop.
  bool Sleep(std::chrono::microseconds time);
  Result<void> Trim(const tenancy::Streams::Log& log);

  tenancy::Streams streams_;
  Engine& engine_;
  const ChangeTrimmerOptions options_;
  std::set<Incarnation> empty_;  // of logs that nothing writes to, and that have been emptied

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace insula::storage
