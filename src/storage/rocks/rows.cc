#include "storage/rocks/rows.h"

namespace insula::storage::rocks {

Rows::Rows(const Store& store, rocksdb::ColumnFamilyHandle* family, Tier tier, const rocksdb::ReadOptions& options)
    : tier_(tier) {
  // Opens the files of the first level.
  const ReadScope scope(tier);
  rows_.reset(store.db()->NewIterator(options, family));
  if (scope.interrupted()) interruption_ = scope.Interruption();
}

}  // namespace insula::storage::rocks
