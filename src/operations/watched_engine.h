// An engine in front of another that notes whose keys are read, written and refused, where a table or a global index is
// watched (metering/contributors.h). Where nothing is, a request costs one load more.
//
// What counts is DynamoDB's "consumed throughput": three for each unit written and one for each unit read. An item that
// is read or written counts for its partition and for itself, a page of a Query for its partition; a Scan goes over all
// keys alike and counts for none.
#pragma once

#include <vector>

#include "metering/contributors.h"
#include "storage/engine.h"

namespace insula::operations {

class WatchedEngine : public storage::Engine {
 public:
  // Both outlive this.
  WatchedEngine(storage::Engine& engine, metering::Contributors& contributors)
      : engine_(engine), contributors_(contributors) {}

  const storage::Capabilities& capabilities() const override { return engine_.capabilities(); }

  Task<Result<storage::MaybeItem>> Get(storage::GetRequest request) override;
  Task<Result<std::vector<std::optional<storage::MaybeItem>>>> BatchGet(std::vector<storage::GetRequest> requests,
                                                                        std::size_t bytes_max) override;
  Task<Result<std::vector<storage::MaybeItem>>> TransactGet(std::vector<storage::GetRequest> requests) override;
  Task<Result<storage::WriteOutcome>> Write(storage::WriteRequest request) override;
  Task<std::vector<Result<storage::WriteOutcome>>> BatchWrite(std::vector<storage::WriteRequest> requests) override;
  Task<Result<storage::TransactWriteOutcome>> TransactWrite(storage::TransactWriteRequest request) override;
  Task<Result<storage::Page>> ReadPage(storage::PageRequest request) override;

  Task<Result<void>> CreateStore(StoreId store) override { return engine_.CreateStore(store); }
  Task<Result<void>> DropStore(StoreId store) override { return engine_.DropStore(store); }
  Task<Result<void>> OpenTable(storage::TableRef table) override { return engine_.OpenTable(std::move(table)); }
  Task<Result<void>> DropTable(storage::TableRef table, bool keep_changes) override;  // what was seen of it goes, too
  Task<Result<void>> SetSchema(storage::TableRef table) override;  // and of its indexes that are no more
  Task<Result<void>> BackfillIndex(storage::TableRef table, std::uint16_t index, std::stop_token stop) override {
    return engine_.BackfillIndex(std::move(table), index, std::move(stop));
  }
  Task<Result<storage::TableStats>> Stats(storage::TableRef table) override { return engine_.Stats(std::move(table)); }
  storage::ChangeLog* change_log() override { return engine_.change_log(); }
  storage::Backups* backups() override { return engine_.backups(); }
  storage::Expiry* expiry() override { return engine_.expiry(); }
  storage::VectorSearch* vector_search() override { return engine_.vector_search(); }
  storage::WriteMarks* write_marks() override { return engine_.write_marks(); }
  Task<Result<void>> Stop() override { return engine_.Stop(); }

 private:
  Task<Result<storage::MaybeItem>> WatchedGet(storage::GetRequest request);
  Task<Result<std::vector<std::optional<storage::MaybeItem>>>> WatchedBatchGet(
      std::vector<storage::GetRequest> requests, std::size_t bytes_max);
  Task<Result<std::vector<storage::MaybeItem>>> WatchedTransactGet(std::vector<storage::GetRequest> requests);
  Task<Result<storage::WriteOutcome>> WatchedWrite(storage::WriteRequest request);
  Task<std::vector<Result<storage::WriteOutcome>>> WatchedBatchWrite(std::vector<storage::WriteRequest> requests);
  Task<Result<storage::TransactWriteOutcome>> WatchedTransactWrite(storage::TransactWriteRequest request);
  Task<Result<storage::Page>> WatchedReadPage(storage::PageRequest request);

  storage::Engine& engine_;
  metering::Contributors& contributors_;
};

}  // namespace insula::operations
