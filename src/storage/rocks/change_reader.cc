#include "storage/rocks/change_reader.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

#include "storage/refusal.h"
#include "storage/rocks/change_log.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/row_range.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"
#include "storage/rocks/walk.h"

namespace insula::storage::rocks {
namespace {

// How often a walk looks at the time, in records.
constexpr std::uint64_t kRecordsPerLook = 16;

// How much a page looks at, so that one whose hashes hardly occur ends, too: records, and bytes for each that it may
// hold.
constexpr std::size_t kLookedRecordsMax = 10'000;
constexpr std::size_t kLookedPerHeld = 8;

std::uint64_t SequenceOf(rocksdb::Slice row_key) { return BigEndian64From(row_key.ToStringView().substr(8)); }

// Where a log's rows end.
std::string EndOf(Incarnation incarnation, std::uint64_t up_to) {
  if (up_to != ~std::uint64_t{0}) return ChangeRowKey(incarnation, up_to + 1);
  std::string prefix;
  AppendBigEndian64(incarnation.value(), &prefix);
  return SuccessorOf(std::move(prefix));
}

// Walks the records, on whichever thread calls it; keeps its place across calls.
class ChangeWalk {
 public:
  // `next`: that the next change gets, as of now or a moment ago.
  ChangeWalk(Store* store, const ChangesRequest* request, std::uint64_t next)
      : store_(store), request_(*request), next_(next), end_(EndOf(request->table.incarnation(), request->up_to)) {
    page_.read_up_to = request->after;
  }

  // The first failure, or why it paused.
  Result<Pause> Go(Tier tier) {
    if (!records_ || tier != tier_) Open(tier);
    const auto started = std::chrono::steady_clock::now();
    std::uint64_t looked = 0;
    for (; records_->Valid(); records_->Next()) {
      if (tier == Tier::kMemory && ++looked % kRecordsPerLook == 0 &&
          std::chrono::steady_clock::now() - started > kWalkSliceMax) {
        return Pause::kYield;
      }
      const std::uint64_t sequence = SequenceOf(records_->key());
      if (sequence != page_.read_up_to + 1) return Gap();
      INSULA_ASSIGN(const bool taken, Take(sequence));
      if (!taken) {
        page_.more = true;
        return Pause::kDone;
      }
      opened_ = false;
    }
    if (records_->status().IsIncomplete()) return Pause::kCold;
    if (!records_->status().ok()) return ErrorFrom(records_->status(), "reading the change log");
    // Nothing is left up to where the log had got before this began, or it was trimmed.
    if (page_.read_up_to + 1 < next_ && page_.read_up_to < request_.up_to) return Gap();
    return Pause::kDone;
  }

  ChangePage TakePage() { return std::move(page_); }

 private:
  void Open(Tier tier) {
    records_.emplace(*store_, store_->changes(), tier,
                     RowBounds{ChangeRowKey(request_.table.incarnation(), page_.read_up_to + 1), end_});
    records_->SeekToLower();
    tier_ = tier;
    opened_ = true;
  }

  // Between two records of one iterator nothing can have been trimmed.
  Error Gap() const {
    if (opened_) return Refused(Refusal::kChangesTrimmed);
    return {ErrorCode::kCorruption, "the change log lacks a record"};
  }

  // False if the page is full without the current record.
  Result<bool> Take(std::uint64_t sequence) {
    const rocksdb::Slice value = records_->value();
    const bool over =
        looked_records_ >= kLookedRecordsMax || looked_bytes_ + value.size() > request_.bytes_max * kLookedPerHeld;
    if (page_.changes.size() >= request_.records_max || (over && looked_records_ > 0)) return false;
    INSULA_ASSIGN(const ChangeRecord record, ChangeRecordFrom(value.ToStringView()));
    if (Matches(record.key)) {
      if (!page_.changes.empty() && held_bytes_ + value.size() > request_.bytes_max) return false;
      held_bytes_ += value.size();
      Change& change = page_.changes.emplace_back();
      change.sequence = sequence;
      change.committed_at = record.committed_at;
      INSULA_ASSIGN(change.key, DecodeKey(record.key, request_.table.schema().key));
      if (record.old_item) change.old_item = EncodedItem::FromBytes(std::string(*record.old_item));
      if (record.new_item) change.new_item = EncodedItem::FromBytes(std::string(*record.new_item));
      change.by_time_to_live = record.by_time_to_live;
    }
    ++looked_records_;
    looked_bytes_ += value.size();
    page_.read_up_to = sequence;
    return true;
  }

