// What the engine keeps in memory of one incarnation: the schema that writers follow, who is writing, its counters.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/seeded_hash.h"
#include "base/task.h"
#include "model/table_schema.h"
#include "storage/rocks/resume.h"
#include "storage/rocks/table_counters.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage::rocks {

// The size of one item collection while somebody writes to it.
struct CollectionSize {
  std::string row_key;
  std::int64_t committed = 0;             // the committer's own
  std::atomic<std::int64_t> promised{0};  // committed plus what writers on their way will add
};

// Safe from any thread, except where a member says otherwise.
class TableState {
 public:
  // `last_change_at`: when the newest record of its change log was committed.
  TableState(tenancy::TableRef table, TableCounters counters, WallTime last_change_at);

  // One writer's stay. While it lasts, SetSchema and Drop wait.
  class Writer {
   public:
    Writer() = default;
    Writer(Writer&& other) noexcept
        : table_(std::exchange(other.table_, nullptr)), slot_(other.slot_), schema_(std::move(other.schema_)) {}
    Writer& operator=(Writer&& other) noexcept;
    ~Writer() { Leave(); }
    TableState& table() const { return *table_; }
    const TableSchema& schema() const { return *schema_; }  // the newest published one when it entered

   private:
    friend class TableState;
    void Leave();
    TableState* table_ = nullptr;
    std::size_t slot_ = 0;
    std::shared_ptr<const TableSchema> schema_;
  };
  // Refusal::kTableGone once the table is dropped.
  Result<Writer> Enter();

  // Makes writers follow `schema` and returns once nobody follows an older one.
  Task<void> SetSchema(std::shared_ptr<const TableSchema> schema);
  // Refuses writers and returns once the last has left.
  Task<void> Drop();
  std::shared_ptr<const TableSchema> schema() const;

  // As of the last commit.
  TableCounters counters() const;

  // --- the committer's: one thread at a time ---
  const std::string& counters_row_key() const { return counters_row_key_; }
  const tenancy::TableRef& table() const { return table_; }
  TableCounters& next_counters() { return next_counters_; }
  void PublishCounters();
  void RevertCounters();
  std::uint64_t group = 0;  // the commit group this table was last seen in
  // The time of a change that is committed now: never before that of the one before it, whatever the clock says.
  WallTime NextChangeTime(WallTime now) { return last_change_at_ = std::max(last_change_at_, now); }

  // --- the change log's lower end: no record before it is left. A hint that saves reading over what was deleted ---
  std::uint64_t first_change() const { return first_change_.load(std::memory_order_relaxed); }
  void NoteFirstChange(std::uint64_t sequence);

  // --- expiry: what is known of the rows without looking at them; seconds since 1970 ---
  // No row is of an earlier second than this; 0 where that isn't known.
  std::int64_t next_due() const { return std::min(next_due_.load(), due_left_.load()); }
  // There is a row of this second, by now visible to everybody.
  void NoteDue(std::int64_t second);
  // What was noted, and forgets it: the caller looks, and notes what it finds.
  std::int64_t TakeNoted() { return next_due_.exchange(kNeverDue); }
  static constexpr std::int64_t kNeverDue = std::numeric_limits<std::int64_t>::max();
  // Where the last look left off, because it had enough; empty if it saw everything. One caller at a time.
  const std::string& due_cursor() const { return due_cursor_; }
  void set_due_cursor(std::string row_key, std::int64_t second) {
    due_cursor_ = std::move(row_key);
    due_left_ = second;
  }

  // --- collection sizes, for tables with local indexes ---
  // Takes a share of the collection's size if it is in memory; every share is given back.
  CollectionSize* FindCollection(const std::string& row_key);
  CollectionSize* AddCollection(const std::string& row_key, std::int64_t committed);  // or finds it
  void LeaveCollection(CollectionSize* collection);

 private:
  struct Epoch {
    std::size_t writers = 0;
    std::vector<Suspended> drained;  // who waits for the last of them
  };
  // Shares of it: in memory while there is one.
  struct Collection {
    CollectionSize size;
    std::size_t users = 0;
  };
  Task<void> WaitForOlderWriters();

  const tenancy::TableRef table_;
  const std::string counters_row_key_;

  mutable Mutex mutex_;
  std::shared_ptr<const TableSchema> schema_ INSULA_GUARDED_BY(mutex_);
  std::unordered_map<std::size_t, Epoch> epochs_ INSULA_GUARDED_BY(mutex_);
  std::size_t current_epoch_ INSULA_GUARDED_BY(mutex_) = 0;
  bool dropped_ INSULA_GUARDED_BY(mutex_) = false;
  TableCounters counters_ INSULA_GUARDED_BY(mutex_);
  std::unordered_map<std::string, Collection, SeededTextHash> collections_ INSULA_GUARDED_BY(mutex_);

  TableCounters next_counters_;
  WallTime last_change_at_;
  std::atomic<std::uint64_t> first_change_{1};

  std::atomic<std::int64_t> next_due_{0};
  std::atomic<std::int64_t> due_left_{kNeverDue};  // second of due_cursor_
  std::string due_cursor_;
};

// All table states by place. Safe from any thread.
class TableStates {
 public:
  std::shared_ptr<TableState> Find(const tenancy::TableRef& table) const;
  // The one that is kept: `state`, or another that was there first.
  std::shared_ptr<TableState> Add(std::shared_ptr<TableState> state);
  void Remove(const tenancy::TableRef& table);
  void RemoveStore(StoreId store);

 private:
  struct Place {
    std::uint64_t incarnation;
    std::uint32_t store, table, tenant;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const;
  };
  static Place PlaceOf(const tenancy::TableRef& table);
  struct alignas(64) Shard {
    mutable Mutex mutex;
    std::unordered_map<Place, std::shared_ptr<TableState>, PlaceHash> states INSULA_GUARDED_BY(mutex);
  };
  static constexpr std::size_t kShards = 16;
  Shard& ShardOf(const Place& place) const { return shards_[PlaceHash{}(place) / 64 % kShards]; }
  mutable std::array<Shard, kShards> shards_;
};

}  // namespace insula::storage::rocks
