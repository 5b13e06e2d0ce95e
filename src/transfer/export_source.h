// The items that a full export writes: of a copy of the table as it was at the export's time, which is kept while the
// export is at work, so that it goes on where it was.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "storage/backups.h"
#include "tenancy/state/transfer_records.h"

namespace insula::transfer {

// Used by one job; `backups` outlives it.
class ExportSource {
 public:
  ExportSource(storage::Backups& backups, const tenancy::TransferRecord& transfer)
      : backups_(backups),
        store_(transfer.store),
        id_("export-" + transfer.id),
        as_of_(transfer.as_export().to),
        of_its_begin_(as_of_ == transfer.started_at) {}

  // Makes the copy, and returns of when it is; idempotent. An engine that keeps no past makes one of now, where the
  // export is of the time at which it began, and fails the job otherwise.
  Task<Result<WallTime>> Prepare(tenancy::TableRef table);
  // The first page has cursor 0.
  Task<Result<storage::BackupPage>> Read(std::uint64_t cursor);
  // Removes the copy; idempotent, and nothing if there is none.
  Task<Result<void>> Release();

 private:
  storage::Backups& backups_;
  const StoreId store_;
  const std::string id_;
  const WallTime as_of_;
  const bool of_its_begin_;
};

}  // namespace insula::transfer
