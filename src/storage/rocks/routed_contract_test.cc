// An engine behind the router passes the suites that it passes alone, and engines see their own stores' tables only.
#include "storage/router.h"

#include "storage/backups_contract_test.h"
#include "storage/change_log_contract_test.h"
#include "storage/engine_contract_test.h"
#include "storage/expiry_contract_test.h"
#include "storage/file_check.h"
#include "storage/item_memory_contract_test.h"
#include "storage/rocks/testing/memory_engine.h"
#include "storage/testing/noting_engine.h"
#include "storage/vector_search_contract_test.h"
#include "storage/write_marks_contract_test.h"

namespace insula::storage::testing {
namespace {

// Every store that the suites use is on the second engine; the first does nothing.
class SecondOfTwo {
 public:
  std::unique_ptr<Engine> Open(Clock& clock) {
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(std::make_unique<NotingEngine>("first"));
    engines.push_back(files_.Open(clock));
    std::unique_ptr<Router> router = Router::Make(std::move(engines));
    for (std::uint32_t store = 0; store < 100; ++store) Must(router->Assign(StoreId(store), "embedded"));
    return router;
  }

 private:
  InMemory files_;
};

using Routed = ::testing::Types<SecondOfTwo>;
INSTANTIATE_TYPED_TEST_SUITE_P(Routed, EngineContract, Routed);
INSTANTIATE_TYPED_TEST_SUITE_P(Routed, ChangeLogContract, Routed);
INSTANTIATE_TYPED_TEST_SUITE_P(Routed, ExpiryContract, Routed);
INSTANTIATE_TYPED_TEST_SUITE_P(Routed, BackupsContract, Routed);
INSTANTIATE_TYPED_TEST_SUITE_P(Routed, ItemMemoryContract, Routed);
INSTANTIATE_TYPED_TEST_SUITE_P(Routed, VectorSearchContract, Routed);
INSTANTIATE_TYPED_TEST_SUITE_P(Routed, WriteMarksContract, Routed);

// The embedded engine, which has store 0, and one that notes what it is asked, which has store 2.
class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    std::vector<std::unique_ptr<Engine>> engines;
    engines.push_back(files_.Open(clock_));
    auto second = std::make_unique<NotingEngine>("second");
    second_ = second.get();
    engines.push_back(std::move(second));
    router_ = Router::Make(std::move(engines));
    Must(router_->Assign(StoreId(2), "second"));
  }
  ~RouterTest() override { Must(loop_.Run(router_->Stop())); }

  ManualClock clock_;
  Loop loop_;
  InMemory files_;
  NotingEngine* second_ = nullptr;
  std::unique_ptr<Router> router_;
  const TableRef here_ = MakeTable(1, HashSchema());
  const TableRef there_ = MakeTable(2, HashSchema(), StoreId(2));
};

TEST_F(RouterTest, TablesAreMadeAndDroppedWhereTheirStoreIs) {
  Must(loop_.Run(router_->CreateTable(here_)));
  EXPECT_TRUE(second_->Notes().empty());
  Must(loop_.Run(router_->CreateTable(there_)));
  Must(loop_.Run(router_->OpenTable(there_)));
  Must(loop_.Run(router_->SetSchema(there_)));
  Must(loop_.Run(router_->BackfillIndex(there_, 3)));
  Must(loop_.Run(router_->DropTable(there_, true)));
  Must(loop_.Run(router_->DropStore(StoreId(2))));
  EXPECT_EQ(second_->Notes(), (std::vector<std::string>{"create t in store 2", "open t", "schema t 0", "backfill t 3",
                                                        "drop t but its changes", "drop store 2"}));
}

TEST_F(RouterTest, AStoreIsOnAnEngineThatThereIs) {
  const Result<void> refused = router_->Assign(StoreId(3), "third");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(refused.error().message(), "There is no engine 'third', on which store 3 is");
  std::vector<std::string> names;
  for (const EngineCapabilities& engine : router_->AllCapabilities()) names.push_back(engine.name);
  EXPECT_EQ(names, (std::vector<std::string>{"embedded", "second"}));
  EXPECT_EQ(router_->capabilities().name, "embedded");
}

