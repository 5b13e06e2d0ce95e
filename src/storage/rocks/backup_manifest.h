// What a backup is made of: which chunks, in order, and of what. Grammar: docs/data_format.md, "Backups".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/table_schema.h"
#include "storage/backups.h"
#include "storage/rocks/backup_chunk.h"
#include "storage/rocks/table_counters.h"

namespace insula::storage::rocks {

struct BackupManifest {
  KeySchema key;
  WallTime as_of{};
  std::uint64_t sequence = 0;  // of the last change in it, in the change log of its table
  // The table's counters when it was copied: while they are the same, so is the table. None where it was copied as it
  // had been.
  std::optional<TableCounters> counters;
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  std::vector<ChunkRef> chunks;

  BackupStats stats() const;
};

std::string EncodeManifest(const BackupManifest& manifest);
// Corruption, saying what is wrong but not where; FailedPrecondition if a newer program wrote it.
Result<BackupManifest> ManifestFrom(std::string_view file);

}  // namespace insula::storage::rocks
