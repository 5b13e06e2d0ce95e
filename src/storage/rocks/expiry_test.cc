// What the embedded engine keeps of items that expire: exactly one row for each, and none for anything else.
#include "storage/rocks/expiry.h"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>

#include "model/expiry_time.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/rocks_engine.h"
#include "storage/rocks/testing/fault_file_system.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary

class ExpiryRows : public ::testing::Test {
 protected:
  ExpiryRows() : memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())) { Open(); }
  ~ExpiryRows() override { Close(); }

  void Open() {
    faults_ = std::make_shared<FaultFileSystem>(memory_->GetFileSystem());
    env_ = rocksdb::NewCompositeEnv(faults_);
    RocksOptions options;
    options.directory = "/data";
    options.env = env_.get();
    options.background_bytes_per_second = 0;
    options.free_bytes_min = 0;
    options.log = [](std::string_view) {};
    options.on_fatal = [](const Error&) {};
    engine_ = Must(RocksEngine::Open(std::move(options), clock_));
  }
  void Close() {
    if (engine_) Must(loop_.Run(engine_->Stop()));
    engine_.reset();
  }
  void Put(const TableRef& table, AttributeMap item) { Must(loop_.Run(engine_->Write(PutOf(table, std::move(item))))); }
  Expired DeleteDue(const TableRef& table) {
    return Must(loop_.Run(engine_->expiry()->DeleteDue(table, clock_.Now(), 1000)));
  }

  // The row keys of one kind, of the closed engine.
  std::vector<std::string> RowKeys(RowKind kind) {
    rocksdb::DBOptions options;
    options.env = env_.get();
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, "/data/shared", {{"default", {}}, {"changes", {}}}, &handles, &raw).ok());
    std::unique_ptr<rocksdb::DB> db(raw);
    std::vector<std::string> row_keys;
    {
      std::unique_ptr<rocksdb::Iterator> row(db->NewIterator({}, handles[0]));
      for (row->SeekToFirst(); row->Valid(); row->Next()) {
        if (static_cast<RowKind>(row->key()[kPlaceSize]) == kind) row_keys.push_back(row->key().ToString());
      }
    }
    for (auto* handle : handles) (void)db->DestroyColumnFamilyHandle(handle);
    return row_keys;
  }

  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<FaultFileSystem> faults_;
  std::unique_ptr<rocksdb::Env> env_;
  ManualClock clock_;
  Loop loop_;
  std::unique_ptr<Engine> engine_;
};

TableSchema Expiring(std::uint32_t epoch = 1) {
  TableSchema schema = HashSchema();
  schema.ttl_attribute = "ttl";
  schema.epoch = epoch;
  return schema;
}

TEST_F(ExpiryRows, AreOnePerItemThatExpires) {
  const TableRef table = MakeTable(1, Expiring());
  const std::int64_t now = EpochSecond(clock_.Now());
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) {
      AttributeMap item{{"pk", S(std::to_string(i))}, {"round", N(round)}};
      if ((i + round) % 3 != 0) item.Set("ttl", N(now + 10 * i + round));
      if ((i + round) % 5 == 0) item.Set("ttl", S("x"));
      Put(table, std::move(item));
    }
  }
  for (int i = 0; i < 4; ++i) Must(loop_.Run(engine_->Write(DeleteOf(table, Key(S(std::to_string(i)))))));
  std::vector<std::string> expected;
  for (int i = 4; i < 20; ++i) {
    if ((i + 2) % 3 == 0 || (i + 2) % 5 == 0) continue;
    expected.push_back(ExpiryRowKey(ItemRowKey(table, Key(S(std::to_string(i)))), now + 10 * i + 2));
  }
  std::sort(expected.begin(), expected.end());
  Close();
  EXPECT_EQ(RowKeys(RowKind::kExpiry), expected);
}

TEST_F(ExpiryRows, GoWithTheirItems) {
  const TableRef table = MakeTable(1, Expiring());
  for (int i = 0; i < 100; ++i) {
    Put(table, {{"pk", S(std::to_string(i))}, {"ttl", N(EpochSecond(clock_.Now()) - i)}});
  }
  EXPECT_EQ(DeleteDue(table).items, 100u);
  Close();
  EXPECT_TRUE(RowKeys(RowKind::kExpiry).empty());
  EXPECT_TRUE(RowKeys(RowKind::kItem).empty());
}

