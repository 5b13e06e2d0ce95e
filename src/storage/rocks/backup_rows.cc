#include "storage/rocks/backup_rows.h"

#include "storage/rocks/key_format.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kReadAhead = 2u << 20;

}  // namespace

CurrentRows::CurrentRows(Store* store, const rocksdb::Snapshot* snapshot, const tenancy::TableRef& table) {
  std::string begin;
  AppendRowPrefix(table, RowKind::kItem, &begin);
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  options.fill_cache = false;  // what tenants read stays there
  options.readahead_size = kReadAhead;
  std::string end = SuccessorOf(begin);
  rows_.emplace(*store, store->items(), Tier::kDisk, RowBounds{std::move(begin), std::move(end)}, options);
}

Result<bool> CurrentRows::Next() {
  started_ ? rows_->Next() : rows_->SeekToLower();
  started_ = true;
  if (rows_->Valid()) return true;
  if (!rows_->status().ok()) return ErrorFrom(rows_->status(), "reading a table");
  return false;
}

std::string_view CurrentRows::key() const { return rows_->key().ToStringView().substr(kItemPrefixSize); }

}  // namespace insula::storage::rocks
