// Rows in ascending order, in a file that RocksDB takes in as a whole: no log, no memtable, no compaction on the way.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>

#include "base/result.h"
#include "storage/rocks/store.h"

namespace insula::storage::rocks {

// Blocks. One thread at a time.
class IngestFile {
 public:
  // An older file of this path is overwritten. `options` are the store's, and outlive it.
  IngestFile(const rocksdb::Options& options, std::string path) : options_(options), path_(std::move(path)) {}

  Result<void> Put(std::string_view key, std::string_view value);
  // Whole and synced; false, and no file, if nothing was put.
  Result<bool> Finish();
  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return bytes_; }  // of keys and values

 private:
  const rocksdb::Options& options_;
  const std::string path_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
  std::uint64_t bytes_ = 0;
};

// Makes the rows of these files the store's: all or none, durably. Nobody else may write to the ranges they span. The
// files are the store's from then on. Precondition: the store has been written to, or RocksDB may drop the rows
// (docs/rocksdb.md).
Result<void> Ingest(Store* store, const std::vector<std::string>& paths);

// Whether the store has so many files to compact that more would slow down its writers.
bool HasBacklog(Store* store);

}  // namespace insula::storage::rocks
