// The opening of a store, and what a disk without room makes of it.
#pragma once

#include <string>

#include <rocksdb/env.h>

#include "base/error.h"
#include "storage/rocks/log_guard.h"

namespace insula::storage::rocks {

// While it lives nothing of the store's directory is deleted, and what the calling thread writes to its logs and
// manifest fails on a full disk, once the reserve is given up, instead of waiting for room: nothing is promised yet.
class Opening {
 public:
  // `disk`: nullptr for files in memory, of which nothing is held. Outlives the opening, as `env` does.
  Opening(DiskState* disk, rocksdb::Env* env, std::string directory);
  ~Opening() { (void)End(); }
  Opening(const Opening&) = delete;
  Opening& operator=(const Opening&) = delete;

  // It has succeeded: deletes the table files that were held.
  void Succeed();
  // It has failed for want of room: deletes what it has made, so that it doesn't take the room that was lacking. Only
  // where CURRENT and its manifest are as they were before: then nothing names it.
  void FailForWantOfRoom();

 private:
  DiskState::Opening End();
  std::string WhatCounts() const;

  DiskState* const disk_;
  rocksdb::Env* const env_;
  const std::string directory_;
  const std::string counted_;  // at the beginning
};

// Why the store can't be opened: `cause` is a full disk. StorageFull, with how much room an opening takes.
Error NoRoomToOpen(rocksdb::Env* env, const std::string& directory, const Error& cause);

}  // namespace insula::storage::rocks
