#include "metering/space_saving.h"

#include <utility>

#include "base/check.h"

namespace insula::metering {

SpaceSaving::SpaceSaving(std::size_t capacity) : capacity_(capacity) {
  INSULA_CHECK(capacity_ > 0);
  counters_.reserve(capacity_);
}

void SpaceSaving::Add(std::string_view key, std::uint64_t weight) {
  total_ += weight;
  if (const auto found = by_key_.find(key); found != by_key_.end()) return Raise(found->second, weight);
  if (counters_.size() < capacity_) {
    const auto counter = static_cast<Index>(counters_.size());
    counters_.push_back({std::string(key), weight, 0});
    key_bytes_ += key.size();
    by_key_.emplace(counters_.back().key, counter);
    heap_.push_back(counter);
    places_.push_back(counter);
    return SiftUp(heap_.size() - 1);
  }
  // The lightest key gives way; what it weighed may have been the newcomer's.
  const Index lightest = heap_.front();
  Counter& counter = counters_[lightest];
  auto node = by_key_.extract(counter.key);
  key_bytes_ += key.size();
  key_bytes_ -= counter.key.size();
  counter.key.assign(key);
  counter.error = counter.weight;
  node.key() = counter.key;
  by_key_.insert(std::move(node));
  Raise(lightest, weight);
}

void SpaceSaving::Raise(Index counter, std::uint64_t weight) {
  counters_[counter].weight += weight;
  SiftDown(places_[counter]);
}

void SpaceSaving::SiftDown(std::size_t at) {
  const Index counter = heap_[at];
  for (;;) {
    std::size_t child = 2 * at + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && counters_[heap_[child + 1]].weight < counters_[heap_[child]].weight) ++child;
    if (counters_[heap_[child]].weight >= counters_[counter].weight) break;
    Place(at, heap_[child]);
    at = child;
  }
  Place(at, counter);
}

void SpaceSaving::SiftUp(std::size_t at) {
  const Index counter = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / 2;
    if (counters_[heap_[parent]].weight <= counters_[counter].weight) break;
    Place(at, heap_[parent]);
    at = parent;
  }
  Place(at, counter);
}

}  // namespace insula::metering