TEST_F(ExpiryRows, GoWhenTimeToLiveDoesAndWithTheTable) {
  for (const int items : {30, 5'000}) {  // few and many go in different ways
    const TableRef table = MakeTable(static_cast<std::uint64_t>(items), Expiring());
    std::vector<WriteRequest> batch;
    for (int i = 0; i < items; ++i) {
      batch.push_back(PutOf(table, {{"pk", S(std::to_string(i))}, {"ttl", N(EpochSecond(clock_.Now()) + i)}}));
    }
    for (auto& written : loop_.Run(engine_->BatchWrite(std::move(batch)))) Must(std::move(written));
    TableSchema off = HashSchema();
    off.epoch = 2;
    const TableRef without = MakeTable(static_cast<std::uint64_t>(items), off);
    Must(loop_.Run(engine_->SetSchema(without)));
    Must(loop_.Run(engine_->expiry()->Rebuild(without)));
  }
  Close();
  EXPECT_TRUE(RowKeys(RowKind::kExpiry).empty());
  EXPECT_EQ(RowKeys(RowKind::kItem).size(), 5'030u);
}

TEST_F(ExpiryRows, OfAnotherAttributeAreRemovedWhenTheyAreDue) {
  const TableRef table = MakeTable(1, Expiring());
  Put(table, {{"pk", S("a")}, {"ttl", N(EpochSecond(clock_.Now()))}});
  TableSchema other = Expiring(2);
  other.ttl_attribute = "other";
  const TableRef changed = MakeTable(1, other);
  Must(loop_.Run(engine_->SetSchema(changed)));
  EXPECT_EQ(DeleteDue(changed).items, 0u);
  Close();
  EXPECT_TRUE(RowKeys(RowKind::kExpiry).empty());
  EXPECT_EQ(RowKeys(RowKind::kItem).size(), 1u);
}

// Filling is interrupted at every one of its writes, by a crash; the next start fills again.
TEST_F(ExpiryRows, AreFilledAgainAfterACrash) {
  const TableRef off = MakeTable(1, HashSchema());
  const TableRef on = MakeTable(1, Expiring(2));
  for (int i = 0; i < 300; ++i) Put(off, {{"pk", S(std::to_string(i))}, {"ttl", N(EpochSecond(clock_.Now()) + i % 2)}});
  bool finished = false;
  for (std::uint64_t nth = 1; !finished; ++nth) {
    SCOPED_TRACE("I/O " + std::to_string(nth));
    faults_->FailAt(nth, FaultFileSystem::Mode::kForGood);
    Must(loop_.Run(engine_->SetSchema(on)));
    finished = loop_.Run(engine_->expiry()->Rebuild(on)).ok();
    faults_->Crash(0);
    Close();
    Open();
    ASSERT_LT(nth, 100u);
  }
  Must(loop_.Run(engine_->expiry()->Rebuild(on)));
  EXPECT_EQ(DeleteDue(on).items, 150u);
  clock_.Advance(std::chrono::seconds(1));
  EXPECT_EQ(DeleteDue(on).items, 150u);
}

// A failed commit deletes nothing, and what is due is still known to be.
TEST_F(ExpiryRows, AFailedDeletionIsTriedAgain) {
  const TableRef table = MakeTable(1, Expiring(), StoreId(5));
  Must(loop_.Run(engine_->CreateTable(AnyTableIn(StoreId(5)))));
  for (int i = 0; i < 10; ++i) Put(table, {{"pk", S(std::to_string(i))}, {"ttl", N(EpochSecond(clock_.Now()))}});
  faults_->FailAt(1, FaultFileSystem::Mode::kOnce);
  EXPECT_FALSE(loop_.Run(engine_->expiry()->DeleteDue(table, clock_.Now(), 1000)).ok());
  EXPECT_LE(engine_->expiry()->NextDue(table), clock_.Now());
  faults_->Crash(0);
  Close();
  Open();
  EXPECT_EQ(DeleteDue(table).items, 10u);
}

}  // namespace
}  // namespace insula::storage::rocks
