// Index entries of a table that is being restored. Items come in the order of the table, entries must go in in the
// order of their index: they are sorted in runs, as large as memory allows, which are merged when all are there.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rocksdb/sst_file_reader.h>

#include "base/result.h"
#include "storage/rocks/ingest_file.h"

namespace insula::storage::rocks {

// The file of an index's run of this number.
std::string IndexRunPath(const std::string& directory, std::uint16_t index, std::uint64_t run);

// One run of one index, in memory.
class IndexRun {
 public:
  void Add(std::string key, std::string value);
  std::size_t bytes() const { return bytes_; }
  // Sorts and writes it, also where it is empty: then there is no file.
  Result<void> Write(const rocksdb::Options& options, const std::string& path);

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
  std::size_t bytes_ = 0;
};

// Merges an index's runs into files without overlap and gives these to the store. Blocks.
class IndexMerge {
 public:
  // `options` and `store` outlive it.
  IndexMerge(const rocksdb::Options& options, Store* store, std::string directory, std::uint16_t index,
             std::uint64_t runs);
  ~IndexMerge();

  // Some MB of the work; false when it is done.
  Result<bool> Step();

 private:
  class Inputs;
  std::string NextOutputPath();

  const rocksdb::Options& options_;
  Store* const store_;
  const std::string directory_;
  const std::uint16_t index_;
  std::deque<std::string> runs_;  // yet to be merged
  bool last_pass_ = false;        // what is merged now goes to the store, not into another run
  std::unique_ptr<Inputs> inputs_;
  std::unique_ptr<IngestFile> output_;
  std::uint64_t outputs_ = 0;
};

}  // namespace insula::storage::rocks
