#include "storage/rocks/sweeper.h"

#include <memory>

#include <rocksdb/convenience.h>

#include "storage/rocks/key_format.h"
#include "storage/rocks/status.h"
#include "storage/rocks/tokens.h"

namespace insula::storage::rocks {
namespace {

constexpr char kVersion = 1;

// Ranges up to this many rows are deleted row by row: a range tombstone costs every later read near it.
constexpr std::size_t kRowsByRow = 2'000;

struct Range {
  rocksdb::ColumnFamilyHandle* family;
  std::string begin;
  std::string end;
};

// Deletes at most `rows_max` rows of the range, or all of it at once if it is large. True if the range is empty now.
Result<bool> DeleteRange(Store* store, const Range& range, std::size_t rows_max, std::size_t* rows) {
  rocksdb::ReadOptions read;
  const rocksdb::Slice end(range.end);
  read.iterate_upper_bound = &end;
  read.fill_cache = false;
  rocksdb::WriteBatch batch;
  std::size_t count = 0;
  {
    std::unique_ptr<rocksdb::Iterator> row(store->db()->NewIterator(read, range.family));
    for (row->Seek(range.begin); row->Valid() && count < kRowsByRow; row->Next(), ++count) {
      batch.Delete(range.family, row->key());
    }
    if (!row->status().ok()) return ErrorFrom(row->status(), "sweeping");
    if (row->Valid()) {
      // Large: whole files go at once, what is left of it under one tombstone.
      row.reset();
      const rocksdb::Slice begin(range.begin);
      rocksdb::Status status = rocksdb::DeleteFilesInRange(store->db(), range.family, &begin, &end, false);
      if (status.ok()) status = store->db()->DeleteRange({}, range.family, begin, end);
      // Out of the memtable, where every read of the table's neighbours would look at it.
      if (status.ok()) status = store->db()->Flush({}, range.family);
      if (!status.ok()) return ErrorFrom(status, "sweeping");
      *rows += rows_max;
      return true;
    }
  }
  *rows += count;
  if (count > 0) {
    const rocksdb::Status status = store->db()->Write({}, &batch);
    if (!status.ok()) return ErrorFrom(status, "sweeping");
  }
  return true;
}

}  // namespace

std::string PendingDropRowKey(const tenancy::TableRef& table, std::optional<std::uint16_t> index) {
  std::string key = SystemPrefix(SystemRow::kPendingDrop);
  AppendPlace(table, &key);
  if (index) AppendBigEndian16(*index, &key);
  return key;
}

std::string PendingDropRowValue() { return std::string(1, kVersion); }

Result<bool> Sweep(Store* store, WallTime now, std::size_t rows_max) {
  std::size_t rows = 0;
  const std::string prefix = SystemPrefix(SystemRow::kPendingDrop);
  const std::string prefix_end = SuccessorOf(prefix);
  const rocksdb::Slice end(prefix_end);
  rocksdb::ReadOptions read;
  read.iterate_upper_bound = &end;
  std::unique_ptr<rocksdb::Iterator> pending(store->db()->NewIterator(read, store->items()));
  for (pending->Seek(prefix); pending->Valid(); pending->Next()) {
    if (rows >= rows_max) return true;
    const std::string place(pending->key().ToStringView().substr(prefix.size()));
    std::vector<Range> ranges;
    if (place.size() == kPlaceSize) {
      ranges.push_back({store->items(), place, SuccessorOf(place)});
      const std::string incarnation = place.substr(8);
      ranges.push_back({store->changes(), incarnation, SuccessorOf(incarnation)});
    } else {
      std::string index = place.substr(0, kPlaceSize);
      index.push_back(static_cast<char>(RowKind::kIndex));
      index.append(place.substr(kPlaceSize));
      ranges.push_back({store->items(), index, SuccessorOf(index)});
    }
    for (const Range& range : ranges) INSULA_TRY(DeleteRange(store, range, rows_max, &rows));
    // After what it stands for: a crash in between only sweeps again.
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const rocksdb::Status status = store->db()->Delete(synced, pending->key());
    if (!status.ok()) return ErrorFrom(status, "sweeping");
  }
  if (!pending->status().ok()) return ErrorFrom(pending->status(), "sweeping");
  const std::string tokens = SystemPrefix(SystemRow::kToken);
  INSULA_TRY(DeleteRange(store, {store->items(), tokens, FirstLiveTokenRowKey(now)}, rows_max, &rows));
  return false;
}

}  // namespace insula::storage::rocks
