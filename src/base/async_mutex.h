// A mutex that a coroutine may hold across a co_await: waiters are resumed in order of arrival, each on its own
// executor. For the control plane, where a change is serialized with every other one until it is durable.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "base/task.h"

namespace insula {

// Safe from any thread. Outlives every guard and every waiter.
class AsyncMutex {
 public:
  // Unlocks when destroyed.
  class [[nodiscard]] Guard {
   public:
    explicit Guard(AsyncMutex* mutex) : mutex_(mutex) {}
    Guard(Guard&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Guard& operator=(Guard&&) = delete;
    ~Guard() {
      if (mutex_ != nullptr) mutex_->Unlock();
    }

   private:
    AsyncMutex* mutex_;
  };

  Task<Guard> Lock();

 private:
  bool TryLock();
  void Unlock();

  std::mutex mutex_;
  bool locked_ = false;                        // guarded by mutex_
  std::deque<std::function<void()>> waiters_;  // guarded by mutex_; each posts its coroutine's resumption
};

}  // namespace insula
