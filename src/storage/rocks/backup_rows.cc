#include "storage/rocks/backup_rows.h"

#include "storage/rocks/key_format.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kReadAhead = 2u << 20;

}  // namespace

CurrentRows::CurrentRows(Store* store, const rocksdb::Snapshot* snapshot, const tenancy::TableRef& table) {
  AppendRowPrefix(table, RowKind::kItem, &begin_);
  end_ = SuccessorOf(begin_);
  end_slice_ = end_;
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.iterate_upper_bound = &end_slice_;
  options.fill_cache = false;  // what tenants read stays there
  options.readahead_size = kReadAhead;
  rows_.emplace(*store, store->items(), Tier::kDisk, options);
}

Result<bool> CurrentRows::Next() {
  started_ ? rows_->Next() : rows_->Seek(begin_);
  started_ = true;
  if (rows_->Valid()) return true;
  if (!rows_->status().ok()) return ErrorFrom(rows_->status(), "reading a table");
  return false;
}

std::string_view CurrentRows::key() const { return rows_->key().ToStringView().substr(kItemPrefixSize); }

}  // namespace insula::storage::rocks
