// Reading rows without stalling an event loop: from memory at once, from the disk on a thread that may wait.
#pragma once

#include <string>
#include <string_view>

#include <rocksdb/db.h>

#include "base/result.h"
#include "base/task.h"
#include "model/encoded_item.h"
#include "storage/engine.h"
#include "storage/rocks/read_scope.h"
#include "storage/rocks/store.h"
#include "storage/rocks/worker_pool.h"

namespace insula::storage::rocks {

// One row of a column family. With Tier::kMemory the status is Incomplete if the disk must be asked. `snapshot`:
// nullptr reads what is there now.
rocksdb::Status ReadRow(const Store& store, rocksdb::ColumnFamilyHandle* family, Tier tier,
                        const rocksdb::Snapshot* snapshot, std::string_view row_key, rocksdb::PinnableSlice* value);
// Of the items' family.
inline rocksdb::Status ReadRow(const Store& store, Tier tier, const rocksdb::Snapshot* snapshot,
                               std::string_view row_key, rocksdb::PinnableSlice* value) {
  return ReadRow(store, store.items(), tier, snapshot, row_key, value);
}

// The item a read found, none, or why it failed. Precondition: not Incomplete.
Result<MaybeItem> ItemFrom(const rocksdb::Status& status, const rocksdb::PinnableSlice& value);

// One row, from wherever it is. `value` lives until it returns.
Task<rocksdb::Status> ReadRowAnywhere(Store* store, WorkerPool* pool, std::string_view row_key,
                                      rocksdb::PinnableSlice* value);

}  // namespace insula::storage::rocks
