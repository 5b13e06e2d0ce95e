// An iterator that shows either what there is or why it can't: the only one that reads rows (tests/layering).
//
// Where a file couldn't be read, rocksdb::Iterator may stand on a row all the same, or be past the end as if nothing
// followed. Here such a row is never seen: from then on Valid() is false and status() says why.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <rocksdb/db.h>

#include "storage/rocks/read_scope.h"
#include "storage/rocks/store.h"

namespace insula::storage::rocks {

struct RowBounds {
  std::string lower;
  std::string upper;  // exclusive
};

// One thread at a time; with Tier::kMemory any thread, and no call waits for the disk.
class Rows {
 public:
  // Of a column family, within bounds. A snapshot in `options` outlives it; bounds aren't set there. Not yet at any
  // row.
  Rows(const Store& store, rocksdb::ColumnFamilyHandle* family, Tier tier, RowBounds bounds,
       rocksdb::ReadOptions options = {});
  // Of a file.
  explicit Rows(std::unique_ptr<rocksdb::Iterator> rows) : tier_(Tier::kDisk), rows_(std::move(rows)) {}
  Rows(const Rows&) = delete;  // RocksDB keeps the places of the bounds
  Rows& operator=(const Rows&) = delete;

  // To the first row within the bounds.
  void SeekToLower() { Seek(lower_); }

  void Seek(const rocksdb::Slice& target) {
    Move([&] { rows_->Seek(target); });
  }
  void SeekToFirst() {
    Move([&] { rows_->SeekToFirst(); });
  }
  void SeekToLast() {
    Move([&] { rows_->SeekToLast(); });
  }
  // Precondition of both: Valid().
  void Next() {
    Move([&] { rows_->Next(); });
  }
  void Prev() {
    Move([&] { rows_->Prev(); });
  }

  bool Valid() const { return interruption_.ok() && rows_->Valid(); }
  // Incomplete if the disk must be asked; an error if a file couldn't be read. OK at the end.
  rocksdb::Status status() const { return interruption_.ok() ? rows_->status() : interruption_; }

  // Precondition: Valid(). They live until the next move.
  rocksdb::Slice key() const { return rows_->key(); }
  rocksdb::Slice value() const { return rows_->value(); }

 private:
  template <class Step>
  void Move(const Step& step) {
    if (!interruption_.ok()) return;
    const ReadScope scope(tier_);
    step();
    if (scope.interrupted()) [[unlikely]]
      interruption_ = scope.Interruption();
  }

  const Tier tier_;
  const RowBounds bounds_{};
  const rocksdb::Slice lower_ = bounds_.lower, upper_ = bounds_.upper;
  std::unique_ptr<rocksdb::Iterator> rows_;
  rocksdb::Status interruption_;
};

}  // namespace insula::storage::rocks
