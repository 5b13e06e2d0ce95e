// The embedded engine: RocksDB, one shared store and one for each account that has its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/engine.h"

namespace rocksdb {
class Env;
struct Options;
}  // namespace rocksdb

namespace insula::storage::rocks {

struct RocksOptions {
  std::string directory;  // holds shared/ and accounts/
  // Makes the shared store where there is none. Off for an organization that is there: whatever is missing of it is
  // lost.
  bool create_if_missing = true;
  // A store whose logs lack acknowledged writes goes on without them, once, instead of being refused.
  bool give_up_lost_writes = false;
  bool in_memory = false;  // nothing touches the disk; `directory` is but a name
  // Tests: files go through it instead. Must outlive the engine; keeps its files when in memory.
  rocksdb::Env* env = nullptr;

  std::size_t block_cache_bytes = 256u << 20;   // shared by all stores; grows with use
  std::size_t write_buffer_bytes = 128u << 20;  // of all stores together, before the fullest is flushed
  std::size_t shared_write_buffer_bytes = 32u << 20;
  std::size_t account_write_buffer_bytes = 4u << 20;
  int open_files_max = 4096;  // of the shared store
  int account_open_files_max = 64;
  std::size_t account_stores_open_max = 256;  // beyond it the longest idle is closed
  std::chrono::milliseconds account_idle_close{60'000};
  std::size_t read_threads = 8;            // for reads that must touch the disk
  std::size_t account_commit_threads = 4;  // shared by the accounts' stores; the shared store has its own
  int background_jobs = 2;                 // flushes and compactions
  // What flushes, compactions, backups and restores write, together. 0: no limit.
  std::size_t background_bytes_per_second = 256u << 20;
  std::size_t sweep_rows_per_second = 50'000;

  std::chrono::milliseconds lock_wait_max{5'000};  // then Refusal::kItemBusy
  // Below it writes are refused with StorageFull; other purposes have marks of their own (disk_space.h).
  std::uint64_t free_bytes_min = 256u << 20;
  std::size_t commit_group_bytes_max = 8u << 20;
  // Memory for old images of what changed since the moment that a table is copied as of.
  std::size_t past_bytes_max = 64u << 20;
  // How often space and deadlines of locks are looked at; idle stores every tenth time.
  std::chrono::milliseconds upkeep_tick{100};

  // Tests: has the last word on what a store is opened with, where they need what has no option here.
  std::function<void(rocksdb::Options*)> adjust;

  // Told what an operator must know. Default: a line on standard error.
  std::function<void(std::string_view)> log;
  // Called when the shared store can't be trusted any more (failed sync or write). Default: ends the process. Not
  // called for table files that are damaged or can't be read: what was acknowledged is in the log (file_damage.h).
  std::function<void(const Error&)> on_fatal;
};

class RocksEngine {
 public:
  // Opens the shared store; accounts' stores open with their first use. Blocks. `clock` outlives the engine.
  static Result<std::unique_ptr<Engine>> Open(RocksOptions options, Clock& clock);

  // What the files of a store in `directory` lack of what was promised, also while an engine runs on it, and what was
  // given up there: a line for the operator each. Blocks.
  static Result<std::vector<std::string>> FindDamage(const std::string& directory, StoreId store);

  // Whether the disk of `directory` has room for copies of what is there: exports, imports, backups (disk_space.h).
  static bool HasRoomForJobs(const std::string& directory, std::uint64_t free_bytes_min);
};

}  // namespace insula::storage::rocks
