// What only the embedded engine promises: formats on disk, stores opened and closed, space given back, fairness.
#include "storage/rocks/rocks_engine.h"

#include <atomic>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "storage/backups.h"
#include "storage/change_log.h"
#include "storage/record_store_on_engine.h"
#include "storage/rocks/change_log.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/testing/space_gauge.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary

class RocksEngineTest : public ::testing::Test {
 protected:
  RocksEngineTest() : memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    gauge_ = std::make_shared<SpaceGauge>(memory_->GetFileSystem());
    env_ = rocksdb::NewCompositeEnv(gauge_);
    options_.directory = "/data";
    options_.in_memory = true;
    options_.env = env_.get();
    options_.upkeep_tick = std::chrono::milliseconds(1);
    options_.log = [](std::string_view) {};
  }
  ~RocksEngineTest() override { Close(); }

  void Open() { engine_ = Must(RocksEngine::Open(options_, clock_)); }
  void Close() {
    if (engine_) Must(loop_.Run(engine_->Stop()));
    engine_.reset();
  }
  void Put(const TableRef& table, AttributeMap item) { Must(loop_.Run(engine_->Write(PutOf(table, std::move(item))))); }
  // Every row of a closed store's column family.
  std::map<std::string, std::string> Rows(const std::string& store, const std::string& family) {
    rocksdb::DBOptions options;
    options.env = env_.get();
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    EXPECT_TRUE(
        rocksdb::DB::Open(options, options_.directory + "/" + store, {{"default", {}}, {"changes", {}}}, &handles, &raw)
            .ok());
    std::unique_ptr<rocksdb::DB> db(raw);
    std::map<std::string, std::string> rows;
    {
      std::unique_ptr<rocksdb::Iterator> row(db->NewIterator({}, handles[family == "changes" ? 1 : 0]));
      for (row->SeekToFirst(); row->Valid(); row->Next()) rows[row->key().ToString()] = row->value().ToString();
    }
    for (auto* handle : handles) (void)db->DestroyColumnFamilyHandle(handle);
    return rows;
  }
  template <class Condition>
  void WaitFor(Condition condition) {
    for (int i = 0; i < 5000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(condition());
  }

  std::unique_ptr<rocksdb::Env> memory_;
  std::shared_ptr<SpaceGauge> gauge_;
  std::unique_ptr<rocksdb::Env> env_;
  RocksOptions options_;
  ManualClock clock_;
  Loop loop_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(RocksEngineTest, RefusesAFormatFromTheFuture) {
  Open();
  Close();
  ASSERT_TRUE(rocksdb::WriteStringToFile(env_.get(), "insula-store 3\n", "/data/shared/FORMAT").ok());
  auto opened = RocksEngine::Open(options_, clock_);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(opened.error().message(), "/data/shared has format 3; this program knows formats up to 2: use a newer one");
  for (const char* damaged : {"", "insula-store", "insula-store x", "something else", "insula-store 2\n",
                              "insula-store 2 store 0 of 12ab\n", "insula-store 1 or so\n"}) {
    ASSERT_TRUE(rocksdb::WriteStringToFile(env_.get(), damaged, "/data/shared/FORMAT").ok());
    opened = RocksEngine::Open(options_, clock_);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code(), ErrorCode::kCorruption) << damaged;
  }
  ASSERT_TRUE(env_->DeleteFile("/data/shared/FORMAT").ok());
  opened = RocksEngine::Open(options_, clock_);
  ASSERT_FALSE(opened.ok()) << "a database without its format";
  EXPECT_EQ(opened.error().code(), ErrorCode::kCorruption);
}

