// A mutex that a coroutine may hold across a co_await: waiters are resumed each on its own executor. For the control
// plane, where a change is serialized with every other one until it is durable.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "base/mutex.h"
#include "base/task.h"
#include "base/turns.h"

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

  // Owners take turns; those that wait for one owner, or for none, are resumed in order of arrival.
  Task<Guard> Lock(std::string owner = {});

 private:
  bool TryLock();
  void Unlock();

  Mutex mutex_;
  bool locked_ INSULA_GUARDED_BY(mutex_) = false;
  // Each posts its coroutine's resumption.
  Turns<std::string, std::function<void()>> waiters_ INSULA_GUARDED_BY(mutex_){TurnPlaces{}};
};

}  // namespace insula
