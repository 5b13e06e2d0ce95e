// Which keys of a table or a global index are accessed most, and which are throttled most, over the last minutes: a
// sketch (space_saving.h) per table or index that is watched, rule, minute and shard. Only memory: what is watched is
// in the tables' definitions, and what was seen before a start is forgotten.
//
// Memory is bounded: beyond `bytes_max` no further key is noted until older minutes have been let go.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "metering/space_saving.h"
#include "model/ids.h"
#include "model/table_definition.h"

namespace insula::metering {

enum class ContributorRule : std::uint8_t {
  kAccessedPartitions,
  kAccessedItems,
  kThrottledPartitions,
  kThrottledItems
};
inline constexpr std::size_t kContributorRules = 4;

struct ContributorsOptions {
  std::chrono::seconds pane{60};
  std::size_t panes = 5;   // the window is this many panes, the running one among them
  std::size_t shards = 4;  // keys are spread over them, so that threads seldom meet
  std::size_t counters_per_shard = 32;
  std::size_t bytes_max = 64 * 1024 * 1024;  // of all sketches together
};

// What is seen of one table or index. Safe from any thread.
class ContributorSketch {
 public:
  ContributorSketch(const ContributorsOptions& options, Clock& clock, std::atomic<std::size_t>& bytes);
  ~ContributorSketch();

  // `weight` was spent on (or, throttled, refused to) the item of this key, whose first `partition_size` bytes are its
  // partition's. The whole of the key is a partition: its items aren't told apart.
  void NoteAccess(std::string_view key, std::size_t partition_size, std::uint64_t weight);
  void NoteThrottle(std::string_view key, std::size_t partition_size);

  struct Contributor {
    std::string key;
    std::uint64_t weight = 0;  // at least what it had, and at most `error` more
    std::uint64_t error = 0;
  };
  struct Report {
    std::vector<Contributor> top;  // the heaviest first
    std::uint64_t total = 0;       // of all keys
  };
  Report Top(ContributorRule rule, std::size_t count) const;

 private:
  struct Pane {
    std::int64_t number = -1;  // since 1970
    std::unique_ptr<SpaceSaving> keys;
  };
  struct Shard {
    mutable Mutex mutex;
    std::array<std::vector<Pane>, kContributorRules> panes INSULA_GUARDED_BY(mutex);
  };

  void Note(ContributorRule rule, std::string_view key, std::uint64_t weight);
  std::int64_t Now() const;
  void Clear(Pane& pane);
  std::size_t BytesOf(const SpaceSaving& keys) const;

  const ContributorsOptions& options_;
  Clock& clock_;
  std::atomic<std::size_t>& bytes_;
  std::vector<Shard> shards_;
};

// What of one table is watched; immutable.
struct WatchedTable {
  struct Resource {
    std::optional<std::uint16_t> index;  // IndexSchema::id; none: the table itself
    ContributorInsightsMode mode = ContributorInsightsMode::kAccessedAndThrottledKeys;
    std::shared_ptr<ContributorSketch> sketch;
  };
  std::vector<Resource> resources;

  const Resource* Find(std::optional<std::uint16_t> index) const;
  bool has_indexes() const;
};

// Safe from any thread.
class Contributors {
 public:
  explicit Contributors(Clock& clock, ContributorsOptions options = {}) : clock_(clock), options_(options) {}

  // Whether anything is watched at all: all that a request pays where nothing is.
  bool watching() const { return watched_.load(std::memory_order_relaxed) > 0; }
  // nullptr: nothing of this table is.
  std::shared_ptr<const WatchedTable> Find(Incarnation table) const;

  // From now on, or in another mode; what was seen stays.
  void Watch(Incarnation table, std::optional<std::uint16_t> index, ContributorInsightsMode mode);
  // No longer, and what was seen is gone.
  void Forget(Incarnation table, std::optional<std::uint16_t> index);
  void Forget(Incarnation table);

  const ContributorsOptions& options() const { return options_; }

 private:
  void Replace(Incarnation table, WatchedTable watched) INSULA_REQUIRES(mutex_);

  Clock& clock_;
  const ContributorsOptions options_;
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::size_t> watched_{0};  // tables
  mutable SharedMutex mutex_;
  std::unordered_map<Incarnation, std::shared_ptr<const WatchedTable>> tables_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::metering
