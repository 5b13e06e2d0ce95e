// A table's items as they were: those of a snapshot, with every change after some moment undone. For each key that was
// changed since, the old image of its first change is what it was.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "storage/rocks/backup_rows.h"

namespace insula::storage::rocks {

// The first sequence number of the table's change log, as the snapshot has it, whose record was committed after `time`;
// `last` + 1 if there is none. Blocks. The caller knows that the log reaches back that far.
Result<std::uint64_t> FirstChangeAfter(Store* store, const rocksdb::Snapshot* snapshot, const tenancy::TableRef& table,
                                       std::uint64_t last, WallTime time);

// Memory stays bounded however much has changed: keys are taken in ranges of their hash, each so small that its old
// images fit, and each reads the log anew.
class PastRows final : public BackupRows {
 public:
  // Undoes the changes from `first` to `last`, all that the snapshot has of the log. `store` and `snapshot` outlive it.
  PastRows(Store* store, const rocksdb::Snapshot* snapshot, const tenancy::TableRef& table, std::uint64_t first,
           std::uint64_t last, std::size_t bytes_max);
  // Refusal::kChangesTrimmed where a record of the log is missing.
  Result<bool> Next() override;
  std::string_view key() const override { return key_; }
  std::string_view item() const override { return item_; }

 private:
  using OldImages = std::map<std::string, std::optional<std::string>, std::less<>>;  // by key; none: there was no item

  Result<void> LoadRange();
  void Shrink();
  Result<void> NextRow();
  Result<bool> Step();

  Store* const store_;
  const rocksdb::Snapshot* const snapshot_;
  const Incarnation incarnation_;
  const std::uint64_t first_;
  const std::uint64_t last_;
  const std::size_t bytes_max_;

  CurrentRows rows_;
  bool rows_left_ = false;
  bool started_ = false;

  // Of the range in hand, both ends inclusive.
  std::uint64_t range_begin_ = 0;
  std::uint64_t range_end_ = 0;
  OldImages old_;
  std::size_t old_bytes_ = 0;
  OldImages::const_iterator next_old_;

  std::string_view key_;
  std::string_view item_;
  bool row_taken_ = false;  // what Next() gave was a row's, or an old image's, or both were at the key
  bool old_taken_ = false;
};

}  // namespace insula::storage::rocks
