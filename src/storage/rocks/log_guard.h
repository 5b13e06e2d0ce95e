// Write-ahead logs and manifests on a disk that may fill up.
//
// A full disk on append is survivable, as nothing was promised yet: the append waits here until there is room, while
// new writes are refused. RocksDB never hears of it; its own way back from a failed append leaves a log that can't be
// appended to where the memtable was empty, and a write that failed in the manifest may be there all the same. A failed
// sync isn't survivable, whatever its cause, since what the kernel still held may be gone: it is passed on as an I/O
// error even where the system says that the disk is full.
//
// Where writing or syncing a manifest has failed, what it says of the latest files isn't known until it is read again:
// from then on no file of that store is deleted. RocksDB itself would delete files that it failed to take in and logs
// that it has flushed, though the manifest may name them, and a store whose manifest names a file that isn't there
// can't be opened. Nor is one deleted while a store is being opened, until it has shown to be whole.
//
// While a store is being opened nothing is promised, and nobody reads or deletes what would make room: there an append
// fails on a full disk (opening.h). RocksDB's own log of events never fails: where it can't write a line to it twice,
// RocksDB ends the process. And where little is left, no file takes room that it doesn't write to yet.
//
// Where a flush or a compaction couldn't read a table file, what it has written may lack rows without a word
// (scoped_files.h): from then on nothing is added to that store's manifest, so that its inputs stay what counts.
//
// What is synced of logs and manifests is told to the store's witness; so is what is about to be deleted.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "base/mutex.h"
#include "storage/rocks/witness.h"

namespace insula::storage::rocks {

struct DiskState {
  std::atomic<bool> append_waiting{false};  // for room
  std::atomic<bool> stopping{false};        // waiting ends with an error
  std::atomic<bool> room_to_spare{true};    // logs and manifests may take theirs ahead
  std::function<void()> on_full;            // told when an append begins to wait; set before the first file is made

  Mutex mutex;
  // By directory:
  std::set<std::string, std::less<>> uncertain INSULA_GUARDED_BY(mutex);  // whose manifest failed
  // Of a store that is being opened.
  struct Opening {
    std::thread::id by;
    std::vector<std::string> held;  // table files whose deletion waits until it has succeeded
    std::vector<std::string> made;  // its table files, logs and manifests
  };
  std::map<std::string, Opening, std::less<>> opening INSULA_GUARDED_BY(mutex);
  std::map<std::string, std::shared_ptr<Witness>, std::less<>> witnesses INSULA_GUARDED_BY(mutex);
  // In which RocksDB's background work couldn't read a file, and what happened.
  std::map<std::string, std::string, std::less<>> unreadable INSULA_GUARDED_BY(mutex);

  std::shared_ptr<Witness> WitnessOf(std::string_view directory) INSULA_EXCLUDES(mutex);  // nullptr: none
  // Told of `file`, which a flush or a compaction couldn't read.
  void Unreadable(const std::string& file, const rocksdb::Status& failure) INSULA_EXCLUDES(mutex);
};

// `files` so guarded. `disk` outlives what is returned.
std::shared_ptr<rocksdb::FileSystem> GuardLogs(std::shared_ptr<rocksdb::FileSystem> files, DiskState* disk);

}  // namespace insula::storage::rocks
