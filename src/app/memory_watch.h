// Holds the process to its memory: looks at what is resident, and takes from the requests' budget what others have
// taken.
//
// The budget counts what requests hold; caches have bounds of their own. What neither knows (writes that come faster
// than they are flushed, a job's records, an allocator's unused pages) shows in the resident size alone. So that much
// is kept from requests: what they may still take is what the process may still grow by.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <thread>

#include "app/memory_plan.h"
#include "base/memory_budget.h"
#include "base/mutex.h"

namespace insula::app {

// Bytes of this process that are in memory now; 0 where the system doesn't tell.
std::size_t ResidentBytes();

// What isn't accounted for of `resident` bytes, by a plan and what requests hold by now.
std::size_t TakenElsewhere(const MemoryPlan& plan, std::size_t resident, std::size_t held);

class MemoryWatch {
 public:
  // `log`: told when requests have lost a quarter of their budget, at most once a minute.
  MemoryWatch(MemoryPlan plan, MemoryBudget& budget, std::function<void(std::string_view)> log);
  ~MemoryWatch();

 private:
  void Run();
  bool StopsWithin(std::chrono::milliseconds period);  // waits for as long, or until it does

  const MemoryPlan plan_;
  MemoryBudget& budget_;
  const std::function<void(std::string_view)> log_;
  Mutex mutex_;
  CondVar stop_;
  bool stopping_ INSULA_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace insula::app
