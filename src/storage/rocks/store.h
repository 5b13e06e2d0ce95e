// One RocksDB: the shared store or an account's own.
//
//   default          items, indexes, counters, collections, the store's own rows   (key_format.h)
//   changes          the change log                                               (change_log.h)
//
// The file FORMAT beside them says which version of the format they have and whose they are (store_format.h), WITNESS
// what was promised of them (witness.h).
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>

#include "base/result.h"
#include "model/ids.h"
#include "storage/rocks/committer.h"
#include "storage/rocks/file_damage.h"
#include "storage/rocks/log_guard.h"
#include "storage/rocks/store_format.h"
#include "storage/rocks/witness.h"

namespace insula::storage::rocks {

class Opening;

enum class IfMissing { kCreate, kRefuse };
enum class IfLost { kRefuse, kGiveUp };              // acknowledged writes
inline constexpr char kChangesFamily[] = "changes";  // the column family of the change log

class Store {
 public:
  struct Parts {
    rocksdb::Options options;  // of DB and column families alike
    WorkerPool* commit_pool = nullptr;
    const Clock* clock = nullptr;
    CommitterOptions committer;
    DiskState* disk = nullptr;  // of options.env; nullptr: files in memory, without a witness
    IfMissing if_missing = IfMissing::kCreate;
    IfLost if_lost = IfLost::kRefuse;
    // Whose it must be. Nothing for the shared store: the organization is what that one says.
    std::optional<std::string> organization;
    std::function<void(std::string_view)> log;
    // Told of damage that compactions find (file_damage.h), with the store that it is in.
    std::function<void(StoreId, FoundDamage)> on_damage;
    // Told of every failed write, with the store it failed in.
    std::function<void(StoreId, const rocksdb::Status&)> on_failure;
  };
  // Opens, or makes, the store in `directory`. A store that was once made is never made again, whatever is missing of
  // it, and one that lacks what was promised isn't changed unless it may give that up; nor is one that is another's.
  // Blocks. NotFound if there is none; FailedPrecondition if a newer program made it; Corruption with what is damaged
  // or missing, or whose store it is; StorageFull, with all as it was, if the disk lacks the room.
  static Result<std::unique_ptr<Store>> Open(StoreId id, const std::string& directory, Parts parts);
  // Precondition: nobody commits or reads any more.
  ~Store();

  StoreId id() const { return identity_.store; }
  const std::string& organization() const { return identity_.organization; }
  rocksdb::DB* db() const { return db_.get(); }
  rocksdb::ColumnFamilyHandle* items() const { return items_; }
  rocksdb::ColumnFamilyHandle* changes() const { return changes_; }
  Committer& committer() { return *committer_; }
  // A synced write that isn't the committer's: `batch` is durable.
  rocksdb::Status WriteSynced(rocksdb::WriteBatch* batch);

  const FileDamage& damage() const { return *damage_; }
  // No compaction of the column family of that name from here on, so that none meets its damage again. True if there
  // were any until now. Blocks.
  Result<bool> EndCompactions(const std::string& family);
  // Whether all column families have compactions.
  bool compacts() const { return compacts_.load(std::memory_order_relaxed); }

  // No write succeeds any more; set after a failed sync or an I/O error.
  bool fenced() const { return fenced_.load(std::memory_order_relaxed); }
  void Fence() { fenced_.store(true, std::memory_order_relaxed); }
  // A write found the disk full; nothing is written until RocksDB has resumed.
  bool out_of_space() const { return out_of_space_.load(std::memory_order_relaxed); }
  void set_out_of_space(bool out) { out_of_space_.store(out, std::memory_order_relaxed); }

 private:
  Store() = default;
  // Open, while nothing of the directory is deleted.
  static Result<std::unique_ptr<Store>> OpenHeld(StoreId id, const std::string& directory, Parts parts,
                                                 Opening* opening);

  StoreIdentity identity_;
  std::string directory_;
  DiskState* disk_ = nullptr;
  std::shared_ptr<Witness> witness_;  // nullptr: none
  std::shared_ptr<FileDamage> damage_;
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* items_ = nullptr;
  rocksdb::ColumnFamilyHandle* changes_ = nullptr;
  std::unique_ptr<Committer> committer_;
  std::atomic<bool> compacts_{true};
  std::atomic<bool> fenced_{false};
  std::atomic<bool> out_of_space_{false};
};

}  // namespace insula::storage::rocks
