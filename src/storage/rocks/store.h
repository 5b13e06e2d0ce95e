// One RocksDB: the shared store or an account's own.
//
//   default          items, indexes, counters, collections, the store's own rows   (key_format.h)
//   changes          the change log                                               (change_log.h)
//
// The file FORMAT beside them says which version of the format they have.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>

#include "base/result.h"
#include "model/ids.h"
#include "storage/rocks/committer.h"

namespace insula::storage::rocks {

inline constexpr int kStoreFormatVersion = 1;
inline constexpr char kChangesFamily[] = "changes";  // the column family of the change log

class Store {
 public:
  struct Parts {
    rocksdb::Options options;  // of DB and column families alike
    WorkerPool* commit_pool = nullptr;
    const Clock* clock = nullptr;
    CommitterOptions committer;
    // Told of every failed write, with the store it failed in.
    std::function<void(StoreId, const rocksdb::Status&)> on_failure;
  };
  // Opens, or makes, the store in `directory`. Blocks. FailedPrecondition if a newer program made it; Corruption with
  // what is damaged.
  static Result<std::unique_ptr<Store>> Open(StoreId id, const std::string& directory, Parts parts);
  // Precondition: nobody commits or reads any more.
  ~Store();

  StoreId id() const { return id_; }
  rocksdb::DB* db() const { return db_.get(); }
  rocksdb::ColumnFamilyHandle* items() const { return items_; }
  rocksdb::ColumnFamilyHandle* changes() const { return changes_; }
  Committer& committer() { return *committer_; }

  // No write succeeds any more; set after a failed sync or an I/O error.
  bool fenced() const { return fenced_.load(std::memory_order_relaxed); }
  void Fence() { fenced_.store(true, std::memory_order_relaxed); }
  // A write found the disk full; nothing is written until RocksDB has resumed.
  bool out_of_space() const { return out_of_space_.load(std::memory_order_relaxed); }
  void set_out_of_space(bool out) { out_of_space_.store(out, std::memory_order_relaxed); }

 private:
  Store() = default;

  StoreId id_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* items_ = nullptr;
  rocksdb::ColumnFamilyHandle* changes_ = nullptr;
  std::unique_ptr<Committer> committer_;
  std::atomic<bool> fenced_{false};
  std::atomic<bool> out_of_space_{false};
};

}  // namespace insula::storage::rocks
