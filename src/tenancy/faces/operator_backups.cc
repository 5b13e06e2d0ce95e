#include "tenancy/faces/operator_backups.h"

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/faces/organization.h"

namespace insula::tenancy {

std::vector<BackupPtr> OperatorBackups::All(const ContextNames& filter) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<BackupPtr> all;
  for (const auto& [owner, owned] : impl.state.backups) {
    if (!Covers(filter, owner)) continue;
    for (const auto& [id, backup] : owned) {
      if (backup->kind != BackupKind::kInternal) all.push_back(backup);
    }
  }
  return all;
}

std::vector<OperatorBackups::RestoredTable> OperatorBackups::Restored(const ContextNames& filter) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<RestoredTable> restored;
  for (const auto& [owner, owned] : impl.state.tables) {
    if (!Covers(filter, owner)) continue;
    for (const auto& [name, record] : owned) {
      if (!record->restored_from) continue;
      BackupPtr from = record->restoring_from ? impl.state.FindBackup(owner, *record->restoring_from) : nullptr;
      restored.push_back({owner, record->table, *record->restored_from, std::move(from)});
    }
  }
  return restored;
}

Task<Result<BackupPtr>> OperatorBackups::Delete(Context context, std::string arn) {
  return backups_.DeleteBy(BackupCatalog::Authority::kOperator, std::move(context), std::move(arn));
}
Task<Result<TablePtr>> OperatorBackups::Restore(Context context, std::string arn, std::string target, Edit edit) {
  return backups_.RestoreBy(BackupCatalog::Authority::kOperator, std::move(context), std::move(arn), std::move(target),
                            std::move(edit));
}
Task<Result<TablePtr>> OperatorBackups::RestoreToPointInTime(Context context, std::string source, std::string target,
                                                             std::optional<WallTime> time, Edit edit) {
  return backups_.RestoreToPointInTimeBy(BackupCatalog::Authority::kOperator, std::move(context), std::move(source),
                                         std::move(target), time, std::move(edit));
}

}  // namespace insula::tenancy
