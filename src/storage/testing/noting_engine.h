// An engine that keeps nothing and notes what the control plane asks of it, for tests.
#pragma once

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "storage/engine.h"
#include "storage/expiry.h"

namespace insula::storage::testing {

// Notes "create NAME in store N", "open NAME", "schema NAME epoch", "backfill NAME index", "drop NAME", "drop NAME but
// its changes", "expiry NAME attribute", "drop store N".
class NotingEngine : public Engine, public Expiry {
 public:
  explicit NotingEngine(std::string name = "embedded") { capabilities_.name = std::move(name); }
  const EngineCapabilities& capabilities() const override { return capabilities_; }
  Task<Result<MaybeItem>> Get(GetRequest) override { co_return MaybeItem{}; }
  Task<Result<std::vector<std::optional<MaybeItem>>>> BatchGet(std::vector<GetRequest> requests, ReadBounds) override {
    co_return std::vector<std::optional<MaybeItem>>(requests.size(), MaybeItem());
  }
  Task<Result<std::vector<MaybeItem>>> TransactGet(std::vector<GetRequest>, ReadBounds) override {
    co_return std::vector<MaybeItem>{};
  }
  Task<Result<WriteOutcome>> Write(WriteRequest) override { co_return WriteOutcome{}; }
  Task<std::vector<Result<WriteOutcome>>> BatchWrite(std::vector<WriteRequest> requests) override {
    co_return std::vector<Result<WriteOutcome>>(requests.size(), Result<WriteOutcome>(WriteOutcome{}));
  }
  Task<Result<TransactWriteOutcome>> TransactWrite(TransactWriteRequest) override { co_return TransactWriteOutcome{}; }
  Task<Result<Page>> ReadPage(PageRequest) override { co_return Page{}; }

  Task<Result<void>> CreateTable(TableRef table) override {
    co_return Note("create " + NameOf(table) + " in store " + std::to_string(table.store().value()));
  }
  Task<Result<void>> DropStore(StoreId store) override {
    co_return Note("drop store " + std::to_string(store.value()));
  }
  Task<Result<void>> OpenTable(TableRef table) override { co_return Note("open " + NameOf(table)); }
  Task<Result<void>> DropTable(TableRef table, bool keep_changes) override {
    co_return Note("drop " + NameOf(table) + (keep_changes ? " but its changes" : ""));
  }
  Task<Result<void>> SetSchema(TableRef table) override {
    co_return Note("schema " + NameOf(table) + " " + std::to_string(table.schema().epoch));
  }
  Task<Result<void>> BackfillIndex(TableRef table, std::uint16_t index, std::stop_token stop) override {
    INSULA_CO_TRY(Note("backfill " + NameOf(table) + " " + std::to_string(index)));
    while (endless_backfills_) {
      if (stop.stop_requested()) co_return Error(ErrorCode::kServiceUnavailable, "stopped");
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(1));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return Result<void>{};
  }
  Task<Result<TableStats>> Stats(TableRef) override { co_return TableStats{}; }
  ChangeLog* change_log() override { return nullptr; }
  Backups* backups() override { return nullptr; }
  Expiry* expiry() override { return this; }
  VectorSearch* vector_search() override { return nullptr; }
  WriteMarks* write_marks() override { return nullptr; }
  Task<Result<void>> Rebuild(TableRef table, std::stop_token) override {
    co_return Note("expiry " + NameOf(table) + " " + table.schema().ttl_attribute);
  }
  WallTime NextDue(const TableRef&) const override { return WallTime::max(); }
  Task<Result<Expired>> DeleteDue(TableRef, WallTime, std::size_t) override { co_return Expired{}; }
  Task<Result<void>> Stop() override { co_return Result<void>{}; }

  std::vector<std::string> Notes() {
    const MutexLock lock(mutex_);
    return std::exchange(notes_, {});
  }
  // From now on, filling an index ends only when it is stopped.
  void MakeBackfillsEndless() { endless_backfills_ = true; }
  void FailNext(int times) {
    const MutexLock lock(mutex_);
    failures_ = times;
  }

 private:
  static std::string NameOf(const TableRef& table) {
    return table.physical_name() + (table.pooled_tenant() ? "@" + table.pooled_tenant()->value() : "");
  }
  Result<void> Note(std::string note) {
    const MutexLock lock(mutex_);
    if (failures_ > 0) {
      --failures_;
      return Error(ErrorCode::kIo, "not now");
    }
    notes_.push_back(std::move(note));
    return {};
  }

  EngineCapabilities capabilities_;
  std::atomic<bool> endless_backfills_{false};
  Mutex mutex_;
  std::vector<std::string> notes_ INSULA_GUARDED_BY(mutex_);
  int failures_ INSULA_GUARDED_BY(mutex_) = 0;
};

}  // namespace insula::storage::testing
