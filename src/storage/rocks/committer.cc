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

Committer::~Committer() {
  // The last writer may be gone, and with it the store, before the job that woke it has returned.
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return !scheduled_; });
}

Task<void> Committer::Commit(CommitRequest* request) {
  return Suspend([this, request](Suspended writer) {
    const boost::asio::any_io_executor executor = writer.get_executor();
    request->writer.emplace(std::move(writer));
    bool schedule = false;
    {
      std::lock_guard lock(mutex_);
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
    std::lock_guard lock(mutex_);
    if (arriving_.empty() && waiting_.empty()) {
      scheduled_ = false;
      idle_.notify_all();
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

void Committer::AppendCounters() {
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
      value.clear();
      AppendChangeValue(change.table->NextChangeTime(now), change.body, &value);
      own_rows_.Put(changes_, ChangeRowKey(change.table->table().incarnation(), sequence), value);
    }
  }
  for (TableState* table : tables_) {
    value.clear();
    rocks::AppendCounters(table->next_counters(), &value);
    own_rows_.Put(table->counters_row_key(), value);
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
      own_rows_.Delete(collection->row_key);
      continue;
    }
    value.clear();
    AppendVarint(static_cast<std::uint64_t>(bytes), &value);
    own_rows_.Put(collection->row_key, value);
  }
}

rocksdb::Status Committer::WriteMerged() {
  own_rows_.Clear();
  AppendCounters();
  std::size_t bytes = kBatchHeaderSize + own_rows_.GetDataSize();
  for (const CommitRequest* request : group_) bytes += request->batch.GetDataSize();
  std::string merged;
  merged.reserve(bytes);
  merged.append(kBatchHeaderSize, '\0');
  std::uint32_t count = 0;
  auto join = [&](const rocksdb::WriteBatch& batch) {
    merged.append(batch.Data(), kBatchHeaderSize);
    count += batch.Count();
  };
  for (const CommitRequest* request : group_) join(request->batch);
  join(own_rows_);
  if (count == 0) return rocksdb::Status::OK();
  for (unsigned byte = 0; byte < 4; ++byte) merged[8 + byte] = static_cast<char>(count >> (8 * byte));

  rocksdb::WriteBatch batch(std::move(merged));
  rocksdb::WriteOptions options;
  options.sync = true;
  return db_->Write(options, &batch);
}

}  // namespace insula::storage::rocks
