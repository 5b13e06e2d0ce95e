// The change log of one table's life, as those read it who follow or rewind the table: streams, point in time, exports.
// It has a record for each item that a write changed while the table's schema said `log_changes`.
//
// All methods are safe from any thread and resume the caller on its own executor.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "model/encoded_item.h"
#include "model/primary_key.h"
#include "storage/engine.h"

namespace insula::storage {

struct Change {
  std::uint64_t sequence = 0;  // from 1, without gaps, in order of commit; each incarnation's own
  WallTime committed_at{};     // never decreases with sequence, whatever the machine's clock does
  PrimaryKey key;
  MaybeItem old_item, new_item;
  bool by_time_to_live = false;  // deleted by the service itself
};

struct HashRange {  // of the key's 64-bit hash, the first 8 bytes of its encoded form; both inclusive
  std::uint64_t first = 0;
  std::uint64_t last = ~std::uint64_t{0};
  bool operator==(const HashRange&) const = default;
};

struct ChangesRequest {
  TableRef table;
  std::uint64_t after = 0;                       // only greater sequences
  std::uint64_t up_to = ~std::uint64_t{0};       // and none beyond this one
  std::optional<HashRange> hashes{};             // a shard's
  std::size_t records_max = 1000;                // at least 1
  std::size_t bytes_max = std::size_t{1} << 20;  // of keys and images; the first record is given whatever its size
};

struct ChangePage {
  std::vector<Change> changes;
  std::uint64_t read_up_to = 0;  // go on with after = this; also counts records of other hashes
  bool more = false;             // there was more when it stopped
};

struct ChangeBounds {
  std::uint64_t first = 1;  // the oldest that is kept; `next` if none is
  std::uint64_t next = 1;   // that the next change gets
};

class ChangeLog {
 public:
  virtual ~ChangeLog() = default;

  // Refusal::kChangesTrimmed if what comes first after `after` isn't kept any more. A page that found nothing for its
  // hashes may be empty and still have moved on.
  virtual Task<Result<ChangePage>> Read(ChangesRequest request) = 0;
  virtual Task<Result<ChangeBounds>> Bounds(TableRef table) = 0;
  // What Bounds().next is, if that is known without looking: of a table that nobody has used since the engine was
  // opened it may not be. From memory: cheap enough to ask of ten thousand tables every few seconds.
  virtual std::optional<std::uint64_t> NextKnown(const TableRef& table) const = 0;
  // The first record committed at or after `time`; `next` if there is none.
  virtual Task<Result<std::uint64_t>> Find(TableRef table, WallTime time) = 0;
  // Forgets all before `first_kept`, or everything where that is beyond the end; sequences go on from where they were.
  // Idempotent. Deleting a long stretch at once costs less than many short ones.
  virtual Task<Result<void>> Trim(TableRef table, std::uint64_t first_kept) = 0;
};

}  // namespace insula::storage
