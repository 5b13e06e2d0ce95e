#include "tests/stress/planted.h"

#include <deque>
#include <map>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "storage/change_log.h"

namespace insula::stress {
namespace {

using storage::ChangeLog;
using storage::Engine;
using storage::GetRequest;
using storage::MaybeItem;
using storage::Page;
using storage::PageRequest;
using storage::TableRef;
using storage::TransactWriteOutcome;
using storage::TransactWriteRequest;
using storage::WriteKind;
using storage::WriteOutcome;
using storage::WriteRequest;

// Every how many of the calls that it is in a bug shows.
constexpr int kSeldom = 10;

bool IsControlPlane(const TableRef& table) { return table.incarnation() == TableRef::ControlPlane().incarnation(); }

// The engine as it is: what a bug changes is overridden.
class Forwarding : public Engine {
 public:
  explicit Forwarding(Engine& engine) : engine_(engine) {}
  const EngineCapabilities& capabilities() const override { return engine_.capabilities(); }
  Task<Result<MaybeItem>> Get(GetRequest request) override { return engine_.Get(std::move(request)); }
  Task<Result<std::vector<std::optional<MaybeItem>>>> BatchGet(std::vector<GetRequest> requests,
                                                               storage::ReadBounds bounds) override {
    return engine_.BatchGet(std::move(requests), bounds);
  }
  Task<Result<std::vector<MaybeItem>>> TransactGet(std::vector<GetRequest> requests,
                                                   storage::ReadBounds bounds) override {
    return engine_.TransactGet(std::move(requests), bounds);
  }
  Task<Result<WriteOutcome>> Write(WriteRequest request) override { return engine_.Write(std::move(request)); }
  Task<std::vector<Result<WriteOutcome>>> BatchWrite(std::vector<WriteRequest> requests) override {
    return engine_.BatchWrite(std::move(requests));
  }
  Task<Result<TransactWriteOutcome>> TransactWrite(TransactWriteRequest request) override {
    return engine_.TransactWrite(std::move(request));
  }
  Task<Result<Page>> ReadPage(PageRequest request) override { return engine_.ReadPage(std::move(request)); }
  Task<Result<void>> CreateTable(TableRef table) override { return engine_.CreateTable(std::move(table)); }
  Task<Result<void>> DropStore(StoreId store) override { return engine_.DropStore(store); }
  Task<Result<void>> OpenTable(TableRef table) override { return engine_.OpenTable(std::move(table)); }
  Task<Result<void>> DropTable(TableRef table, bool keep_changes) override {
    return engine_.DropTable(std::move(table), keep_changes);
  }
  Task<Result<void>> SetSchema(TableRef table) override { return engine_.SetSchema(std::move(table)); }
  Task<Result<void>> BackfillIndex(TableRef table, std::uint16_t index, std::stop_token stop) override {
    return engine_.BackfillIndex(std::move(table), index, std::move(stop));
  }
  Task<Result<storage::TableStats>> Stats(TableRef table) override { return engine_.Stats(std::move(table)); }
  ChangeLog* change_log() override { return engine_.change_log(); }
  storage::Backups* backups() override { return engine_.backups(); }
  storage::Expiry* expiry() override { return engine_.expiry(); }
  storage::VectorSearch* vector_search() override { return engine_.vector_search(); }
  storage::WriteMarks* write_marks() override { return engine_.write_marks(); }
  Task<Result<void>> Stop() override { return engine_.Stop(); }

 protected:
  // True every kSeldom-th time.
  bool Now() { return ++calls_ % kSeldom == 0; }

  Engine& engine_;

 private:
  int calls_ = 0;
};

class LostRow final : public Forwarding {
 public:
  using Forwarding::Forwarding;
  Task<Result<WriteOutcome>> Write(WriteRequest request) override {
    const bool plain = request.kind == WriteKind::kPut && !request.condition && !IsControlPlane(request.table);
    if (!plain || !Now()) co_return co_await engine_.Write(std::move(request));
    GetRequest read{.table = request.table, .key = request.key, .consistent_read = true};
    auto old = co_await engine_.Get(std::move(read));
    if (!old.ok()) co_return old.error();
    WriteOutcome outcome;
    outcome.old_item = std::move(*old);
    co_return outcome;
  }
};

class StaleRow final : public Forwarding {
 public:
  using Forwarding::Forwarding;
  Task<Result<WriteOutcome>> Write(WriteRequest request) override {
    const Incarnation incarnation = request.table.incarnation();
    const PrimaryKey key = request.key;
    auto outcome = co_await engine_.Write(std::move(request));
    if (outcome.ok() && outcome->old_item) {
      former_.push_back({incarnation, key, *outcome->old_item});
      if (former_.size() > 32) former_.pop_front();
    }
    co_return outcome;
  }
  Task<Result<MaybeItem>> Get(GetRequest request) override {
    const Incarnation incarnation = request.table.incarnation();
    const PrimaryKey key = request.key;
    auto item = co_await engine_.Get(std::move(request));
    if (!item.ok() || !*item) co_return item;
    for (const Former& former : former_) {
      if (former.incarnation == incarnation && former.key == key) co_return MaybeItem(former.item);
    }
    co_return item;
  }

