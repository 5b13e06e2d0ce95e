// How much room the disk has, and what may still be written when it grows short: first the jobs stop, then what makes
// the data grow, at last the deletions. What gives space back by itself (drops, sweeping, compaction) and the control
// plane's records are never stopped by it.
//
// A part of the room below the mark for writes is held by a file. It is given up when a start finds too little to open
// the stores, or a log has nowhere to grow, so that a full disk can be opened, and emptied; and made again when there
// is room.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <rocksdb/env.h>

#include "base/mutex.h"
#include "base/result.h"

namespace insula::storage::rocks {

inline constexpr char kReserveFile[] = "RESERVE";  // in the engine's directory

enum class Purpose : std::uint8_t {
  kJob,       // backups, restores: a copy of what is there
  kGrowth,    // items
  kDeletion,  // of items
  kRecord,    // of the control plane: small, and what deleting tables and tenants begins with
};

struct SpaceMarks {
  std::uint64_t jobs = 0;       // bytes free below which each stops
  std::uint64_t growth = 0;     // engine.free_space_bytes_min
  std::uint64_t deletions = 0;  // what RocksDB needs to turn deletions into space
  std::uint64_t reserve = 0;    // of `growth`, held by the file
};
SpaceMarks MarksFor(std::uint64_t free_bytes_min);

// Safe from any thread.
class DiskSpace {
 public:
  // `reserve_path`: none where no file is to hold room (files in memory). `log` is told what an operator must know.
  DiskSpace(std::string directory, std::uint64_t free_bytes_min, std::optional<std::string> reserve_path,
            std::function<void(std::string_view)> log);

  // Before the stores are opened: gives up the reserve if there is too little without it.
  void PrepareStart(rocksdb::Env* env);
  // Looks how much is free, and makes the reserve where it has gone and there is room for it. True if RocksDB has room
  // to work with.
  bool Check(rocksdb::Env* env);
  // A file had nowhere to grow. False: there is none to give up.
  bool GiveUpReserve();

  bool Allows(Purpose purpose) const;
  // Whether files may take room before they write to it, as last seen.
  bool room_to_spare() const { return room_to_spare_.load(std::memory_order_relaxed); }

 private:
  void Hold();
  void Spare(std::uint64_t free_bytes);

  const std::string directory_;
  const SpaceMarks marks_;
  const std::optional<std::string> reserve_path_;
  const std::function<void(std::string_view)> log_;
  std::atomic<std::uint64_t> free_bytes_;  // as last seen, without the reserve
  std::atomic<std::uint64_t> reserve_bytes_{0};
  std::atomic<bool> room_to_spare_{true};
  Mutex mutex_;                                    // making and giving up
  bool full_ = false;                              // as last said; Check's alone
  bool failed_ INSULA_GUARDED_BY(mutex_) = false;  // to make the reserve, which was said
};

}  // namespace insula::storage::rocks
