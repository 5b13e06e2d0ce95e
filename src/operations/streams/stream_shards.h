// How a stream is split into shards: by arithmetic on sequences and key hashes alone, so that no shard has a state.
//
// A generation is a fixed number of consecutive changes of the table's log; it has one shard for each quarter of the
// keys' hashes, a lane. When a generation is full its shards are closed, and each has one child: the shard of its lane
// in the next. All changes of an item are in one lane, in order. docs/decisions/stream-shards.md says why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/change_log.h"

namespace insula::operations {

inline constexpr std::uint32_t kLanes = 4;

struct Shard {
  std::uint64_t generation = 0;
  std::uint32_t lane = 0;
  auto operator<=>(const Shard&) const = default;
};

// The sequences of a stream's records.
struct StreamExtent {
  std::uint64_t first = 1;            // its first record's, trimmed or not
  std::uint64_t kept = 1;             // the oldest that can be read; `next` if none can
  std::uint64_t next = 1;             // that the next record gets
  std::optional<std::uint64_t> last;  // set: there are none beyond; next == last + 1
};

// Of one stream at one moment.
class ShardMap {
 public:
  ShardMap(const StreamExtent& extent, std::uint64_t changes_per_shard)
      : extent_(extent), changes_per_shard_(changes_per_shard) {}

  // Those that can still be read, parents before children.
  std::vector<Shard> Shards() const;
  bool Has(const Shard& shard) const;

  // The sequences that its records have or may get: from the stream's first to the generation's or the stream's last.
  std::uint64_t FirstOf(const Shard& shard) const;
  std::uint64_t LastOf(const Shard& shard) const;
  bool IsClosed(const Shard& shard) const;                  // gets no more records
  std::optional<Shard> ParentOf(const Shard& shard) const;  // also where it has been trimmed

 private:
  std::uint64_t GenerationOf(std::uint64_t sequence) const { return (sequence - 1) / changes_per_shard_; }
  std::uint64_t OldestGeneration() const;
  std::uint64_t NewestGeneration() const;

  const StreamExtent extent_;
  const std::uint64_t changes_per_shard_;
};

storage::HashRange HashesOf(const Shard& shard);

// "shardId-" generation (20 digits) "-" lane (8 hexadecimal digits)
std::string ShardIdOf(const Shard& shard);
std::optional<Shard> ShardFrom(std::string_view id);

// 21 digits that sort as numbers and as text alike: "1" and the sequence with leading zeros.
std::string SequenceNumberOf(std::uint64_t sequence);
// nullopt if it is none of ours.
std::optional<std::uint64_t> SequenceFrom(std::string_view number);

}  // namespace insula::operations
