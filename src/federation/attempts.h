// How often something may be tried that costs before anybody is known: so many times a second by each address, or with
// tokens of each issuer.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/seeded_hash.h"

namespace insula::federation {

// Safe from any thread.
class Attempts {
 public:
  static constexpr std::chrono::seconds kSaved{5};    // so much of what wasn't tried may be tried at once
  static constexpr std::size_t kKeysMax = 16 * 1024;  // beyond, the one that tried longest ago is forgotten

  // `clock` outlives the attempts; at least one a second.
  Attempts(Clock& clock, std::int64_t per_second, std::size_t keys_max = kKeysMax);

  // Throttling where the key's are used up; that one isn't counted.
  Result<void> Take(std::string_view key);

 private:
  // A bucket of tokens, told by when it will be full again: one that is, is as good as none.
  struct Bucket {
    std::string key;
    SteadyTime full_at{};
  };
  Bucket& Find(std::string_view key) INSULA_REQUIRES(mutex_);

  Clock& clock_;
  const SteadyTime::duration refilled_in_;  // one attempt
  const std::size_t keys_max_;
  Mutex mutex_;
  std::list<Bucket> by_use_ INSULA_GUARDED_BY(mutex_);  // the last used first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator, SeededTextHash> by_key_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::federation
