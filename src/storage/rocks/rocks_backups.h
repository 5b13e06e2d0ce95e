// The embedded engine's backups: files beside the stores (backup_files.h), written from a snapshot (backup_writer.h),
// restored as files that RocksDB takes in (restoration.h).
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "base/async_mutex.h"
#include "base/mutex.h"
#include "storage/backups.h"
#include "storage/rocks/backup_files.h"
#include "storage/rocks/engine_parts.h"
#include "storage/rocks/worker_pool.h"

namespace insula::storage::rocks {

class RocksBackups final : public Backups {
 public:
  explicit RocksBackups(EngineParts* parts);  // which outlive it
  // Removes what an interruption left. Blocks. Before anything else.
  void Open() { files_.Open(); }
  // Forgets what a restore of this table, which is dropped, left.
  Task<Result<void>> ForgetRestore(tenancy::TableRef table);

  Task<Result<BackupStats>> Create(tenancy::TableRef table, std::string id, std::optional<WallTime> as_of) override;
  Task<Result<BackupStats>> Stats(StoreId store, std::string id) override;
  Task<Result<BackupPage>> Read(StoreId store, std::string id, std::uint64_t cursor) override;
  Task<Result<BackupStats>> Verify(StoreId store, std::string id) override;
  Task<Result<BackupStats>> Restore(StoreId store, std::string id, tenancy::TableRef into,
                                    RestoreObserver observer) override;
  Task<Result<void>> Delete(StoreId store, std::string id) override;
  void Interrupt() override { interruptions_.fetch_add(1); }

 private:
  struct Found {
    BackupPlace place;
    BackupManifest manifest;
  };
  Task<Result<Found>> Find(StoreId store, std::string id);
  Task<Result<BackupStats>> CreateLocked(OpenedTable opened, tenancy::TableRef table, BackupPlace place, std::string id,
                                         std::optional<WallTime> as_of, std::uint64_t begun);
  // One at a time writes or deletes files of a place.
  std::shared_ptr<AsyncMutex> MutexOf(const BackupPlace& place);
  // `begun`: how many interruptions there were when the work began.
  Result<void> CheckGoingOn(std::uint64_t begun) const;

  EngineParts* const parts_;
  BackupFiles files_;
  WorkerPool pool_{"backup", 2, WorkerPool::Work::kCanWait};
  std::atomic<std::uint64_t> interruptions_{0};

  Mutex mutex_;
  std::map<BackupPlace, std::weak_ptr<AsyncMutex>> mutexes_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::storage::rocks
