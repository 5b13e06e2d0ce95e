// Makes writes durable: one synced RocksDB write for everybody who waits.
//
// While one group is being synced, the next gathers. A group holds every waiting request, or, when they are more than
// `group_bytes_max`, as many as fit, taking turns between tenants. Counters are summed over the group and written as
// one absolute row per table. Writers are woken with one post per event loop and group. Nothing a group wrote is
// visible before it is durable.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <vector>

#include <rocksdb/db.h>
#include <boost/asio/any_io_executor.hpp>

#include "base/clock.h"
#include "base/mutex.h"
#include "storage/rocks/commit_request.h"
#include "storage/rocks/witness.h"
#include "storage/rocks/worker_pool.h"

namespace insula::storage::rocks {

struct CommitterOptions {
  std::size_t group_bytes_max = 8 * 1024 * 1024;
};

// The last sequence that a batch has taken. Precondition: it was written, and isn't empty.
std::uint64_t LastSequenceOf(const rocksdb::WriteBatch& batch);

// The only writer of its DB. Safe from any thread.
class Committer final : private WorkerPool::Job {
 public:
  // `on_failure` is told of every write that failed, before its writers are; `witness` (nullptr: none) of every one
  // that is durable, too. All references outlive the committer.
  Committer(rocksdb::DB* db, rocksdb::ColumnFamilyHandle* changes, Witness* witness, WorkerPool* pool,
            const Clock* clock, CommitterOptions options, std::function<void(const rocksdb::Status&)> on_failure)
      : db_(db),
        changes_(changes),
        witness_(witness),
        pool_(pool),
        clock_(clock),
        options_(options),
        on_failure_(std::move(on_failure)) {}

  // Waits until the pool is done with it. Precondition: nobody commits any more.
  ~Committer() override;

  // Returns once `request` is durable, or why it isn't stands in its status. `request` lives until then.
  Task<void> Commit(CommitRequest* request);

 private:
  void Run() override;
  void Schedule(const boost::asio::any_io_executor& executor);
  // Moves the next group from waiting_ to group_; false if there is none.
  bool TakeGroup();
  void WriteGroup();
  rocksdb::Status WriteMerged();
  void AppendOwnRows(rocksdb::WriteBatch* rows);

  rocksdb::DB* const db_;
  rocksdb::ColumnFamilyHandle* const changes_;
  Witness* const witness_;
  WorkerPool* const pool_;
  const Clock* const clock_;
  const CommitterOptions options_;
  const std::function<void(const rocksdb::Status&)> on_failure_;

  Mutex mutex_;
  std::vector<CommitRequest*> arriving_ INSULA_GUARDED_BY(mutex_);
  bool scheduled_ INSULA_GUARDED_BY(mutex_) = false;
  CondVar idle_;  // told when scheduled_ becomes false

  // The running job's alone.
  std::map<std::uint64_t, std::deque<CommitRequest*>> waiting_;  // left over from a group that was full, by tenant
  std::uint64_t last_turn_ = 0;
  std::vector<CommitRequest*> taken_;
  std::vector<CommitRequest*> group_;
  std::vector<TableState*> tables_;  // touched by the group
  std::uint64_t group_number_ = 0;
  std::vector<Suspended> writers_;
};

}  // namespace insula::storage::rocks