 private:
  struct Former {
    Incarnation incarnation;
    PrimaryKey key;
    EncodedItem item;
  };
  std::deque<Former> former_;
};

class ResurrectedRow final : public Forwarding {
 public:
  using Forwarding::Forwarding;
  Task<Result<WriteOutcome>> Write(WriteRequest request) override {
    const TableRef table = request.table;
    const bool deletes = request.kind == WriteKind::kDelete && !IsControlPlane(table);
    auto outcome = co_await engine_.Write(std::move(request));
    if (deletes && outcome.ok() && outcome->condition_met && outcome->old_item && ++deletes_ % 3 == 0) {
      WriteRequest put{.table = table};
      put.item = outcome->old_item->Decode();
      put.key = KeyOf(put.item, table.schema().key);
      back_.push_back(std::move(put));
    }
    co_return outcome;
  }
  Task<Result<void>> Stop() override {
    for (WriteRequest& put : back_) {
      WriteRequest again = put;
      (void)co_await engine_.Write(std::move(again));
    }
    co_return co_await engine_.Stop();
  }

 private:
  int deletes_ = 0;
  std::vector<WriteRequest> back_;
};

class LostIndexEntry final : public Forwarding {
 public:
  using Forwarding::Forwarding;
  Task<Result<Page>> ReadPage(PageRequest request) override {
    const bool of_index = request.index.has_value();
    auto page = co_await engine_.ReadPage(std::move(request));
    if (!of_index || !page.ok() || page->items.empty() || !Now()) co_return page;
    page->items.pop_back();
    --page->count;
    --page->scanned_count;
    co_return page;
  }
};

class ShortPage final : public Forwarding {
 public:
  using Forwarding::Forwarding;
  Task<Result<Page>> ReadPage(PageRequest request) override {
    const bool query = request.key_condition.has_value() && !request.index && !IsControlPlane(request.table);
    auto page = co_await engine_.ReadPage(std::move(request));
    if (query && page.ok() && page->last_evaluated_key && ++queries_ % 2 == 0) page->last_evaluated_key.reset();
    co_return page;
  }

 private:
  int queries_ = 0;
};

class TornTransaction final : public Forwarding {
 public:
  using Forwarding::Forwarding;
  Task<Result<TransactWriteOutcome>> TransactWrite(TransactWriteRequest request) override {
    if (request.writes.size() < 2 || IsControlPlane(request.writes.front().table) || ++transactions_ % 4 != 0) {
      co_return co_await engine_.TransactWrite(std::move(request));
    }
    TransactWriteRequest half = request;
    half.writes.erase(half.writes.begin() + static_cast<std::ptrdiff_t>(request.writes.size() / 2), half.writes.end());
    auto outcome = co_await engine_.TransactWrite(std::move(half));
    if (outcome.ok()) outcome->outcomes.resize(request.writes.size());
    co_return outcome;
  }

 private:
  int transactions_ = 0;
};

class WrongCount final : public Forwarding {
 public:
  using Forwarding::Forwarding;
  Task<Result<storage::TableStats>> Stats(TableRef table) override {
    auto stats = co_await engine_.Stats(std::move(table));
    if (stats.ok() && Now()) ++stats->item_count;
    co_return stats;
  }
};

// A change log that leaves a record out, or gives one twice.
class WrongRecords final : public Forwarding, public ChangeLog {
 public:
  WrongRecords(Engine& engine, bool repeats) : Forwarding(engine), repeats_(repeats) {}
  ChangeLog* change_log() override { return this; }
  Task<Result<storage::ChangePage>> Read(storage::ChangesRequest request) override {
    auto page = co_await engine_.change_log()->Read(std::move(request));
    if (!page.ok() || page->changes.empty() || !Now()) co_return page;
    if (repeats_) {
      page->changes.push_back(page->changes.back());
    } else {
      page->changes.pop_back();
    }
    co_return page;
  }
  Task<Result<storage::ChangeBounds>> Bounds(TableRef table) override {
    return engine_.change_log()->Bounds(std::move(table));
  }
  std::optional<std::uint64_t> NextKnown(const TableRef& table) const override {
    return engine_.change_log()->NextKnown(table);
  }
  Task<Result<std::uint64_t>> Find(TableRef table, WallTime time) override {
    return engine_.change_log()->Find(std::move(table), time);
  }
  Task<Result<void>> Trim(TableRef table, std::uint64_t first_kept) override {
    return engine_.change_log()->Trim(std::move(table), first_kept);
  }

 private:
  const bool repeats_;
};

}  // namespace

std::unique_ptr<Engine> PlantBug(const std::string& bug, Engine& engine) {
  if (bug == "lost-row") return std::make_unique<LostRow>(engine);
  if (bug == "stale-row") return std::make_unique<StaleRow>(engine);
  if (bug == "resurrected-row") return std::make_unique<ResurrectedRow>(engine);
  if (bug == "lost-index-entry") return std::make_unique<LostIndexEntry>(engine);
  if (bug == "short-page") return std::make_unique<ShortPage>(engine);
  if (bug == "torn-transaction") return std::make_unique<TornTransaction>(engine);
  if (bug == "wrong-count") return std::make_unique<WrongCount>(engine);
  if (bug == "repeated-record") return std::make_unique<WrongRecords>(engine, true);
  if (bug == "lost-record") return std::make_unique<WrongRecords>(engine, false);
  return nullptr;
}

}  // namespace insula::stress