TEST_F(RocksEngineTest, StoppedMeansStopped) {
  Open();
  const TableRef table = MakeTable(1, HashSchema());
  Put(table, {{"pk", S("a")}});
  Must(loop_.Run(engine_->Stop()));
  EXPECT_EQ(loop_.Run(engine_->Get(GetOf(table, Key(S("a"))))).error().code(), ErrorCode::kServiceUnavailable);
  EXPECT_EQ(loop_.Run(engine_->Write(PutOf(table, {{"pk", S("a")}}))).error().code(), ErrorCode::kServiceUnavailable);
  EXPECT_EQ(loop_.Run(engine_->ReadPage(PageRequest{.table = table})).error().code(), ErrorCode::kServiceUnavailable);
}

TEST_F(RocksEngineTest, AccountStoresAreMadeClosedReopenedAndRemoved) {
  options_.account_idle_close = std::chrono::milliseconds(1000);
  Open();
  const StoreId account(7);
  const TableRef table = MakeTable(1, HashSchema(), account);
  EXPECT_EQ(loop_.Run(engine_->Write(PutOf(table, {{"pk", S("a")}}))).error().code(), ErrorCode::kNotFound);
  Must(loop_.Run(engine_->CreateTable(AnyTableIn(account))));
  Must(loop_.Run(engine_->CreateTable(AnyTableIn(account))));
  Put(table, {{"pk", S("a")}});
  EXPECT_FALSE(Must(loop_.Run(engine_->Get(GetOf(MakeTable(1, HashSchema()), Key(S("a"))))))) << "in the shared store";

  // Idle for long enough, its lock file is gone; the next use opens it again.
  auto locked = [&] {
    rocksdb::FileLock* lock = nullptr;
    if (!env_->LockFile("/data/accounts/7/LOCK", &lock).ok()) return true;
    (void)env_->UnlockFile(lock);
    return false;
  };
  EXPECT_TRUE(locked());
  clock_.Advance(std::chrono::seconds(2));
  WaitFor([&] { return !locked(); });
  EXPECT_TRUE(Must(loop_.Run(engine_->Get(GetOf(table, Key(S("a")))))));
  Put(table, {{"pk", S("b")}});
  EXPECT_EQ(Must(loop_.Run(engine_->Stats(table))).item_count, 2u);

  Must(loop_.Run(engine_->DropStore(account)));
  Must(loop_.Run(engine_->DropStore(account)));
  EXPECT_EQ(loop_.Run(engine_->Get(GetOf(table, Key(S("a"))))).error().code(), ErrorCode::kNotFound);
  EXPECT_FALSE(env_->FileExists("/data/accounts/7/CURRENT").ok());
  Must(loop_.Run(engine_->CreateTable(AnyTableIn(account))));
  EXPECT_EQ(Must(loop_.Run(engine_->Stats(table))).item_count, 0u);
}

