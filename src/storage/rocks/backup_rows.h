// A table's items in key order, for whoever copies them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rocksdb/db.h>
#include <rocksdb/snapshot.h>

#include "base/result.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/store.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage::rocks {

// One thread at a time. Blocks.
class BackupRows {
 public:
  virtual ~BackupRows() = default;
  // Goes to the first item, then to each next one; false after the last.
  virtual Result<bool> Next() = 0;
  // Valid until the next call of Next().
  virtual std::string_view key() const = 0;   // model/primary_key.h
  virtual std::string_view item() const = 0;  // encoded
};

// The items as a snapshot has them.
class CurrentRows final : public BackupRows {
 public:
  // `store` and `snapshot` outlive it.
  CurrentRows(Store* store, const rocksdb::Snapshot* snapshot, const tenancy::TableRef& table);
  Result<bool> Next() override;
  std::string_view key() const override;
  std::string_view item() const override { return rows_->value().ToStringView(); }

 private:
  std::optional<Rows> rows_;
  bool started_ = false;
};

}  // namespace insula::storage::rocks
