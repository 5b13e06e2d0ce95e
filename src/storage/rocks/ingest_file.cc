#include "storage/rocks/ingest_file.h"

#include <charconv>

#include "base/check.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

// Well below RocksDB's own level0_slowdown_writes_trigger, 20.
constexpr int kUnsortedFilesMax = 10;

}  // namespace

Result<void> IngestFile::Put(std::string_view key, std::string_view value) {
  rocksdb::Status status;
  if (!writer_) {
    writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(options_), options_, nullptr,
                                                       /*invalidate_page_cache=*/true, rocksdb::Env::IO_LOW);
    status = writer_->Open(path_);
  }
  if (status.ok()) status = writer_->Put(key, value);
  if (!status.ok()) return ErrorFrom(status, "writing " + path_);
  bytes_ += key.size() + value.size();
  return {};
}

Result<bool> IngestFile::Finish() {
  if (!writer_) return false;
  const rocksdb::Status status = writer_->Finish();
  writer_.reset();
  if (!status.ok()) return ErrorFrom(status, "writing " + path_);
  return true;
}

Result<void> Ingest(Store* store, const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  INSULA_CHECK(store->db()->GetLatestSequenceNumber() > 0);
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.failed_move_fall_back_to_copy = true;
  options.write_global_seqno = false;
  const rocksdb::Status status = store->db()->IngestExternalFile(store->items(), paths, options);
  if (!status.ok()) return ErrorFrom(status, "taking in restored rows");
  return {};
}

bool HasBacklog(Store* store) {
  if (!store->compacts()) return false;  // it would never end
  std::string text;
  const std::string property = rocksdb::DB::Properties::kNumFilesAtLevelPrefix + "0";
  if (!store->db()->GetProperty(store->items(), property, &text)) return false;
  int files = 0;
  std::from_chars(text.data(), text.data() + text.size(), files);
  return files >= kUnsortedFilesMax;
}

}  // namespace insula::storage::rocks
