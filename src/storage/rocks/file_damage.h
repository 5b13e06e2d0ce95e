// What RocksDB's background work finds wrong with a store's table files, and what then still goes on.
//
// RocksDB answers every write with the error from then on, and meets the same damage when it is opened again. But
// nothing that was acknowledged rests on a compaction: what it reads stays until what it made of it is in the manifest.
// So
//
// - a compaction that meets damage comes to nothing, and writes go on. It would be tried again each second, with all
//   other compactions of the store waiting behind it, so those of the column family end until the store is next opened:
//   its files pile up, which costs reads time and deletions' room;
// - after a flush that meets damage, or a file that can't be read at all, the store takes no more writes. What they
// would
//   have flushed is in the log, and reads go on.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include <rocksdb/listener.h>

namespace insula::storage::rocks {

// A compaction that came to nothing.
struct FoundDamage {
  std::string family;  // the column family's name
  std::string what;    // RocksDB's words, with the file and where in it; or all the files that it read
};

// Of one store. RocksDB's to tell; safe from any thread.
class FileDamage final : public rocksdb::EventListener {
 public:
  // `on_found` is told of each compaction that came to nothing, again and again until their family has no more; on
  // RocksDB's threads, which it doesn't keep waiting.
  explicit FileDamage(std::function<void(FoundDamage)> on_found) : on_found_(std::move(on_found)) {}

  // Whether a flush or a compaction was the first to fail, so that the log holds all that was acknowledged. False where
  // a write of the log, or its sync, was.
  bool log_is_whole() const { return first_failure_.load() == Failure::kOfBackgroundWork; }

  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& compaction) override;
  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;

 private:
  enum class Failure { kNone, kOfBackgroundWork, kOfAWrite };

  const std::function<void(FoundDamage)> on_found_;
  // The last compaction that has ended, if it met damage, has been told of.
  std::atomic<bool> told_{false};
  std::atomic<Failure> first_failure_{Failure::kNone};
};

}  // namespace insula::storage::rocks
