// Reads table files block by block (storage/file_check.h).
//
// Where no request looks: rows of tables that were dropped, change logs, filters, older versions of rows. And not as
// requests do: each file is opened anew, beside the readers that RocksDB keeps, so that what is checked is on the disk
// and not in a cache, and nobody's blocks are pushed out of the block cache.
#pragma once

#include <rocksdb/options.h>

#include "storage/file_check.h"
#include "storage/rocks/engine_parts.h"

namespace insula::storage::rocks {

// What a file of a store's is opened with, to read all of it: of a store's `options`, for one file at a time.
rocksdb::Options OptionsForChecking(rocksdb::Options options);

class RocksFileCheck final : public FileCheck {
 public:
  explicit RocksFileCheck(EngineParts* parts) : parts_(parts) {}

  Task<Result<std::vector<std::string>>> FindDamagedFiles(StoreId id) override;

 private:
  EngineParts* const parts_;
  WorkerPool pool_{"check-files", 1, WorkerPool::Work::kCanWait};
};

}  // namespace insula::storage::rocks
