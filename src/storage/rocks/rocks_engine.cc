#include "storage/rocks/rocks_engine.h"

#include <thread>

#include "base/turn.h"
#include "storage/rocks/backfill.h"
#include "storage/rocks/change_reader.h"
#include "storage/rocks/engine_parts.h"
#include "storage/rocks/expiry.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/page_reader.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/restore_progress.h"
#include "storage/rocks/rocks_backups.h"
#include "storage/rocks/rocks_file_check.h"
#include "storage/rocks/status.h"
#include "storage/rocks/sweeper.h"
#include "storage/rocks/transactions.h"
#include "storage/rocks/upkeep.h"
#include "storage/rocks/vector_search.h"
#include "storage/rocks/walk.h"
#include "storage/rocks/write_marks.h"
#include "storage/rocks/writer.h"

namespace insula::storage::rocks {
namespace {

class Embedded final : public Engine {
 public:
  Embedded(RocksOptions options, Clock& clock)
      : parts_(std::move(options), clock),
        change_reader_(&parts_),
        expiry_(&parts_),
        vector_search_(&parts_),
        write_marks_(&parts_),
        backups_(&parts_),
        file_check_(&parts_),
        upkeep_(&parts_) {}
  ~Embedded() override { StopBlocking(); }

  Result<void> Open() {
    INSULA_TRY(parts_.stores.Open());
    backups_.Open();
    upkeep_.Start();
    return {};
  }

  const EngineCapabilities& capabilities() const override { return capabilities_; }
  Backups* backups() override { return &backups_; }
  Result<void> CheckWritable() override {
    const StoreLease shared = parts_.stores.TryAcquire(StoreId(0));
    if (!shared) return {};  // it is stopping
    return rocks::CheckWritable(parts_, *shared, Purpose::kGrowth);
  }

  Task<Result<MaybeItem>> Get(GetRequest request) override {
    StoreLease lease = parts_.stores.TryAcquire(request.table.store());
    if (!lease) {
      INSULA_CO_ASSIGN(lease, co_await AcquireStore(&parts_, request.table.store()));
    }
    const std::string row_key = ItemRowKey(request.table, request.key);
    rocksdb::PinnableSlice value;
    rocksdb::Status status = ReadRow(*lease, Tier::kMemory, nullptr, row_key, &value);
    if (status.IsIncomplete()) {
      auto work = [&] { return ReadRow(*lease, Tier::kDisk, nullptr, row_key, &value); };
      status = co_await RunOn(parts_.stores.readers(), work);
    }
    co_return ItemFrom(status, value);
  }

  Task<Result<std::vector<std::optional<MaybeItem>>>> BatchGet(std::vector<GetRequest> requests,
                                                               ReadBounds bounds) override {
    std::vector<std::optional<MaybeItem>> items(requests.size());
    std::vector<StoreLease> leases;
    std::vector<std::string> row_keys;
    for (const GetRequest& request : requests) {
      leases.push_back(parts_.stores.TryAcquire(request.table.store()));
      if (!leases.back()) {
        INSULA_CO_ASSIGN(leases.back(), co_await AcquireStore(&parts_, request.table.store()));
      }
      row_keys.push_back(ItemRowKey(request.table, request.key));
    }
    std::size_t done = 0;
    std::size_t bytes = 0;
    // From where it left off: done, or why it paused.
    auto read = [&](Tier tier) -> Result<Pause> {
      rocksdb::PinnableSlice value;
      const Turn turn;
      for (; done < requests.size(); ++done) {
        if (tier == Tier::kMemory && turn.over()) return Pause::kYield;
        const rocksdb::Status status = ReadRow(*leases[done], tier, nullptr, row_keys[done], &value);
        if (status.IsIncomplete()) return Pause::kCold;
        if (status.ok() && bounds.memory != nullptr && !bounds.memory->TakeRead(value.size())) {
          if (bytes == 0) return ServerBusy();
          return Pause::kDone;
        }
        INSULA_ASSIGN(MaybeItem item, ItemFrom(status, value));
        if (item) bytes += item->size();
        if (bytes > bounds.bytes_max) return Pause::kDone;
        items[done] = std::move(item);
      }
      return Pause::kDone;
    };
    WalkOf walk{read};
    INSULA_CO_TRY(co_await WalkToEnd(parts_.stores.readers(), &walk));
    co_return items;
  }

