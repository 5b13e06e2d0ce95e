// The backup keeper's side of the catalog: which copies are to be made, removed or restored, and what has been.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/state/backup_records.h"
#include "tenancy/state/copy_task.h"

namespace insula::tenancy {

// What an engine tells of a backup that it has made.
struct BackupNumbers {
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  std::uint64_t stored_bytes = 0;
};

// The side of control/backup_keeper.h. Every method is idempotent. Safe from any thread; the catalog outlives it.
class BackupIntents {
 public:
  explicit BackupIntents(Catalog& catalog) : catalog_(catalog) {}

  // All that is to be done now; what expires later isn't among it.
  std::vector<CopyTask> Pending() const;
  // As Intents::Listen.
  void Listen(std::function<void(const CopyTask&)> listener);

  struct BackupWork {
    BackupPtr backup;
    bool remove = false;  // else: to be made
  };
  std::optional<BackupWork> WorkOf(const BackupTask& task) const;
  // The engine has made it: AVAILABLE, and tables that waited for it are tasks.
  Task<Result<void>> Made(BackupTask task, BackupNumbers numbers);
  // The engine has none of it: its record goes.
  Task<Result<void>> Gone(BackupTask task);
  // It can't be made: it is to be removed.
  Task<Result<void>> GiveUp(BackupTask task);

  struct RestoreWork {
    TablePtr table;
    BackupPtr from;  // nullptr: it is gone, and the table can't be restored
  };
  // Nothing while the backup is still being made, or the table or its tenant goes.
  std::optional<RestoreWork> WorkOf(const RestoreTask& task) const;
  // The table is filled: ACTIVE.
  Task<Result<void>> Restored(RestoreTask task, Incarnation incarnation);
  // The table can't be restored: it is to be dropped.
  Task<Result<void>> GiveUp(RestoreTask task, Incarnation incarnation);

 private:
  Catalog& catalog_;
};

}  // namespace insula::tenancy
