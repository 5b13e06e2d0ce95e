// Makes one backup: reads the table, writes chunks, then the manifest.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "storage/rocks/backup_files.h"
#include "storage/rocks/backup_rows.h"

namespace insula::storage::rocks {

// In steps short enough for their threads to be shared. Blocks. After an error nothing of it is left.
class BackupWriter {
 public:
  // `manifest` has all but what the rows tell. Everything outlives it.
  BackupWriter(BackupFiles* files, BackupPlace place, std::string id, BackupManifest manifest,
               std::unique_ptr<BackupRows> rows)
      : files_(files), place_(place), id_(std::move(id)), manifest_(std::move(manifest)), rows_(std::move(rows)) {}

  // Writes a chunk; false when the backup is whole.
  Result<bool> Step();
  // Where the table is as `same` has it: no row is read.
  Result<void> FinishAs(const BackupManifest& same);
  void Abandon() { files_->Abandon(place_, id_); }
  BackupManifest& manifest() { return manifest_; }

 private:
  Result<void> Begin();

  BackupFiles* const files_;
  const BackupPlace place_;
  const std::string id_;
  BackupManifest manifest_;
  std::unique_ptr<BackupRows> rows_;
  bool begun_ = false;
  ChunkBuilder builder_;
};

}  // namespace insula::storage::rocks