// More accounts than may have a store open take turns, and nobody is told so.
TEST_F(RocksEngineTest, AccountStoresKeepToTheirNumber) {
  options_.account_stores_open_max = 3;
  Open();
  constexpr int kAccounts = 10;
  const auto table_of = [](int account) { return MakeTable(1, HashSchema(), StoreId(7 + account)); };
  const auto open = [&] {
    int locked = 0;
    for (int account = 0; account < kAccounts; ++account) {
      rocksdb::FileLock* lock = nullptr;
      const std::string file = "/data/accounts/" + std::to_string(7 + account) + "/LOCK";
      if (!env_->FileExists(file).ok()) continue;
      if (!env_->LockFile(file, &lock).ok()) {
        ++locked;
      } else {
        (void)env_->UnlockFile(lock);
      }
    }
    return locked;
  };
  for (int account = 0; account < kAccounts; ++account) {
    Must(loop_.Run(engine_->CreateTable(AnyTableIn(StoreId(7 + account)))));
    Put(table_of(account), {{"pk", S("a")}});
    EXPECT_LE(open(), 3);
  }
  for (int round = 0; round < 2; ++round) {
    for (int account = 0; account < kAccounts; ++account) {
      EXPECT_TRUE(Must(loop_.Run(engine_->Get(GetOf(table_of(account), Key(S("a"))))))) << account;
      EXPECT_LE(open(), 3);
    }
  }
  std::vector<GetRequest> all;  // by one reader that uses them all at once: told to come again, in the end
  for (int account = 0; account < kAccounts; ++account) all.push_back(GetOf(table_of(account), Key(S("a"))));
  std::atomic<bool> ended{false};
  std::thread time([&] {
    while (!ended) {
      clock_.Advance(std::chrono::seconds(1));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  const auto crowded = loop_.Run(engine_->BatchGet(std::move(all), {1 << 20}));
  ended = true;
  time.join();
  ASSERT_FALSE(crowded.ok());
  EXPECT_EQ(crowded.error().code(), ErrorCode::kServiceUnavailable);
}

TEST_F(RocksEngineTest, DroppedRowsAreRemovedAndNothingElse) {
  TableSchema schema = HashSchema();
  schema.indexes = {MakeIndex(1, "gsi", {{{"g", AttributeType::kS}}, {}}),
                    MakeIndex(2, "kept", {{{"g", AttributeType::kS}}, {}})};
  schema.log_changes = true;
  const TableRef dropped = MakeTable(1, schema);
  const TableRef thinned = MakeTable(2, schema);
  Open();
  std::vector<WriteRequest> puts;
  for (int i = 0; i < 3000; ++i) puts.push_back(PutOf(dropped, {{"pk", S(std::to_string(i))}, {"g", S("x")}}));
  for (auto& result : loop_.Run(engine_->BatchWrite(puts))) Must(std::move(result));
  Put(thinned, {{"pk", S("a")}, {"g", S("x")}});
  Must(loop_.Run(engine_->DropTable(dropped)));
  auto without = std::make_shared<TableSchema>(schema);
  without->epoch = 1;
  without->indexes.erase(without->indexes.begin());
  Must(loop_.Run(engine_->SetSchema(thinned.WithSchema(without))));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  Close();

  std::map<std::string, int> kinds;
  for (const auto& [key, value] : Rows("shared", "default")) {
    ASSERT_NE(key.substr(0, 4), std::string(4, '\xFF')) << "still pending";
    EXPECT_EQ(BigEndian64From(std::string_view(key).substr(8)), 2u);
    ++kinds[key.substr(16, key[16] == '\x02' ? 3 : 1)];
  }
  using namespace std::string_literals;
  EXPECT_EQ(kinds, (std::map<std::string, int>{{"\x01"s, 1}, {"\x02\x00\x02"s, 1}, {"\x03"s, 1}}));
  EXPECT_EQ(Rows("shared", "changes").size(), 1u);

  // A crash between a drop and its end: the incarnation stays closed after a restart.
  Open();
  Must(loop_.Run(engine_->DropTable(thinned)));
  Close();
  Open();
  EXPECT_FALSE(Must(loop_.Run(engine_->Get(GetOf(dropped, Key(S("1")))))));
}

TEST_F(RocksEngineTest, TheChangeLogHasEveryChangeOnce) {
  TableSchema schema = RangeSchema();
  schema.log_changes = true;
  const TableRef table = MakeTable(3, schema);
  Open();
  const AttributeMap first{{"pk", S("a")}, {"sk", S("1")}, {"v", N(1)}};
  const AttributeMap second{{"pk", S("a")}, {"sk", S("1")}, {"v", N(2)}};
  Put(table, first);
  Put(table, first);  // nothing changes, nothing is logged
  Put(table, second);
  Close();
  Open();
  TransactWriteRequest both;
  both.writes.push_back(DeleteOf(table, Key(S("a"), S("1"))));
  both.writes.push_back(PutOf(table, {{"pk", S("b")}, {"sk", S("1")}}));
  Must(loop_.Run(engine_->TransactWrite(both)));
  Must(loop_.Run(engine_->Write(DeleteOf(table, Key(S("none"), S("1"))))));
  Close();
  const auto rows = Rows("shared", "changes");
  ASSERT_EQ(rows.size(), 4u);
  std::uint64_t sequence = 0;
  std::vector<std::string> texts;
  for (const auto& [key, value] : rows) {
    EXPECT_EQ(key, ChangeRowKey(Incarnation(3), ++sequence));
    const ChangeRecord record = Must(ChangeRecordFrom(value));
    EXPECT_EQ(record.committed_at, clock_.Now());
    auto tree = [](std::optional<std::string_view> image) -> AttributeMap {
      if (!image) return {};
      return EncodedItem::FromBytes(std::string(*image)).Decode();
    };
    switch (sequence) {
      case 1:
        EXPECT_EQ(tree(record.old_item), AttributeMap());
        EXPECT_EQ(tree(record.new_item), first);
        EXPECT_EQ(record.key, EncodeKey(Key(S("a"), S("1"))));
        break;
      case 2:
        EXPECT_EQ(tree(record.old_item), first);
        EXPECT_EQ(tree(record.new_item), second);
        break;
      case 3:
        EXPECT_EQ(tree(record.old_item), second);
        EXPECT_FALSE(record.new_item);
        break;
      default:
        EXPECT_FALSE(record.old_item);
        EXPECT_EQ(record.key, EncodeKey(Key(S("b"), S("1"))));
    }
  }
}

TEST_F(RocksEngineTest, ALongStretchOfChangesIsTrimmedAtOnce) {
  TableSchema schema = HashSchema();
  schema.log_changes = true;
  const TableRef table = MakeTable(3, schema);
  const TableRef neighbour = MakeTable(4, schema);
  Open();
  std::vector<WriteRequest> puts;
  for (int i = 0; i < 3000; ++i) puts.push_back(PutOf(table, {{"pk", S(std::to_string(i))}}));
  for (auto& result : loop_.Run(engine_->BatchWrite(puts))) Must(std::move(result));
  Put(neighbour, {{"pk", S("a")}});
  ChangeLog* log = engine_->change_log();
  Must(loop_.Run(log->Trim(table, 2990)));
  ChangesRequest rest{.table = table};
  rest.after = 2989;
  EXPECT_EQ(Must(loop_.Run(log->Read(rest))).changes.size(), 11u);
  Must(loop_.Run(log->Trim(table, 3001)));
  Put(table, {{"pk", S("after")}});
  Close();
  const auto rows = Rows("shared", "changes");
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_TRUE(rows.contains(ChangeRowKey(Incarnation(3), 3001)));
  EXPECT_TRUE(rows.contains(ChangeRowKey(Incarnation(4), 1)));
}

TEST_F(RocksEngineTest, ADroppedTablesChangesStayUntilItIsDroppedOnceMore) {
  TableSchema schema = HashSchema();
  schema.indexes = {MakeIndex(1, "gsi", {{{"g", AttributeType::kS}}, {}})};
  schema.log_changes = true;
  const TableRef table = MakeTable(5, schema);
  Open();
  Put(table, {{"pk", S("a")}, {"g", S("x")}});
  Put(table, {{"pk", S("b")}, {"g", S("x")}});
  Must(loop_.Run(engine_->DropTable(table, /*keep_changes=*/true)));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  Close();
  EXPECT_EQ(Rows("shared", "default").size(), 1u) << "the counters";
  EXPECT_EQ(Rows("shared", "changes").size(), 2u);
  Open();
  EXPECT_EQ(Must(loop_.Run(engine_->change_log()->Read(ChangesRequest{.table = table}))).changes.size(), 2u);
  EXPECT_EQ(Must(loop_.Run(engine_->change_log()->Bounds(table))).next, 3u);
  Must(loop_.Run(engine_->DropTable(table)));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  Close();
  EXPECT_TRUE(Rows("shared", "default").empty());
  EXPECT_TRUE(Rows("shared", "changes").empty());
}

TEST_F(RocksEngineTest, BelowTheWatermarkWritesAreRefusedAndReadsGoOn) {
  Open();
  const TableRef table = MakeTable(1, HashSchema());
  Put(table, {{"pk", S("a")}});
  gauge_->free_bytes = 1000;
  auto refused = [&] {
    Result<WriteOutcome> outcome = loop_.Run(engine_->Write(PutOf(table, {{"pk", S("b")}})));
    return !outcome.ok() && outcome.error().code() == ErrorCode::kStorageFull;
  };
  WaitFor(refused);
  EXPECT_TRUE(Must(loop_.Run(engine_->Get(GetOf(table, Key(S("a")))))));
  EXPECT_EQ(engine_->CheckWritable().error().code(), ErrorCode::kStorageFull);
  gauge_->free_bytes = 1ull << 40;
  WaitFor([&] { return !refused(); });
  EXPECT_TRUE(engine_->CheckWritable().ok());
}

// First the jobs stop, then what makes the data grow, at last deletions; the control plane's records and drops never
// do.
TEST_F(RocksEngineTest, WhatFreesSpaceGoesOnBelowTheWatermark) {
  constexpr std::uint64_t kMark = 1 << 20;
  options_.free_bytes_min = kMark;
  Open();
  EngineRecordStore records(*engine_);
  const TableRef table = MakeTable(1, HashSchema());
  for (const char* key : {"a", "b", "c", "d"}) Put(table, {{"pk", S(key)}});
  Must(loop_.Run(engine_->backups()->Create(table, "00000000000001-00000001", std::nullopt)));
  auto refused = [](const auto& outcome) { return !outcome.ok() && outcome.error().code() == ErrorCode::kStorageFull; };
  // Another one each time: that of a backup that was made would be granted.
  int attempts = 0;
  auto backup = [&] {
    const std::string id = fmt::format("{:014}-00000002", 2 + attempts++);
    return loop_.Run(engine_->backups()->Create(table, id, std::nullopt));
  };
  auto put = [&] { return loop_.Run(engine_->Write(PutOf(table, {{"pk", S("e")}}))); };
  auto remove = [&](const char* key) { return loop_.Run(engine_->Write(DeleteOf(table, Key(S(key))))); };

  gauge_->free_bytes = kMark + kMark / 4;
  WaitFor([&] { return refused(backup()); });
  Must(put());

  gauge_->free_bytes = kMark / 2;
  WaitFor([&] { return refused(put()); });
  Must(remove("a"));
  TransactWriteRequest both;
  both.writes = {DeleteOf(table, Key(S("b"))), DeleteOf(table, Key(S("e")))};
  Must(loop_.Run(engine_->TransactWrite(std::move(both))));
  Must(loop_.Run(records.Commit({{"table", "t", "{}"}})));

  gauge_->free_bytes = 1000;
  WaitFor([&] { return refused(remove("nobody")); });
  EXPECT_TRUE(refused(remove("c")));
  Must(loop_.Run(records.Commit({{"table", "t", std::nullopt}})));
  Must(loop_.Run(engine_->backups()->Delete(StoreId(0), "00000000000001-00000001")));
  EXPECT_TRUE(Must(loop_.Run(engine_->Get(GetOf(table, Key(S("c")))))));
  Must(loop_.Run(engine_->DropTable(table)));

  gauge_->free_bytes = 1ull << 40;
  WaitFor([&] { return !refused(put()); });
}

// One tenant sends fifty large writes, then another a small one: it must not wait for all fifty.
TEST_F(RocksEngineTest, ACommitGroupTakesTurnsBetweenTenants) {
  options_.commit_group_bytes_max = 300'000;
  Open();
  const TableRef noisy = MakeTable(1, HashSchema(), StoreId(0), 1);
  const TableRef quiet = MakeTable(1, HashSchema(), StoreId(0), 2);
  Put(noisy, {{"pk", S("warm")}});
  Put(quiet, {{"pk", S("warm")}});
  int finished = 0;
  int quiet_finished = 0;
  auto write = [](Engine* engine, WriteRequest request, int* count, int* mine) -> Task<bool> {
    Must(co_await engine->Write(std::move(request)));
    *mine = ++*count;
    co_return true;
  };
  std::vector<Task<bool>> tasks;
  int ignored = 0;
  for (int i = 0; i < 50; ++i) {
    tasks.push_back(write(engine_.get(),
                          PutOf(noisy, {{"pk", S(std::to_string(i))}, {"v", S(std::string(100'000, 'v'))}}), &finished,
                          &ignored));
  }
  tasks.push_back(write(engine_.get(), PutOf(quiet, {{"pk", S("a")}}), &finished, &quiet_finished));
  loop_.RunAll(std::move(tasks));
  EXPECT_EQ(finished, 51);
  EXPECT_LT(quiet_finished, 40);
}

TEST_F(RocksEngineTest, AnItemCollectionHasALimit) {
  TableSchema schema = RangeSchema();
  schema.indexes = {MakeIndex(1, "lsi", {{{"pk", AttributeType::kS}}, {{"l", AttributeType::kS}}}, IndexKind::kLocal)};
  const TableRef table = MakeTable(1, schema);
  Open();
  Put(table, {{"pk", S("p")}, {"sk", S("1")}});
  Close();
  {
    // As if 10 GB had been written.
    rocksdb::DBOptions options;
    options.env = env_.get();
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, "/data/shared", {{"default", {}}, {"changes", {}}}, &handles, &db).ok());
    std::string size;
    AppendVarint((10ull << 30) - 20, &size);
    ASSERT_TRUE(db->Put({}, handles[0], CollectionRowKey(ItemRowKey(table, Key(S("p"), S("1")))), size).ok());
    for (auto* handle : handles) (void)db->DestroyColumnFamilyHandle(handle);
    delete db;
  }
  Open();
  Put(table, {{"pk", S("p")}, {"sk", S("2")}});
  Result<WriteOutcome> refused =
      loop_.Run(engine_->Write(PutOf(table, {{"pk", S("p")}, {"sk", S("3")}, {"l", S("large")}})));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(RefusalOf(refused.error()), Refusal::kCollectionFull);
  // Making room is still possible, and then there is room.
  Must(loop_.Run(engine_->Write(DeleteOf(table, Key(S("p"), S("1"))))));
  Must(loop_.Run(engine_->Write(DeleteOf(table, Key(S("p"), S("2"))))));
  Put(table, {{"pk", S("p")}, {"sk", S("4")}});
}

TEST_F(RocksEngineTest, KeepsTheControlPlanesRecords) {
  Open();
  EngineRecordStore records(*engine_);
  std::vector<RecordChange> changes;
  for (int i = 0; i < 100; ++i) changes.push_back({"tenant", "t" + std::to_string(100 + i), "{\"v\":1}"});
  Must(loop_.Run(records.Commit(changes)));
  Must(loop_.Run(records.Commit({{"tenant", "t150", std::nullopt}, {"key", "k", "{}"}})));
  Close();
  Open();
  EngineRecordStore again(*engine_);
  const std::vector<Record> tenants = Must(loop_.Run(again.Load("tenant")));
  ASSERT_EQ(tenants.size(), 99u);
  EXPECT_EQ(tenants.front().name, "t100");
  EXPECT_EQ(tenants.back().name, "t199");
  EXPECT_EQ(tenants.front().value, "{\"v\":1}");
  EXPECT_EQ(Must(loop_.Run(again.Load("key"))).size(), 1u);
  EXPECT_TRUE(Must(loop_.Run(again.Load("other"))).empty());
}

}  // namespace
}  // namespace insula::storage::rocks
