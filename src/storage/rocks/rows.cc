#include "storage/rocks/rows.h"

namespace insula::storage::rocks {

Rows::Rows(const Store& store, rocksdb::ColumnFamilyHandle* family, Tier tier, RowBounds bounds,
           rocksdb::ReadOptions options)
    : tier_(tier), bounds_(std::move(bounds)) {
  options.iterate_lower_bound = &lower_;
  options.iterate_upper_bound = &upper_;
  // Opens the files of the first level.
  const ReadScope scope(tier);
  rows_.reset(store.db()->NewIterator(options, family));
  if (scope.interrupted()) interruption_ = scope.Interruption();
}

}  // namespace insula::storage::rocks
