// Deletes what has expired: goes round the tables whose time to live is on and has the engine delete what is due
// (storage/expiry.h), through the path of every other write, so that indexes, counters and the change log hold.
//
// It stays out of the way: a table in which nothing is due costs a look into memory; items go in small batches, one at
// a time, tenants taking turns; between two batches it rests at least as long as the last one took, and longer where
// the rate demands it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"

namespace insula::control {

struct ExpirerOptions {
  std::chrono::milliseconds period{10'000};  // between two rounds
  std::uint64_t items_per_second = 2'000;    // deleted, over all tenants
  std::size_t batch_items = 32;
};

// Works on a runner's thread (runner.h). What went wrong in a round is in the log, once a round. Does nothing over an
// engine without expiry. Safe from any thread.
class Expirer {
 public:
  // All outlive the expirer.
  Expirer(tenancy::Catalog& catalog, storage::Engine& engine, Clock& clock, ExpirerOptions options);
  ~Expirer();  // stops

  void Start();
  void Stop();  // after the batch in hand

  // One round, on the caller's loop: until nothing is due or, where there is much, until the next round should begin.
  // Returns the number of items deleted. For tests and by the thread; one at a time.
  Task<std::uint64_t> Round();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::control
