// What a thread's reads of files may do, and what became of them.
//
// RocksDB's own way of asking for memory only (ReadOptions::read_tier) can't be relied on: with a table file that isn't
// open, Get() answers "found" with an empty value, and an iterator may end at a file's boundary as if nothing followed
// (docs/decisions/reads-that-cannot-lie.md). And an error of a file doesn't always reach the status of the read that
// met it. So the file system keeps the account itself: a scope says whether reads on this thread may wait for the disk,
// and afterwards tells whether one was refused or failed, whatever RocksDB made of that. An answer counts only if
// neither was.
#pragma once

#include <cstdint>
#include <string>

#include <rocksdb/status.h>

namespace insula::storage::rocks {

enum class Tier : std::uint8_t {
  kMemory,  // of RocksDB, or the page cache: never waits for the disk
  kDisk,
};

// One call into RocksDB, or several, on one thread. Scopes nest; the innermost counts.
class ReadScope {
 public:
  explicit ReadScope(Tier tier) : tier_(tier), outer_(current_) { current_ = this; }
  ~ReadScope() { current_ = outer_; }
  ReadScope(const ReadScope&) = delete;
  ReadScope& operator=(const ReadScope&) = delete;

  // What the read's answer is worth: `status` itself where every read of a file was done; Incomplete where one was
  // refused; the failure where one failed.
  rocksdb::Status Judge(rocksdb::Status status) const {
    if (!interrupted_) [[likely]]
      return status;
    return Interruption();
  }
  // Whether what RocksDB shows can't be relied on.
  bool interrupted() const { return interrupted_; }
  // Precondition: interrupted().
  rocksdb::Status Interruption() const;

  // --- for the file system ---
  // The thread's; nullptr where it has none.
  static ReadScope* Current() { return current_; }
  bool may_wait() const { return tier_ == Tier::kDisk; }
  void Refused() { interrupted_ = true; }
  void Failed(const rocksdb::Status& failure);

 private:
  static thread_local constinit ReadScope* current_;

  const Tier tier_;
  bool interrupted_ = false;
  rocksdb::Status failure_;  // the first
  ReadScope* const outer_;
};

}  // namespace insula::storage::rocks
