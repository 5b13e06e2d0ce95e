// Runs the exports, imports and bulk puts that the catalog has (control/runner.h): each on a thread of its own, a few
// at once. Contexts take turns, and a job that has been at work for a while goes behind those that wait, so that
// nobody's jobs keep another's from beginning. What a stop or a crash interrupts is gone on with after the next start;
// what fails for a reason that may pass is tried again, after a pause that grows, and is FAILED when that has got it
// nowhere for long.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "objects/object_store.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"
#include "transfer/job.h"

namespace insula::transfer {

struct WorkerOptions {
  std::size_t jobs_max = 2;  // at once
  std::uint32_t retry_delay_ms_min = 1'000;
  std::uint32_t retry_delay_ms_max = 60'000;
  int tries_max = 10;  // in a row without progress
  // Buckets are right below the place, for a server that has one context alone; else below the context's root.
  bool one_context = false;
  JobLimits limits;
  std::function<bool()> has_room;                   // whether the engine's disk has room for jobs; none: always
  std::function<std::uint64_t()> place_free_bytes;  // left where objects are written; none: nobody knows
};

// What goes wrong is in the log, in full, where a tenant is told less. Catalog, engine, objects and clock outlive the
// worker.
class Worker {
 public:
  Worker(tenancy::Catalog& catalog, storage::Engine& engine, objects::ObjectStore& objects, Clock& clock,
         WorkerOptions options);
  ~Worker();
  void Start();
  // Waits for the step that each job is at.
  void Stop();
  // Until nothing is left to do now; for tests.
  void WaitIdle();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::transfer
