// The operator's side of backups: those of all contexts, and what a context may not do with its own by itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/faces/backup_catalog.h"

namespace insula::tenancy {

// Safe from any thread; the catalog outlives it.
class OperatorBackups {
 public:
  using Edit = BackupCatalog::Edit;

  explicit OperatorBackups(Catalog& catalog) : catalog_(catalog), backups_(catalog) {}

  // All but internal ones; empty members of `filter` match all. In order of owner and time.
  std::vector<BackupPtr> All(const ContextNames& filter) const;
  struct RestoredTable {
    ContextNames owner;
    TablePtr table;
    RestoreSource source;
    BackupPtr from;  // while it is being restored
  };
  // Tables that were restored, or are being restored.
  std::vector<RestoredTable> Restored(const ContextNames& filter) const;

  // As BackupCatalog has them, for the context; but SYSTEM backups can be deleted, too, and tables can be made where a
  // tenant's tables are its service's template's.
  Task<Result<BackupPtr>> Delete(Context context, std::string arn);
  Task<Result<TablePtr>> Restore(Context context, std::string arn, std::string target, Edit edit);
  Task<Result<TablePtr>> RestoreToPointInTime(Context context, std::string source, std::string target,
                                              std::optional<WallTime> time, Edit edit);

 private:
  Catalog& catalog_;
  BackupCatalog backups_;
};

}  // namespace insula::tenancy
