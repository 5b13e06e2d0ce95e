// Backups as files. Layout: docs/data_format.md, "Backups".
//
//   backups/STORE/INCARNATION/ID.manifest        one per backup; written last, so that it is whole or not there
//   backups/STORE/INCARNATION/DIGEST.chunk       shared by the backups of that incarnation
//   backups/writing/STORE.INCARNATION.ID         while chunks may lie there that no manifest names
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/rate_limiter.h>

#include "base/mutex.h"
#include "base/result.h"
#include "model/ids.h"
#include "storage/rocks/backup_manifest.h"

namespace insula::storage::rocks {

// Whose backups lie together.
struct BackupPlace {
  StoreId store;
  Incarnation incarnation;
  auto operator<=>(const BackupPlace&) const = default;
};

// Every method blocks. Safe from any thread; of one place at a time, those that write or delete must be called by one.
class BackupFiles {
 public:
  // `limiter` may be null; both outlive it.
  BackupFiles(rocksdb::Env* env, std::string data_directory, rocksdb::RateLimiter* limiter);

  // Removes what interrupted writing and deleting left. Once, before anything else.
  void Open();

  // The place of a backup; BackupNotFound.
  Result<BackupPlace> PlaceOf(StoreId store, const std::string& id);
  // BackupNotFound; Corruption.
  Result<BackupManifest> ReadManifest(const BackupPlace& place, const std::string& id);
  // Those of the place that can be read, the newest first, until `each` says false.
  void ForEachManifest(const BackupPlace& place, const std::function<bool(const BackupManifest&)>& each);
  Result<std::string> ReadChunk(const BackupPlace& place, const ChunkRef& chunk);  // its entries
  // Whether all are there, as long as they were written; their content isn't looked at.
  Result<void> CheckChunks(const BackupPlace& place, const BackupManifest& manifest);

  // Begin, then the chunks, then Finish makes the backup one; Abandon undoes what was begun.
  Result<void> Begin(const BackupPlace& place, const std::string& id);
  // Writes the chunk unless it is there, whole, already; notes in `ref` how long its file is.
  Result<void> PutChunk(const BackupPlace& place, const ChunkBuilder::Built& chunk, ChunkRef* ref);
  Result<void> Finish(const BackupPlace& place, const std::string& id, const BackupManifest& manifest);
  void Abandon(const BackupPlace& place, const std::string& id);

  Result<void> Delete(const BackupPlace& place, const std::string& id);

  // Where one table's rows are made ready while it is restored; made if absent.
  Result<std::string> RestoreDirectory(const BackupPlace& into);
  void RemoveRestoreDirectory(const BackupPlace& into);
  Result<void> SyncDirectory(const std::string& path);

 private:
  std::string DirectoryOf(const BackupPlace& place) const;
  std::string ManifestPath(const BackupPlace& place, const std::string& id) const;
  std::string MarkerPath(const BackupPlace& place, const std::string& id) const;
  Result<void> MakeDirectory(const std::string& path);
  // Whole, synced and under its name, or not there.
  Result<void> WriteFile(const std::string& path, std::string_view bytes);
  // Removes the chunks that no manifest of the place names, and the directory if nothing is left in it. On an error the
  // marker must stay.
  Result<void> Sweep(const BackupPlace& place);
  void RemoveDirectory(const std::string& path);

  rocksdb::Env* const env_;
  const std::string root_;
  rocksdb::RateLimiter* const limiter_;

  Mutex mutex_;
  std::map<std::pair<StoreId, std::string>, Incarnation> known_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::storage::rocks
