#include "storage/rocks/committer.h"

#include <boost/asio/post.hpp>

#include "model/encoded_item.h"
#include "storage/rocks/change_log.h"

namespace insula::storage::rocks {
namespace {

// A write batch is sequence(8) count(4, little-endian) and then its records: batches are merged by joining these.
constexpr std::size_t kBatchHeaderSize = 12;

// Group numbers mark table states as seen; unique over all committers, since zero-initialised marks must not match.
std::atomic<std::uint64_t> next_group_number{1};

}  // namespace

std::uint64_t LastSequenceOf(const rocksdb::WriteBatch& batch) {
  std::uint64_t first = 0;
  for (unsigned byte = 0; byte < 8; ++byte) {
    first |= std::uint64_t{static_cast<unsigned char>(batch.Data()[byte])} << (8 * byte);
  }
  return first + batch.Count() - 1;
}

Committer::~Committer() {
  // The last writer may be gone, and with it the store, before the job that woke it has returned.
  const MutexLock lock(mutex_);
  while (scheduled_) idle_.Wait(mutex_);
}

Task<void> Committer::Commit(CommitRequest* request) {
  return Suspend([this, request](Suspended writer) {
    const boost::asio::any_io_executor executor = writer.get_executor();
    request->writer.emplace(std::move(writer));
    bool schedule = false;
    {
      const MutexLock lock(mutex_);
      arriving_.push_back(request);
      schedule = !std::exchange(scheduled_, true);
    }
    if (schedule) Schedule(executor);
  });
}

// The group begins when the event loop has run what is ready now: whoever was woken with this writer joins it, instead
// of waiting for a group of one to be synced.
void Committer::Schedule(const boost::asio::any_io_executor& executor) {
  struct Submission {
    explicit Submission(Committer* committer) : committer_(committer) {}
    Submission(Submission&& other) noexcept : committer_(std::exchange(other.committer_, nullptr)) {}
    Submission& operator=(Submission&&) = delete;
    ~Submission() { (*this)(); }  // also where the loop ends before it gets here: other loops' writers wait, too
    void operator()() {
      if (committer_) committer_->pool_->Submit(committer_);
      committer_ = nullptr;
    }
    Committer* committer_;
  };
  boost::asio::post(executor, Submission(this));
}

void Committer::Run() {
  // One group per turn when the pool is shared by several stores would be fairer; a store that is busy enough to
  // matter has the pool's threads busy anyway.
  while (TakeGroup()) WriteGroup();
}

bool Committer::TakeGroup() {
  group_.clear();
  {
    const MutexLock lock(mutex_);
    if (arriving_.empty() && waiting_.empty()) {
      scheduled_ = false;
      idle_.NotifyAll();
      return false;
    }
    taken_.swap(arriving_);
  }
  if (waiting_.empty()) {
    std::size_t bytes = 0;
    for (const CommitRequest* request : taken_) bytes += request->bytes();
    if (bytes <= options_.group_bytes_max) {
      group_.swap(taken_);
      return true;
    }
  }
  for (CommitRequest* request : taken_) waiting_[request->fairness_key].push_back(request);
  taken_.clear();
  std::size_t bytes = 0;
  while (!waiting_.empty()) {
    auto turn = waiting_.upper_bound(last_turn_);
    if (turn == waiting_.end()) turn = waiting_.begin();
    CommitRequest* request = turn->second.front();
    bytes += request->bytes();
    if (!group_.empty() && bytes > options_.group_bytes_max) break;
    last_turn_ = turn->first;
    group_.push_back(request);
    turn->second.pop_front();
    if (turn->second.empty()) waiting_.erase(turn);
  }
  return true;
}

void Committer::WriteGroup() {
  const rocksdb::Status status = WriteMerged();
  if (status.ok()) {
    for (TableState* table : tables_) table->PublishCounters();
    for (CommitRequest* request : group_) {
      for (const auto& delta : request->collections) delta.collection->committed += delta.bytes;
    }
  } else {
    for (TableState* table : tables_) table->RevertCounters();
    on_failure_(status);
  }
  for (CommitRequest* request : group_) {
    request->status = status;
    writers_.push_back(*std::move(request->writer));
    request->writer.reset();
  }
  ResumeAll(&writers_);
}

void Committer::AppendOwnRows(rocksdb::WriteBatch* rows) {
  group_number_ = next_group_number.fetch_add(1, std::memory_order_relaxed);
  tables_.clear();
  std::string value;
  const WallTime now = clock_->Now();
  for (CommitRequest* request : group_) {
    for (const auto& delta : request->tables) {
      if (delta.table->group != group_number_) {
        delta.table->group = group_number_;
        tables_.push_back(delta.table);
      }
      delta.counters.AddTo(&delta.table->next_counters());
    }
    for (const auto& change : request->changes) {
      const std::uint64_t sequence = ++change.table->next_counters().change_sequence;
      const std::string key = ChangeRowKey(change.table->table().incarnation(), sequence);
      const std::string head = ChangeHead(change.table->NextChangeTime(now));
      const rocksdb::Slice key_part(key);
      const rocksdb::Slice parts[] = {head, change.body};
      rows->Put(changes_, rocksdb::SliceParts(&key_part, 1), rocksdb::SliceParts(parts, 2));
    }
  }
  for (TableState* table : tables_) {
    value.clear();
    rocks::AppendCounters(table->next_counters(), &value);
    rows->Put(table->counters_row_key(), value);
  }
  // Collections are few per group; later rows of the same one win, so a running sum per collection is right.
  std::map<CollectionSize*, std::int64_t> collections;
  for (CommitRequest* request : group_) {
    for (const auto& delta : request->collections) {
      auto [sum, first] = collections.try_emplace(delta.collection, delta.collection->committed);
      sum->second += delta.bytes;
    }
  }
  for (const auto& [collection, bytes] : collections) {
    if (bytes <= 0) {
      rows->Delete(collection->row_key);
      continue;
    }
    value.clear();
    AppendVarint(static_cast<std::uint64_t>(bytes), &value);
    rows->Put(collection->row_key, value);
  }
}

rocksdb::Status Committer::WriteMerged() {
  std::size_t bytes = kBatchHeaderSize;
  for (const CommitRequest* request : group_) bytes += request->bytes();
  std::string merged;
  merged.reserve(bytes + bytes / 8);  // for the committer's own keys, too
  merged.append(kBatchHeaderSize, '\0');
  std::uint32_t count = 0;
  for (const CommitRequest* request : group_) {
    merged.append(request->batch.Data(), kBatchHeaderSize);
    count += request->batch.Count();
  }
  for (unsigned byte = 0; byte < 4; ++byte) merged[8 + byte] = static_cast<char>(count >> (8 * byte));

  rocksdb::WriteBatch batch(std::move(merged));
  AppendOwnRows(&batch);
  if (batch.Count() == 0) return rocksdb::Status::OK();
  rocksdb::WriteOptions options;
  options.sync = true;
  rocksdb::Status status = db_->Write(options, &batch);
  if (status.ok() && witness_ != nullptr) witness_->Acknowledge(LastSequenceOf(batch));
  return status;
}

}  // namespace insula::storage::rocks
