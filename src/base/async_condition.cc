#include "base/async_condition.h"

#include <utility>
#include <vector>

#include "base/sleep.h"

namespace insula {

// A place among the waiters, for as long as it lives. It is taken before the condition is looked at, so that no Notify
// between the two is missed.
class AsyncCondition::Waiting {
 public:
  Waiting(AsyncCondition* condition, const std::string& key) : condition_(condition) {
    const MutexLock lock(condition_->mutex_);
    place_ = condition_->waiters_.emplace(key, told_);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    const MutexLock lock(condition_->mutex_);
    condition_->waiters_.erase(place_);
  }
  std::stop_token told() const { return told_.get_token(); }

 private:
  AsyncCondition* const condition_;
  std::stop_source told_;
  Waiters::iterator place_;
};

Task<bool> AsyncCondition::WaitUntil(std::string key, std::function<bool()> holds, std::chrono::milliseconds wait_max) {
  const auto deadline = std::chrono::steady_clock::now() + wait_max;
  for (;;) {
    const Waiting waiting(this, key);
    if (holds()) co_return true;
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left.count() <= 0) co_return false;
    co_await Sleep(left, waiting.told());
  }
}

void AsyncCondition::Notify(const std::string& key) {
  std::vector<std::stop_source> told;
  {
    const MutexLock lock(mutex_);
    const auto [first, last] = waiters_.equal_range(key);
    for (auto each = first; each != last; ++each) told.push_back(each->second);
  }
  for (std::stop_source& each : told) each.request_stop();
}

}  // namespace insula
