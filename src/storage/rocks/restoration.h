// Fills one table from one backup. Blocks; in steps short enough for their threads to be shared.
//
// Items come out of the backup in the order that the store wants them, so they go in as files (ingest_file.h), a group
// of chunks at a time; their index entries wait, sorted, in runs (index_runs.h). After each group the progress is a
// durable row, so an interrupted restore loses one group's work. When all items are in, the runs are merged; then every
// row is counted; then one commit makes counters and the end of the restore durable. The table has no reader or writer
// until the catalog says that it is ACTIVE.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/rocks/backup_files.h"
#include "storage/rocks/commit_request.h"
#include "storage/rocks/index_runs.h"
#include "storage/rocks/restore_progress.h"
#include "storage/rocks/store.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage::rocks {

class Restoration {
 public:
  // Everything outlives it; `options` are the store's.
  Restoration(BackupFiles* files, BackupPlace from, std::string id, Store* store, rocksdb::Options options,
              tenancy::TableRef into);

  // Reads the manifest and how far the restore is. True if it was done before.
  Result<bool> Open();
  // FailedPrecondition unless the table is empty or half-restored from this backup.
  Result<void> CheckTarget(const TableCounters& counters) const;
  // False when only the last commit is left.
  Result<bool> Step();
  // What the last commit holds.
  void AppendTo(TableState* state, CommitRequest* commit) const;
  // After it.
  void RemoveFiles() { files_->RemoveRestoreDirectory(place_); }

  const BackupManifest& manifest() const { return manifest_; }
  const TableCounters& filled() const { return progress_.counters; }

 private:
  class Group;
  Result<void> FillGroup();
  Result<void> SaveProgress(const RestoreProgressRow& row);
  Result<bool> MergeStep();
  Result<bool> CountStep();

  BackupFiles* const files_;
  const BackupPlace from_;
  const std::string id_;
  Store* const store_;
  const rocksdb::Options options_;
  const tenancy::TableRef into_;
  const BackupPlace place_;  // of the table's own files

  BackupManifest manifest_;
  RestoreProgressRow progress_;
  std::string directory_;

  std::size_t merging_ = 0;  // position of the index being merged
  std::unique_ptr<IndexMerge> merge_;

  std::size_t counting_ = 0;  // 0: items; else an index
  std::string count_from_;
  std::uint64_t counted_ = 0;
};

}  // namespace insula::storage::rocks
