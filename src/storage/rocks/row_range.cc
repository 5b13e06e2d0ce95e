#include "storage/rocks/row_range.h"

#include <optional>

#include <rocksdb/convenience.h>

#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

// Ranges up to this many rows are deleted row by row: a range tombstone costs every later read near it.
constexpr std::size_t kRowsByRow = 2'000;
// What a larger one counts for: files removed, a tombstone, a flush.
constexpr std::size_t kRowsOfLarge = 20'000;

}  // namespace

Result<std::size_t> DeleteRows(Store* store, const RowRange& range) {
  rocksdb::ReadOptions read;
  const rocksdb::Slice end(range.end);
  read.fill_cache = false;
  rocksdb::WriteBatch batch;
  std::size_t rows = 0;
  std::optional<Rows> row(std::in_place, *store, range.family, Tier::kDisk, RowBounds{range.begin, range.end}, read);
  for (row->SeekToLower(); row->Valid() && rows < kRowsByRow; row->Next(), ++rows) {
    batch.Delete(range.family, row->key());
  }
  if (!row->status().ok()) return ErrorFrom(row->status(), "deleting rows");
  rocksdb::Status status;
  if (row->Valid()) {
    // Large: whole files go at once, what is left of it under one tombstone.
    row.reset();
    const rocksdb::Slice begin(range.begin);
    status = rocksdb::DeleteFilesInRange(store->db(), range.family, &begin, &end, false);
    if (status.ok()) {
      batch.Clear();
      batch.DeleteRange(range.family, begin, end);
      status = store->WriteSynced(&batch);
    }
    // Out of the memtable, where every read of the range's neighbours would look at it.
    if (status.ok()) status = store->db()->Flush({}, range.family);
    rows = kRowsOfLarge;
  } else if (rows > 0) {
    status = store->WriteSynced(&batch);
  }
  if (!status.ok()) return ErrorFrom(status, "deleting rows");
  return rows;
}

}  // namespace insula::storage::rocks
