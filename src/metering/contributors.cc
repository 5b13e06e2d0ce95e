#include "metering/contributors.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "base/seeded_hash.h"

namespace insula::metering {
namespace {

// What a counter takes beside its key: itself, its places in heap and map.
constexpr std::size_t kCounterBytes = 160;

std::size_t Of(ContributorRule rule) { return static_cast<std::size_t>(rule); }

}  // namespace

ContributorSketch::ContributorSketch(const ContributorsOptions& options, Clock& clock, std::atomic<std::size_t>& bytes)
    : options_(options), clock_(clock), bytes_(bytes), shards_(options.shards) {}

ContributorSketch::~ContributorSketch() {
  for (Shard& shard : shards_) {
    for (std::vector<Pane>& panes : shard.panes) {
      for (Pane& pane : panes) Clear(pane);
    }
  }
}

std::int64_t ContributorSketch::Now() const {
  return std::chrono::floor<std::chrono::seconds>(clock_.Now().time_since_epoch()) / options_.pane;
}

std::size_t ContributorSketch::BytesOf(const SpaceSaving& keys) const {
  return options_.counters_per_shard * kCounterBytes + keys.key_bytes();
}

void ContributorSketch::Clear(Pane& pane) {
  if (pane.keys == nullptr) return;
  bytes_.fetch_sub(BytesOf(*pane.keys), std::memory_order_relaxed);
  pane.keys.reset();
}

void ContributorSketch::NoteAccess(std::string_view key, std::size_t partition_size, std::uint64_t weight) {
  Note(ContributorRule::kAccessedPartitions, key.substr(0, partition_size), weight);
  if (key.size() > partition_size) Note(ContributorRule::kAccessedItems, key, weight);
}

void ContributorSketch::NoteThrottle(std::string_view key, std::size_t partition_size) {
  Note(ContributorRule::kThrottledPartitions, key.substr(0, partition_size), 1);
  if (key.size() > partition_size) Note(ContributorRule::kThrottledItems, key, 1);
}

void ContributorSketch::Note(ContributorRule rule, std::string_view key, std::uint64_t weight) {
  if (weight == 0) return;
  const std::int64_t now = Now();
  Shard& shard = shards_[SeededHash(key) % shards_.size()];
  const MutexLock lock(shard.mutex);
  std::vector<Pane>& panes = shard.panes[Of(rule)];
  if (panes.empty()) panes.resize(options_.panes);
  Pane& pane = panes[static_cast<std::size_t>(now) % panes.size()];
  if (pane.number != now) {
    Clear(pane);
    pane.number = now;
  }
  if (bytes_.load(std::memory_order_relaxed) > options_.bytes_max) return;
  if (pane.keys == nullptr) {
    pane.keys = std::make_unique<SpaceSaving>(options_.counters_per_shard);
    bytes_.fetch_add(BytesOf(*pane.keys), std::memory_order_relaxed);
  }
  const std::size_t before = pane.keys->key_bytes();
  pane.keys->Add(key, weight);
  const std::size_t after = pane.keys->key_bytes();
  if (after != before) bytes_.fetch_add(after - before, std::memory_order_relaxed);  // wraps where it shrinks
}

ContributorSketch::Report ContributorSketch::Top(ContributorRule rule, std::size_t count) const {
  const std::int64_t now = Now();
  const std::int64_t oldest = now - static_cast<std::int64_t>(options_.panes) + 1;
  Report report;
  for (const Shard& shard : shards_) {
    const MutexLock lock(shard.mutex);
    // A key that a pane has no counter for may have weighed as much in it as the lightest that has.
    std::map<std::string_view, Contributor> keys;
    std::uint64_t missed_max = 0;
    for (const Pane& pane : shard.panes[Of(rule)]) {
      if (pane.keys == nullptr || pane.number < oldest || pane.number > now) continue;
      report.total += pane.keys->total();
      for (const SpaceSaving::Counter& counter : pane.keys->counters()) {
        Contributor& sum = keys[counter.key];
        sum.weight += counter.weight - pane.keys->missed_max();
        sum.error += counter.error - pane.keys->missed_max();  // below zero until `missed_max` is added
      }
      missed_max += pane.keys->missed_max();
    }
    for (auto& [key, sum] : keys) {
      sum.key = key;
      sum.weight += missed_max;
      sum.error += missed_max;
      report.top.push_back(std::move(sum));
    }
  }
  std::ranges::sort(report.top, [](const Contributor& a, const Contributor& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.key < b.key;
  });
  if (report.top.size() > count) report.top.resize(count);
  return report;
}

const WatchedTable::Resource* WatchedTable::Find(std::optional<std::uint16_t> index) const {
  const auto found = std::ranges::find(resources, index, &Resource::index);
  return found == resources.end() ? nullptr : &*found;
}

bool WatchedTable::has_indexes() const {
  return std::ranges::any_of(resources, [](const Resource& resource) { return resource.index.has_value(); });
}

std::shared_ptr<const WatchedTable> Contributors::Find(Incarnation table) const {
  const SharedLock lock(mutex_);
  const auto found = tables_.find(table);
  return found == tables_.end() ? nullptr : found->second;
}

void Contributors::Replace(Incarnation table, WatchedTable watched) {
  if (watched.resources.empty()) {
    tables_.erase(table);
  } else {
    tables_[table] = std::make_shared<const WatchedTable>(std::move(watched));
  }
  watched_.store(tables_.size(), std::memory_order_relaxed);
}

void Contributors::Watch(Incarnation table, std::optional<std::uint16_t> index, ContributorInsightsMode mode) {
  const ExclusiveLock lock(mutex_);
  const auto found = tables_.find(table);
  WatchedTable watched = found == tables_.end() ? WatchedTable() : *found->second;
  const auto resource = std::ranges::find(watched.resources, index, &WatchedTable::Resource::index);
  if (resource != watched.resources.end()) {
    resource->mode = mode;
  } else {
    watched.resources.push_back({index, mode, std::make_shared<ContributorSketch>(options_, clock_, bytes_)});
  }
  Replace(table, std::move(watched));
}

void Contributors::Forget(Incarnation table, std::optional<std::uint16_t> index) {
  const ExclusiveLock lock(mutex_);
  const auto found = tables_.find(table);
  if (found == tables_.end()) return;
  WatchedTable watched = *found->second;
  std::erase_if(watched.resources, [&](const WatchedTable::Resource& each) { return each.index == index; });
  Replace(table, std::move(watched));
}

void Contributors::Forget(Incarnation table) {
  const ExclusiveLock lock(mutex_);
  Replace(table, {});
}

}  // namespace insula::metering
