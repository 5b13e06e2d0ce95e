#include "storage/rocks/file_damage.h"

#include <utility>

namespace insula::storage::rocks {

// Called before OnBackgroundError, on the same thread; compactions of a store are one at a time.
void FileDamage::OnCompactionCompleted(rocksdb::DB*, const rocksdb::CompactionJobInfo& compaction) {
  told_ = compaction.status.IsCorruption();
  if (!told_) return;
  FoundDamage found{compaction.cf_name, compaction.status.ToString()};
  if (found.what.find(".sst") == std::string::npos) {
    for (const std::string& file : compaction.input_files) found.what += " in " + file;
  }
  on_found_(std::move(found));
}

void FileDamage::OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) {
  using Reason = rocksdb::BackgroundErrorReason;
  if (reason == Reason::kCompaction && error->IsCorruption() && told_.exchange(false)) {
    *error = rocksdb::Status::OK();  // RocksDB then takes writes as before
    return;
  }
  if (error->IsNoSpace()) return;  // not for long
  const bool of_a_write = reason == Reason::kWriteCallback || reason == Reason::kMemTable;
  Failure none = Failure::kNone;
  first_failure_.compare_exchange_strong(none, of_a_write ? Failure::kOfAWrite : Failure::kOfBackgroundWork);
}

}  // namespace insula::storage::rocks
