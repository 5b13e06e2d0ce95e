// How a stream is split into shards: by arithmetic on sequences, key hashes and the stream's lanes, so that no shard
// has a state.
//
// A generation is a fixed number of consecutive changes of the table's log; a lane is one of so many equal ranges of
// the keys' hashes. A shard is what a generation has in a lane. When a generation is full its shards are closed, and
// each has one child: the shard of its lane in the next. Where the lanes are split, within a generation or between two,
// each shard is closed, too, and has two children: those of the lane's halves. All changes of an item are in one lane,
// in order. docs/decisions/stream-shards.md says why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/table_definition.h"
#include "storage/change_log.h"

namespace insula::operations {

struct Shard {
  std::uint64_t generation = 0;
  std::uint32_t lanes = 1;  // that there are at its time: a power of two
  std::uint32_t lane = 0;   // which of them
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
  ShardMap(const StreamExtent& extent, StreamLanes lanes, std::uint64_t changes_per_shard)
      : extent_(extent), lanes_(std::move(lanes)), changes_per_shard_(changes_per_shard) {}

  // Those that can still be read, parents before children.
  std::vector<Shard> Shards() const;
  bool Has(const Shard& shard) const;
  bool HadEver(const Shard& shard) const;  // or has

  // Precondition of these: the stream has, or had, the shard.
  //
  // The sequences that its records have or may get: from the stream's first to the generation's, the lanes' or the
  // stream's last.
  std::uint64_t FirstOf(const Shard& shard) const;
  std::uint64_t LastOf(const Shard& shard) const;
  // How far its records may be read: to its last, or to where a split is planned.
  std::uint64_t ReadableUpTo(const Shard& shard) const;
  bool IsClosed(const Shard& shard) const;                  // gets no more records
  std::optional<Shard> ParentOf(const Shard& shard) const;  // also where it has been trimmed

 private:
  struct Span {
    std::uint64_t first, last;  // both inclusive; empty: last < first
  };

  // Of the log, whatever of it the stream has.
  Span SpanOf(const Shard& shard) const;
  Span SpanOfLanes(std::uint32_t lanes) const;
  std::uint32_t LanesAt(std::uint64_t sequence) const;
  std::uint64_t GenerationOf(std::uint64_t sequence) const { return (sequence - 1) / changes_per_shard_; }
  std::uint64_t Oldest() const;
  std::uint64_t Newest() const;

  const StreamExtent extent_;
  const StreamLanes lanes_;
  const std::uint64_t changes_per_shard_;
};

storage::HashRange HashesOf(const Shard& shard);

// "shardId-" generation (20 digits) "-" which lane of how many (8 hexadecimal digits)
std::string ShardIdOf(const Shard& shard);
std::optional<Shard> ShardFrom(std::string_view id);

// Which lane of how many, as one number: what ids and iterators have.
std::uint32_t LaneNumberOf(const Shard& shard);
// nullopt if there is no such lane.
std::optional<Shard> ShardOf(std::uint64_t generation, std::uint64_t lane_number);

// 21 digits that sort as numbers and as text alike: "1" and the sequence with leading zeros.
std::string SequenceNumberOf(std::uint64_t sequence);
// nullopt if it is none of ours.
std::optional<std::uint64_t> SequenceFrom(std::string_view number);

}  // namespace insula::operations