TEST_F(RouterTest, ABatchIsPutTogetherFromItsEnginesInItsOrder) {
  std::vector<WriteRequest> writes;
  writes.push_back(PutOf(there_, {{"pk", S("a")}}));
  writes.push_back(PutOf(here_, {{"pk", S("b")}, {"v", N(1)}}));
  writes.push_back(PutOf(there_, {{"pk", S("c")}}));
  const auto written = loop_.Run(router_->BatchWrite(std::move(writes)));
  ASSERT_EQ(written.size(), 3u);
  for (const auto& outcome : written) EXPECT_TRUE(outcome.ok());
  std::vector<GetRequest> reads;
  reads.push_back(GetOf(there_, Key(S("a"))));
  reads.push_back(GetOf(here_, Key(S("b"))));
  reads.push_back(GetOf(there_, Key(S("c"))));
  const auto read = Must(loop_.Run(router_->BatchGet(std::move(reads), ReadBounds{.bytes_max = 1000})));
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(*read[0], std::nullopt);
  EXPECT_EQ(Tree(*read[1]), (AttributeMap{{"pk", S("b")}, {"v", N(1)}}));
  EXPECT_EQ(*read[2], std::nullopt);
}

TEST_F(RouterTest, ATransactionIsOneEngines) {
  TransactWriteRequest writes;
  writes.writes.push_back(PutOf(here_, {{"pk", S("a")}}));
  writes.writes.push_back(PutOf(there_, {{"pk", S("b")}}));
  const auto written = loop_.Run(router_->TransactWrite(std::move(writes)));
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(RefusalOf(written.error()), Refusal::kSeveralStores);
  std::vector<GetRequest> reads;
  reads.push_back(GetOf(here_, Key(S("a"))));
  reads.push_back(GetOf(there_, Key(S("b"))));
  const auto read = loop_.Run(router_->TransactGet(std::move(reads), ReadBounds{.bytes_max = 1000}));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(RefusalOf(read.error()), Refusal::kSeveralStores);
  EXPECT_EQ(Tree(Must(loop_.Run(router_->Get(GetOf(here_, Key(S("a"))))))), std::nullopt);
}

// The second engine has no change log, no backups, no vectors: nothing of the first's is said of its tables.
TEST_F(RouterTest, WhatAnEngineLacksIsRefusedForItsTablesAlone) {
  ASSERT_NE(router_->change_log(), nullptr);
  EXPECT_TRUE(loop_.Run(router_->change_log()->Bounds(here_)).ok());
  const auto bounds = loop_.Run(router_->change_log()->Bounds(there_));
  ASSERT_FALSE(bounds.ok());
  EXPECT_EQ(RefusalOf(bounds.error()), Refusal::kEngineLacksIt);
  EXPECT_EQ(bounds.error().message(), "the engine 'second' has no change log");
  EXPECT_EQ(router_->change_log()->NextKnown(there_), std::nullopt);
  EXPECT_EQ(router_->change_log()->NextKnown(here_), 1u);
  const auto backup = loop_.Run(router_->backups()->Create(there_, "b", std::nullopt));
  ASSERT_FALSE(backup.ok());
  EXPECT_EQ(backup.error().message(), "the engine 'second' has no backups");
  VectorSearchRequest search{.table = there_};
  EXPECT_FALSE(loop_.Run(router_->vector_search()->Search(std::move(search))).ok());
  EXPECT_FALSE(loop_.Run(router_->write_marks()->Find(there_, 1)).ok());
  EXPECT_EQ(router_->expiry()->NextDue(there_), WallTime::max());
  EXPECT_TRUE(Must(loop_.Run(router_->file_check()->FindDamagedFiles(StoreId(2)))).empty());
}

TEST_F(RouterTest, ABackupIsRestoredOnItsOwnEngine) {
  Must(loop_.Run(router_->CreateTable(here_)));
  Must(loop_.Run(router_->backups()->Create(here_, "b", std::nullopt)));
  const auto restored = loop_.Run(router_->backups()->Restore(StoreId(0), "b", there_, {}));
  ASSERT_FALSE(restored.ok());
  EXPECT_EQ(RefusalOf(restored.error()), Refusal::kEngineLacksIt);
}

}  // namespace
}  // namespace insula::storage::testing
