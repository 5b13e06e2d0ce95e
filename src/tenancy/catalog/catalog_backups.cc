// What changes of tables mean for backups.
#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/minted_id.h"

namespace insula::tenancy {

// A SYSTEM backup's ends in zeros, as DynamoDB's do.
std::string Catalog::Impl::NewBackupId(const ContextNames& owner, BackupKind kind, WallTime at) const {
  for (;; at += std::chrono::milliseconds(1)) {
    std::string id = TimedId(at, kind == BackupKind::kSystem ? "00000000" : RandomIdEnd());
    if (StateInLane().FindBackup(owner, id) == nullptr) return id;
  }
}

BackupRecord Catalog::Impl::NewBackup(const TableRecord& table, BackupKind kind, std::string name) const {
  BackupRecord backup;
  backup.owner = table.owner;
  backup.created_at = clock.Now();
  backup.id = NewBackupId(table.owner, kind, backup.created_at);
  backup.name = std::move(name);
  backup.kind = kind;
  if (kind == BackupKind::kSystem) backup.expires_at = backup.created_at + kSystemBackupKept;
  backup.table = table.table;
  backup.arn = BackupArn(table.table->arn, backup.id);
  return backup;
}

// The copy of a table's past was made for one restore, which has ended.
void Catalog::Impl::EndRestore(const TableRecord& record, Change* change) const {
  if (!record.restoring_from) return;
  const BackupPtr backup = StateInLane().FindBackup(record.owner, *record.restoring_from);
  if (backup != nullptr && backup->kind == BackupKind::kInternal) change->DeleteBackup(*backup);
}

}  // namespace insula::tenancy