  Task<Result<std::vector<MaybeItem>>> TransactGet(std::vector<GetRequest> requests, ReadBounds bounds) override {
    return rocks::TransactGet(&parts_, std::move(requests), bounds);
  }
  Task<Result<WriteOutcome>> Write(WriteRequest request) override { return WriteOne(&parts_, std::move(request)); }
  Task<std::vector<Result<WriteOutcome>>> BatchWrite(std::vector<WriteRequest> requests) override {
    return WriteMany(&parts_, std::move(requests));
  }
  Task<Result<TransactWriteOutcome>> TransactWrite(TransactWriteRequest request) override {
    return rocks::TransactWrite(&parts_, std::move(request));
  }
  Task<Result<Page>> ReadPage(PageRequest request) override { return ReadPageFrom(&parts_, std::move(request)); }

  Task<Result<void>> CreateTable(TableRef table) override {
    INSULA_CO_TRY(co_await parts_.stores.Create(table.store()));
    co_return co_await OpenTable(std::move(table));
  }

  Task<Result<void>> DropStore(StoreId store) override {
    INSULA_CO_TRY(co_await parts_.stores.Drop(store));
    parts_.tables.RemoveStore(store);
    co_return Result<void>();
  }

  Task<Result<void>> OpenTable(TableRef table) override {
    INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(&parts_, table));
    co_return Result<void>();
  }

  Task<Result<void>> DropTable(TableRef table, bool keep_changes) override {
    INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(&parts_, table));
    co_await opened.state->Drop();
    INSULA_CO_TRY(co_await backups_.ForgetRestore(table));
    CommitRequest commit;
    commit.batch.Put(keep_changes ? PendingDropButChangesRowKey(table) : PendingDropRowKey(table, std::nullopt),
                     PendingDropRowValue());
    commit.batch.Delete(RestoreProgressRowKey(table));
    co_await opened.store->committer().Commit(&commit);
    INSULA_CO_TRY(CommitResult(commit));
    upkeep_.SweepSoon();
    co_return Result<void>();
  }

  Task<Result<void>> SetSchema(TableRef table) override {
    INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(&parts_, table));
    const std::shared_ptr<const TableSchema> before = opened.state->schema();
    co_await opened.state->SetSchema(table.shared_schema());
    CommitRequest commit;
    for (const IndexSchema& index : before->indexes) {
      bool kept = false;
      for (const IndexSchema& now : table.schema().indexes) kept = kept || now.id == index.id;
      if (!kept) commit.batch.Put(PendingDropRowKey(table, index.id), PendingDropRowValue());
    }
    if (commit.batch.Count() == 0) co_return Result<void>();
    co_await opened.store->committer().Commit(&commit);
    INSULA_CO_TRY(CommitResult(commit));
    upkeep_.SweepSoon();
    co_return Result<void>();
  }

  Task<Result<void>> BackfillIndex(TableRef table, std::uint16_t index, std::stop_token stop) override {
    return Backfill(&parts_, std::move(table), index, std::move(stop));
  }

  Task<Result<TableStats>> Stats(TableRef table) override {
    INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(&parts_, table));
    const TableCounters counters = opened.state->counters();
    TableStats stats;
    stats.item_count = static_cast<std::uint64_t>(counters.items);
    stats.size_bytes = static_cast<std::uint64_t>(counters.bytes);
    stats.written = HalfUnits(counters.written_halves);
    for (const IndexSchema& index : table.schema().indexes) {
      TableStats::Index& out = stats.indexes.emplace_back();
      out.id = index.id;
      for (const TableCounters::Index& counted : counters.indexes) {
        if (counted.id != index.id) continue;
        out.item_count = static_cast<std::uint64_t>(counted.items);
        out.size_bytes = static_cast<std::uint64_t>(counted.bytes);
        out.vector_excess_bytes = counted.vector_excess;
      }
    }
    co_return stats;
  }

  ChangeLog* change_log() override { return &change_reader_; }
  Expiry* expiry() override { return &expiry_; }
  VectorSearch* vector_search() override { return &vector_search_; }
  WriteMarks* write_marks() override { return &write_marks_; }
  FileCheck* file_check() override { return &file_check_; }

  Task<Result<void>> Stop() override {
    auto work = [this] {
      StopBlocking();
      return true;
    };
    co_await RunOn(&stopper_, work);
    co_return Result<void>();
  }

 private:
  void StopBlocking() {
    upkeep_.Stop();
    parts_.stores.Stop();
  }

  const EngineCapabilities capabilities_;
  EngineParts parts_;
  ChangeReader change_reader_;
  RocksExpiry expiry_;
  RocksVectorSearch vector_search_;
  RocksWriteMarks write_marks_;
  RocksBackups backups_;
  RocksFileCheck file_check_;
  Upkeep upkeep_;
  WorkerPool stopper_{"stop", 1};
};

}  // namespace

Result<std::unique_ptr<Engine>> RocksEngine::Open(RocksOptions options, Clock& clock) {
  auto engine = std::make_unique<Embedded>(std::move(options), clock);
  INSULA_TRY(engine->Open());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace insula::storage::rocks
