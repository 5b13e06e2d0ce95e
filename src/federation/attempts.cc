#include "federation/attempts.h"

#include <algorithm>

namespace insula::federation {

Attempts::Attempts(Clock& clock, std::int64_t per_second, std::size_t keys_max)
    : clock_(clock), refilled_in_(SteadyTime::duration(std::chrono::seconds(1)) / per_second), keys_max_(keys_max) {}

Attempts::Bucket& Attempts::Find(std::string_view key) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    by_use_.splice(by_use_.begin(), by_use_, known->second);
    return by_use_.front();
  }
  if (by_use_.size() == keys_max_) {
    by_key_.erase(by_use_.back().key);
    by_use_.pop_back();
  }
  by_use_.push_front({std::string(key)});
  by_key_.emplace(by_use_.front().key, by_use_.begin());
  return by_use_.front();
}

Result<void> Attempts::Take(std::string_view key) {
  const SteadyTime now = clock_.SteadyNow();
  const MutexLock lock(mutex_);
  Bucket& bucket = Find(key);
  const SteadyTime full_at = std::max(bucket.full_at, now) + refilled_in_;
  if (full_at - now > kSaved) return Error(ErrorCode::kThrottling, "Rate exceeded");
  bucket.full_at = full_at;
  return {};
}

}  // namespace insula::federation