  bool Matches(std::string_view key) const {
    if (!request_.hashes) return true;
    const std::uint64_t hash = BigEndian64From(key);
    return request_.hashes->first <= hash && hash <= request_.hashes->last;
  }

  Store* const store_;
  const ChangesRequest& request_;
  const std::uint64_t next_;
  const std::string end_;

  Tier tier_ = Tier::kMemory;
  std::optional<Rows> records_;
  bool opened_ = false;  // no record was taken from this iterator yet
  std::size_t looked_records_ = 0;
  std::size_t looked_bytes_ = 0;
  std::size_t held_bytes_ = 0;
  ChangePage page_;
};

// The oldest record's sequence, or `next`. nullopt if the disk must be asked.
Result<std::optional<std::uint64_t>> FirstOf(Store* store, Tier tier, const TableState& state, std::uint64_t next) {
  const Incarnation incarnation = state.table().incarnation();
  Rows record(*store, store->changes(), tier,
              {ChangeRowKey(incarnation, state.first_change()), EndOf(incarnation, ~std::uint64_t{0})});
  record.SeekToLower();
  if (record.Valid()) return std::optional(std::min(SequenceOf(record.key()), next));
  if (record.status().IsIncomplete()) return std::optional<std::uint64_t>();
  if (!record.status().ok()) return ErrorFrom(record.status(), "reading the change log");
  return std::optional(next);
}

rocksdb::Status ReadRecord(const Store& store, Tier tier, Incarnation incarnation, std::uint64_t sequence,
                           rocksdb::PinnableSlice* value) {
  return ReadRow(store, store.changes(), tier, nullptr, ChangeRowKey(incarnation, sequence), value);
}

// The first of the records from `first` to before `next` that was committed at or after `time`, or `next`. nullopt if
// the disk must be asked.
Result<std::optional<std::uint64_t>> FindIn(const Store& store, Tier tier, Incarnation incarnation, std::uint64_t first,
                                            std::uint64_t next, WallTime time) {
  rocksdb::PinnableSlice value;
  while (first < next) {
    const std::uint64_t middle = first + (next - first) / 2;
    const rocksdb::Status status = ReadRecord(store, tier, incarnation, middle, &value);
    if (status.IsIncomplete()) return std::optional<std::uint64_t>();
    if (status.IsNotFound()) {  // trimmed since
      first = middle + 1;
      continue;
    }
    if (!status.ok()) return ErrorFrom(status, "reading the change log");
    INSULA_ASSIGN(const ChangeRecord record, ChangeRecordFrom(value.ToStringView()));
    if (record.committed_at < time) {
      first = middle + 1;
    } else {
      next = middle;
    }
  }
  return std::optional(first);
}

// What `find` gives, from memory or else on a thread that may wait for the disk.
template <class Find>
Task<Result<std::uint64_t>> FromAnywhere(WorkerPool* readers, Find find) {
  INSULA_CO_ASSIGN(std::optional<std::uint64_t> found, find(Tier::kMemory));
  if (!found) {
    auto work = [&find] { return find(Tier::kDisk); };
    INSULA_CO_ASSIGN(found, co_await RunOn(readers, work));
  }
  co_return *found;
}

Task<Result<OpenedTable>> OpenFromAnywhere(EngineParts* parts, TableRef table) {
  if (std::optional<OpenedTable> opened = TryOpenForWriting(parts, table)) co_return *std::move(opened);
  co_return co_await OpenForWriting(parts, table);
}

Task<Result<ChangeBounds>> BoundsOf(EngineParts* parts, const OpenedTable* table) {
  ChangeBounds bounds;
  bounds.next = table->state->counters().change_sequence + 1;
  auto find = [table, next = bounds.next](Tier tier) { return FirstOf(&*table->store, tier, *table->state, next); };
  INSULA_CO_ASSIGN(bounds.first, co_await FromAnywhere(parts->stores.readers(), find));
  table->state->NoteFirstChange(bounds.first);
  co_return bounds;
}

}  // namespace

Task<Result<ChangePage>> ChangeReader::Read(ChangesRequest request) {
  INSULA_CO_ASSIGN(const OpenedTable table, co_await OpenFromAnywhere(parts_, request.table));
  const std::uint64_t next = table.state->counters().change_sequence + 1;
  if (request.after + 1 >= next || request.after >= request.up_to) {
    // Followers who have caught up ask most often.
    ChangePage nothing;
    nothing.read_up_to = request.after;
    co_return nothing;
  }
  ChangeWalk walk(&*table.store, &request, next);
  INSULA_CO_TRY(co_await WalkToEnd(parts_->stores.readers(), &walk));
  co_return walk.TakePage();
}

Task<Result<ChangeBounds>> ChangeReader::Bounds(TableRef table) {
  INSULA_CO_ASSIGN(const OpenedTable opened, co_await OpenFromAnywhere(parts_, table));
  co_return co_await BoundsOf(parts_, &opened);
}

std::optional<std::uint64_t> ChangeReader::NextKnown(const TableRef& table) const {
  const std::shared_ptr<TableState> state = parts_->tables.Find(table);
  if (!state) return std::nullopt;
  return state->counters().change_sequence + 1;
}

Task<Result<std::uint64_t>> ChangeReader::Find(TableRef table, WallTime time) {
  INSULA_CO_ASSIGN(const OpenedTable opened, co_await OpenFromAnywhere(parts_, table));
  INSULA_CO_ASSIGN(const ChangeBounds bounds, co_await BoundsOf(parts_, &opened));
  auto find = [&](Tier tier) {
    return FindIn(*opened.store, tier, table.incarnation(), bounds.first, bounds.next, time);
  };
  co_return co_await FromAnywhere(parts_->stores.readers(), find);
}

Task<Result<void>> ChangeReader::Trim(TableRef table, std::uint64_t first_kept) {
  INSULA_CO_ASSIGN(const OpenedTable opened, co_await OpenFromAnywhere(parts_, table));
  INSULA_CO_ASSIGN(const ChangeBounds bounds, co_await BoundsOf(parts_, &opened));
  first_kept = std::min(first_kept, bounds.next);
  if (first_kept <= bounds.first) co_return Result<void>();
  RowRange range{opened.store->changes(), ChangeRowKey(table.incarnation(), bounds.first),
                 ChangeRowKey(table.incarnation(), first_kept)};
  auto work = [&] { return DeleteRows(&*opened.store, range); };
  INSULA_CO_TRY(co_await RunOn(parts_->stores.readers(), work));
  opened.state->NoteFirstChange(first_kept);
  co_return Result<void>();
}

Task<Result<WallTime>> ChangeTimeOf(EngineParts* parts, Store* store, TableRef table, std::uint64_t sequence) {
  rocksdb::PinnableSlice value;
  rocksdb::Status status = ReadRecord(*store, Tier::kMemory, table.incarnation(), sequence, &value);
  if (status.IsIncomplete()) {
    auto work = [&] { return ReadRecord(*store, Tier::kDisk, table.incarnation(), sequence, &value); };
    status = co_await RunOn(parts->stores.readers(), work);
  }
  if (status.IsNotFound()) co_return WallTime();
  if (!status.ok()) co_return ErrorFrom(status, "reading the change log");
  INSULA_CO_ASSIGN(const ChangeRecord record, ChangeRecordFrom(value.ToStringView()));
  co_return record.committed_at;
}

}  // namespace insula::storage::rocks
