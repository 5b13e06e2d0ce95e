// Keeps writes within a number of write units per second.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "model/item_size.h"

namespace insula::transfer {

// Used by one job. Times are what its caller says they are.
class Pacer {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Pacer(std::optional<std::int64_t> units_per_second) : rate_(units_per_second) {}

  // When what costs `expected` may go, after all that was taken before; a tenth of a second's units may go at once.
  Time Take(HalfUnits expected, Time now) {
    if (!rate_) return now;
    next_ = std::max(next_, now - kBurst);
    Add(expected);
    return next_;
  }
  // It cost so much instead.
  void Correct(HalfUnits expected, HalfUnits actual) {
    if (rate_) Add(HalfUnits(actual.value() - expected.value()));
  }

 private:
  static constexpr std::chrono::milliseconds kBurst{100};

  void Add(HalfUnits cost) {
    const std::chrono::duration<double> time(cost.units() / static_cast<double>(*rate_));
    next_ += std::chrono::duration_cast<Time::duration>(time);
  }

  const std::optional<std::int64_t> rate_;
  Time next_{};
};

}  // namespace insula::transfer
