// Write-ahead logs and manifests on a disk that may fill up.
//
// A full disk on append is survivable, as nothing was promised yet: the append waits here until there is room, while
// new writes are refused. RocksDB never hears of it; its own way back from a failed append leaves a log that can't be
// appended to where the memtable was empty, and a write that failed in the manifest may be there all the same. A failed
// sync isn't survivable, whatever its cause, since what the kernel still held may be gone: it is passed on as an I/O
// error even where the system says that the disk is full.
#pragma once

#include <atomic>
#include <memory>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

namespace insula::storage::rocks {

struct DiskState {
  std::atomic<bool> append_waiting{false};  // for room
  std::atomic<bool> stopping{false};        // waiting ends with an error
};

// `files` with logs (*.log) and manifests so guarded. `disk` outlives what is returned.
std::shared_ptr<rocksdb::FileSystem> GuardLogs(std::shared_ptr<rocksdb::FileSystem> files, DiskState* disk);

}  // namespace insula::storage::rocks
