// Deleting many rows that stand together.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "storage/rocks/store.h"

namespace insula::storage::rocks {

struct RowRange {
  rocksdb::ColumnFamilyHandle* family = nullptr;
  std::string begin;
  std::string end;  // exclusive
};

// Deletes what is in the range; nobody may write to it meanwhile. Not synced: after a power failure the rows may be
// there again. Returns the rows that it counts for where the rate is limited. Blocks.
Result<std::size_t> DeleteRows(Store* store, const RowRange& range);

}  // namespace insula::storage::rocks
