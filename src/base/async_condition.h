// A condition variable for coroutines: they wait for what somebody else brings about, or until they have waited enough.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <stop_token>
#include <string>

#include "base/mutex.h"
#include "base/task.h"

namespace insula {

// Safe from any thread. Outlives every waiter.
class AsyncCondition {
 public:
  // Returns once holds() is true, or after `wait_max`: which of the two. It is asked on the caller's loop, at once and
  // after every Notify of `key`.
  Task<bool> WaitUntil(std::string key, std::function<bool()> holds, std::chrono::milliseconds wait_max);
  // What those wait for who wait under this key may be true by now. Doesn't wait for them.
  void Notify(const std::string& key);

 private:
  using Waiters = std::multimap<std::string, std::stop_source>;
  class Waiting;

  Mutex mutex_;
  Waiters waiters_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula
