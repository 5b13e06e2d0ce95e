#include "storage/rocks/past_rows.h"

#include <fmt/format.h>

#include "storage/refusal.h"
#include "storage/rocks/change_log.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

Error Gap(std::uint64_t sequence) {
  return Refused(Refusal::kChangesTrimmed, fmt::format("The change log has no record {} any more", sequence));
}

// The number of the record that the iterator is at.
std::uint64_t SequenceAt(const Rows& records) { return BigEndian64From(records.key().ToStringView().substr(8)); }

RowBounds LogBounds(Incarnation incarnation, std::uint64_t first) {
  return {ChangeRowKey(incarnation, first), ChangeRowKey(incarnation, ~std::uint64_t{0})};
}

}  // namespace

Result<std::uint64_t> FirstChangeAfter(Store* store, const rocksdb::Snapshot* snapshot, const tenancy::TableRef& table,
                                       std::uint64_t last, WallTime time) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  Rows records(*store, store->changes(), Tier::kDisk, LogBounds(table.incarnation(), 0), options);
  records.SeekToLower();
  if (!records.status().ok()) return ErrorFrom(records.status(), "reading the change log");
  std::uint64_t low = records.Valid() ? SequenceAt(records) : last + 1;
  std::uint64_t high = last + 1;  // the answer is in [low, high]
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    records.Seek(ChangeRowKey(table.incarnation(), middle));
    if (!records.status().ok()) return ErrorFrom(records.status(), "reading the change log");
    if (!records.Valid() || SequenceAt(records) != middle) return Gap(middle);
    INSULA_ASSIGN(const ChangeRecord record, ChangeRecordFrom(records.value().ToStringView()));
    if (record.committed_at > time) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

PastRows::PastRows(Store* store, const rocksdb::Snapshot* snapshot, const tenancy::TableRef& table, std::uint64_t first,
                   std::uint64_t last, std::size_t bytes_max)
    : store_(store),
      snapshot_(snapshot),
      incarnation_(table.incarnation()),
      first_(first),
      last_(last),
      bytes_max_(bytes_max),
      rows_(store, snapshot, table) {}

// The old images of keys from range_begin_ on, as many as fit; range_end_ says up to where they are all of them.
Result<void> PastRows::LoadRange() {
  old_.clear();
  old_bytes_ = 0;
  range_end_ = ~std::uint64_t{0};
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.fill_cache = false;
  options.readahead_size = 2u << 20;
  Rows records(*store_, store_->changes(), Tier::kDisk, LogBounds(incarnation_, first_), options);
  std::uint64_t expected = first_;
  for (records.SeekToLower(); records.Valid() && expected <= last_; records.Next()) {
    if (SequenceAt(records) != expected) return Gap(expected);
    ++expected;
    INSULA_ASSIGN(const ChangeRecord record, ChangeRecordFrom(records.value().ToStringView()));
    if (record.key.size() < 8) return Error(ErrorCode::kCorruption, "a record of the change log is damaged");
    const std::uint64_t hash = BigEndian64From(record.key);
    if (hash < range_begin_ || hash > range_end_) continue;
    std::optional<std::string> old;
    if (record.old_item) old.emplace(*record.old_item);
    const auto [image, first_change] = old_.try_emplace(std::string(record.key), std::move(old));
    if (!first_change) continue;
    old_bytes_ += 128 + image->first.size() + (image->second ? image->second->size() : 0);
    if (old_bytes_ > bytes_max_) Shrink();
  }
  if (!records.status().ok()) return ErrorFrom(records.status(), "reading the change log");
  if (expected <= last_) return Gap(expected);
  next_old_ = old_.begin();
  return {};
}

// Leaves the lower half of the keys to this range. Keys of one hash stay together, whatever they take.
void PastRows::Shrink() {
  auto middle = old_.begin();
  std::advance(middle, static_cast<std::ptrdiff_t>(old_.size() / 2));
  const std::uint64_t hash = BigEndian64From(middle->first);
  std::string prefix;
  AppendBigEndian64(hash, &prefix);
  const auto cut = old_.lower_bound(prefix);
  if (cut == old_.begin()) return;
  range_end_ = hash - 1;
  old_.erase(cut, old_.end());
  old_bytes_ = 0;
  for (const auto& [key, image] : old_) old_bytes_ += 128 + key.size() + (image ? image->size() : 0);
}

Result<void> PastRows::NextRow() {
  INSULA_ASSIGN(rows_left_, rows_.Next());
  return {};
}

// Goes to the next key of the range that there was an item of. False at the range's end.
Result<bool> PastRows::Step() {
  for (;;) {
    if (row_taken_) INSULA_TRY(NextRow());
    if (old_taken_) ++next_old_;
    row_taken_ = old_taken_ = false;
    const bool row = rows_left_ && BigEndian64From(rows_.key()) <= range_end_;
    const bool old = next_old_ != old_.end();
    if (!row && !old) return false;
    const int order = !row ? 1 : !old ? -1 : rows_.key().compare(next_old_->first);
    row_taken_ = order <= 0;
    old_taken_ = order >= 0;
    if (!old_taken_) {
      key_ = rows_.key();
      item_ = rows_.item();
      return true;
    }
    if (!next_old_->second) continue;  // it came later
    key_ = next_old_->first;
    item_ = *next_old_->second;
    return true;
  }
}

Result<bool> PastRows::Next() {
  if (!started_) {
    started_ = true;
    INSULA_TRY(NextRow());
    INSULA_TRY(LoadRange());
  }
  for (;;) {
    INSULA_ASSIGN(const bool found, Step());
    if (found) return true;
    if (range_end_ == ~std::uint64_t{0}) return false;
    range_begin_ = range_end_ + 1;
    INSULA_TRY(LoadRange());
  }
}

}  // namespace insula::storage::rocks
