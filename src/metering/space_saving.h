// The heaviest keys of a stream, in bounded memory: Space-Saving (Metwally, Agrawal, El Abbadi, "Efficient computation
// of frequent and top-k elements in data streams", ICDT 2005), with weights.
//
// Of a stream that weighs `total`, every key heavier than total / capacity is among the counters. A counter's weight is
// never less than its key's, and exceeds it by no more than the counter's error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/seeded_hash.h"

namespace insula::metering {

// Used by one thread at a time.
class SpaceSaving {
 public:
  struct Counter {
    std::string key;
    std::uint64_t weight = 0;
    std::uint64_t error = 0;
  };

  explicit SpaceSaving(std::size_t capacity);
  SpaceSaving(const SpaceSaving&) = delete;
  SpaceSaving& operator=(const SpaceSaving&) = delete;

  void Add(std::string_view key, std::uint64_t weight);

  const std::vector<Counter>& counters() const { return counters_; }  // in no order
  std::uint64_t total() const { return total_; }
  // The most that a key without a counter can weigh.
  std::uint64_t missed_max() const { return counters_.size() < capacity_ ? 0 : counters_[heap_.front()].weight; }
  std::size_t key_bytes() const { return key_bytes_; }

 private:
  using Index = std::uint32_t;

  void Raise(Index counter, std::uint64_t weight);
  void SiftDown(std::size_t at);
  void SiftUp(std::size_t at);
  void Place(std::size_t at, Index counter) {
    heap_[at] = counter;
    places_[counter] = at;
  }

  std::size_t capacity_;
  std::uint64_t total_ = 0;
  std::size_t key_bytes_ = 0;
  std::vector<Counter> counters_;    // never moves: by_key_ views its keys
  std::vector<Index> heap_;          // of counters, the lightest first
  std::vector<std::size_t> places_;  // of each counter in heap_
  std::unordered_map<std::string_view, Index, SeededTextHash> by_key_;
};

}  // namespace insula::metering
