// Latencies, counted in buckets of a relative width below 1 %: percentiles without keeping a million samples.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>

namespace insula::load {

class LatencyHistogram {
 public:
  void Record(std::chrono::nanoseconds latency) {
    const auto value = static_cast<std::uint64_t>(latency.count() < 0 ? 0 : latency.count());
    ++counts_[BucketOf(value)];
    ++count_;
    sum_ += value;
    if (value > max_) max_ = value;
  }

  std::uint64_t count() const { return count_; }
  std::chrono::nanoseconds max() const { return std::chrono::nanoseconds(max_); }
  std::chrono::nanoseconds mean() const { return std::chrono::nanoseconds(count_ == 0 ? 0 : sum_ / count_); }

  // The latency that this fraction of all (0 to 1) didn't exceed, to the width of a bucket.
  std::chrono::nanoseconds Percentile(double fraction) const {
    if (count_ == 0) return {};
    const auto rank = static_cast<std::uint64_t>(fraction * static_cast<double>(count_ - 1)) + 1;
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
      seen += counts_[bucket];
      if (seen >= rank) return std::chrono::nanoseconds(std::min(UpperEdge(bucket), max_));
    }
    return max();
  }

  void Add(const LatencyHistogram& other) {
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) counts_[bucket] += other.counts_[bucket];
    count_ += other.count_;
    sum_ += other.sum_;
    if (other.max_ > max_) max_ = other.max_;
  }

 private:
  // 128 buckets of width 1, then 128 per power of two.
  static constexpr std::uint64_t kPerOctave = 128;
  static constexpr int kShift = 7;

  static std::size_t BucketOf(std::uint64_t value) {
    if (value < kPerOctave) return value;
    const int octave = std::bit_width(value) - 1 - kShift;
    return static_cast<std::size_t>(octave + 1) * kPerOctave + ((value >> octave) - kPerOctave);
  }
  static std::uint64_t UpperEdge(std::size_t bucket) {
    if (bucket < kPerOctave) return bucket;
    const std::size_t octave = bucket / kPerOctave - 1;
    return ((kPerOctave + bucket % kPerOctave + 1) << octave) - 1;
  }

  std::array<std::uint64_t, (64 - kShift + 1) * kPerOctave> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace insula::load
