// What every engine's backups do alike. Joins as engine_contract_test.h says.
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "storage/backups.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::testing {

template <class Engines>
class BackupsContract : public ::testing::Test {
 protected:
  BackupsContract() { engine_ = engines_.Open(clock_); }
  ~BackupsContract() override { Close(); }
  void Close() {
    if (engine_) Must(loop_.Run(engine_->Stop()));
    engine_.reset();
  }
  void Reopen() {
    Close();
    engine_ = engines_.Open(clock_);
  }

  void Put(const TableRef& table, AttributeMap item) { Must(loop_.Run(engine_->Write(PutOf(table, std::move(item))))); }
  BackupStats Create(const TableRef& table, std::string id) {
    return Must(loop_.Run(engine_->backups()->Create(table, std::move(id), std::nullopt)));
  }
  BackupStats Restore(std::string id, const TableRef& into) {
    return Must(loop_.Run(engine_->backups()->Restore(StoreId(0), std::move(id), into, {})));
  }
  // Everything of a table or index, as bytes and in order.
  std::vector<std::string> Rows(const TableRef& table, std::optional<std::uint16_t> index = std::nullopt) {
    std::vector<std::string> rows;
    PageRequest request{.table = table};
    request.index = index;
    for (;;) {
      Page page = Must(loop_.Run(engine_->ReadPage(request)));
      for (const EncodedItem& item : page.items) rows.push_back(item.bytes());
      if (!page.last_evaluated_key) return rows;
      request.exclusive_start_key = std::move(page.last_evaluated_key);
    }
  }
  std::vector<std::string> BackedUp(const std::string& id) {
    std::vector<std::string> rows;
    BackupPage page;
    do {
      page = Must(loop_.Run(engine_->backups()->Read(StoreId(0), id, page.next)));
      for (const EncodedItem& item : page.items) rows.push_back(item.bytes());
    } while (page.more);
    return rows;
  }
  ErrorCode ErrorOf(const Result<BackupStats>& result) {
    if (result.ok()) {
      ADD_FAILURE() << "no error";
      return ErrorCode::kInternalServerError;
    }
    return result.error().code();
  }
  std::optional<Refusal> WhyNot(const Result<BackupStats>& result) {
    EXPECT_FALSE(result.ok());
    return result.ok() ? std::nullopt : RefusalOf(result.error());
  }

  // A table with a local, a global, an including and a keys-only index.
  static TableSchema Schema() {
    TableSchema schema = RangeSchema(AttributeType::kN);
    schema.indexes = {
        MakeIndex(1, "local", {{{"pk", AttributeType::kS}}, {{"l", AttributeType::kS}}}, IndexKind::kLocal),
        MakeIndex(2, "global", {{{"g", AttributeType::kN}}, {}}),
        MakeIndex(4, "keys", {{{"g", AttributeType::kN}}, {{"l", AttributeType::kS}}})};
    schema.indexes[2].projection.type = ProjectionType::kKeysOnly;
    return schema;
  }
  static AttributeMap Item(int i, std::size_t bytes = 100) {
    AttributeMap item{{"pk", S("pk" + std::to_string(i % 7))}, {"sk", N(i)}, {"v", S(std::string(bytes, 'v'))}};
    if (i % 2 == 0) item.Set("l", S("l" + std::to_string(i % 5)));
    if (i % 3 == 0) item.Set("g", N(i % 11));
    return item;
  }

  ManualClock clock_;
  Loop loop_;
  Engines engines_;
  std::unique_ptr<Engine> engine_;
};

TYPED_TEST_SUITE_P(BackupsContract);

TYPED_TEST_P(BackupsContract, HoldsTheTableAsItWas) {
  const TableRef table = MakeTable(1, TestFixture::Schema());
  for (int i = 0; i < 300; ++i) this->Put(table, TestFixture::Item(i));
  const std::vector<std::string> before = this->Rows(table);
  const TableStats counted = Must(this->loop_.Run(this->engine_->Stats(table)));
  const BackupStats made = this->Create(table, "b1");
  EXPECT_EQ(made.items, 300u);
  EXPECT_EQ(made.bytes, counted.size_bytes);
  EXPECT_GT(made.stored_bytes, 0u);
  EXPECT_EQ(made.as_of, this->clock_.Now());

  // What happens to the table afterwards is nothing to it, nor is a restart.
  for (int i = 0; i < 300; ++i) this->Put(table, TestFixture::Item(i, 10));
  this->clock_.Advance(std::chrono::hours(1));
  this->Reopen();
  EXPECT_EQ(this->BackedUp("b1"), before);
  const BackupStats again = this->Create(table, "b1");  // idempotent by id
  EXPECT_EQ(again.as_of, made.as_of);
  EXPECT_EQ(again.bytes, made.bytes);
  EXPECT_EQ(Must(this->loop_.Run(this->engine_->backups()->Verify(StoreId(0), "b1"))).items, 300u);
}

TYPED_TEST_P(BackupsContract, RestoredTableIsTheTable) {
  const TableRef table = MakeTable(1, TestFixture::Schema());
  for (int i = 0; i < 500; ++i) this->Put(table, TestFixture::Item(i));
  this->Create(table, "b1");
  const TableRef other = MakeTable(2, TestFixture::Schema());
  RestoreProgress last;
  const auto observe = [&](const RestoreProgress& progress) {
    last = progress;
    return true;
  };
  Must(this->loop_.Run(this->engine_->backups()->Restore(StoreId(0), "b1", other, observe)));
  EXPECT_EQ(last.items, 500u);
  EXPECT_EQ(last.items_total, 500u);
  EXPECT_EQ(last.bytes, last.bytes_total);
  for (const std::optional<std::uint16_t> index : {std::optional<std::uint16_t>(), {1}, {2}, {4}}) {
    EXPECT_EQ(this->Rows(other, index), this->Rows(table, index));
  }
  const auto same_counts = [&] {
    const TableStats a = Must(this->loop_.Run(this->engine_->Stats(table)));
    const TableStats b = Must(this->loop_.Run(this->engine_->Stats(other)));
    EXPECT_EQ(a.item_count, b.item_count);
    EXPECT_EQ(a.size_bytes, b.size_bytes);
    for (std::size_t i = 0; i < a.indexes.size(); ++i) {
      EXPECT_EQ(a.indexes[i].item_count, b.indexes[i].item_count);
      EXPECT_EQ(a.indexes[i].size_bytes, b.indexes[i].size_bytes);
    }
    EXPECT_EQ(b.written.value(), 0) << "restoring is no capacity of the table's";
  };
  same_counts();

  // It lives on as any table: writes keep its indexes and item collections right.
  for (const TableRef& each : {table, other}) {
    for (int i = 0; i < 500; i += 3)
      Must(this->loop_.Run(this->engine_->Write(DeleteOf(each, Key(S("pk" + std::to_string(i % 7)), N(i))))));
  }
  WriteRequest asking = PutOf(table, TestFixture::Item(1, 1000));
  asking.want_collection_size = true;
  const std::uint64_t expected = Must(this->loop_.Run(this->engine_->Write(asking))).collection_bytes;
  asking.table = other;
  EXPECT_EQ(Must(this->loop_.Run(this->engine_->Write(asking))).collection_bytes, expected);
  EXPECT_EQ(this->Rows(other), this->Rows(table));
  EXPECT_EQ(this->Rows(other, 4), this->Rows(table, 4));
  this->Reopen();
  EXPECT_EQ(this->Rows(other, 2), this->Rows(table, 2));
  EXPECT_EQ(Must(this->loop_.Run(this->engine_->Stats(other))).item_count,
            Must(this->loop_.Run(this->engine_->Stats(table))).item_count);
}

TYPED_TEST_P(BackupsContract, OtherIndexesThanTheBackedUpTableHad) {
  const TableRef table = MakeTable(1, TestFixture::Schema());
  for (int i = 0; i < 100; ++i) this->Put(table, TestFixture::Item(i));
  this->Create(table, "b1");
  const TableRef bare = MakeTable(2, RangeSchema(AttributeType::kN));
  this->Restore("b1", bare);
  EXPECT_EQ(this->Rows(bare), this->Rows(table));
  TableSchema only_keys = TestFixture::Schema();
  only_keys.indexes = {only_keys.indexes[2]};
  const TableRef fewer = MakeTable(3, only_keys);
  this->Restore("b1", fewer);
  EXPECT_EQ(this->Rows(fewer, 4), this->Rows(table, 4));
}

TYPED_TEST_P(BackupsContract, NeighboursAreUntouched) {
  const TableRef table = MakeTable(1, TestFixture::Schema(), StoreId(0), 7);
  const TableRef neighbour = MakeTable(9, TestFixture::Schema(), StoreId(0), 8);
  for (int i = 0; i < 100; ++i) this->Put(table, TestFixture::Item(i));
  for (int i = 0; i < 100; ++i) this->Put(neighbour, TestFixture::Item(i, 7));
  const std::vector<std::string> before = this->Rows(neighbour);
  const std::vector<std::string> entries_before = this->Rows(neighbour, 2);
  this->Create(table, "b1");
  this->Create(neighbour, "b2");
  this->Restore("b1", MakeTable(10, TestFixture::Schema(), StoreId(0), 7));
  Must(this->loop_.Run(this->engine_->backups()->Delete(StoreId(0), "b1")));
  EXPECT_EQ(this->Rows(neighbour), before);
  EXPECT_EQ(this->Rows(neighbour, 2), entries_before);
  EXPECT_EQ(this->BackedUp("b2"), before);
}

TYPED_TEST_P(BackupsContract, OutlivesItsTableUntilItIsDeleted) {
  const TableRef table = MakeTable(1, HashSchema());
  for (int i = 0; i < 50; ++i) this->Put(table, {{"pk", S(std::to_string(i))}});
  const std::vector<std::string> before = this->Rows(table);
  this->Create(table, "b1");
  this->Create(table, "b2");
  Must(this->loop_.Run(this->engine_->DropTable(table)));
  EXPECT_EQ(this->WhyNot(this->loop_.Run(this->engine_->backups()->Create(table, "b3", std::nullopt))),
            Refusal::kTableGone);
  Must(this->loop_.Run(this->engine_->backups()->Delete(StoreId(0), "b1")));
  Must(this->loop_.Run(this->engine_->backups()->Delete(StoreId(0), "b1")));
  EXPECT_EQ(this->WhyNot(this->loop_.Run(this->engine_->backups()->Stats(StoreId(0), "b1"))), Refusal::kNoSuchBackup);
  EXPECT_EQ(this->BackedUp("b2"), before);  // what they shared is still there
  const TableRef again = MakeTable(2, HashSchema());
  this->Restore("b2", again);
  EXPECT_EQ(this->Rows(again), before);
  Must(this->loop_.Run(this->engine_->backups()->Delete(StoreId(0), "b2")));
  this->Reopen();
  EXPECT_EQ(this->WhyNot(this->loop_.Run(this->engine_->backups()->Verify(StoreId(0), "b2"))), Refusal::kNoSuchBackup);
}

TYPED_TEST_P(BackupsContract, AnEmptyTable) {
  const TableRef table = MakeTable(1, TestFixture::Schema());
  const BackupStats made = this->Create(table, "b1");
  EXPECT_EQ(made.items, 0u);
  const TableRef other = MakeTable(2, TestFixture::Schema());
  this->Restore("b1", other);
  EXPECT_TRUE(this->Rows(other).empty());
  this->Put(other, TestFixture::Item(1));
  EXPECT_EQ(this->Rows(other).size(), 1u);
}

TYPED_TEST_P(BackupsContract, RefusesWhatCantBeRestored) {
  const TableRef table = MakeTable(1, HashSchema());
  this->Put(table, {{"pk", S("a")}});
  this->Create(table, "b1");
  const auto restore = [&](std::string id, const TableRef& into) {
    return this->loop_.Run(this->engine_->backups()->Restore(StoreId(0), std::move(id), into, {}));
  };
  EXPECT_EQ(this->WhyNot(restore("none", MakeTable(2, HashSchema()))), Refusal::kNoSuchBackup);
  EXPECT_EQ(this->ErrorOf(restore("../b1", MakeTable(2, HashSchema()))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(this->ErrorOf(restore("b1", table)), ErrorCode::kFailedPrecondition);  // not empty
  EXPECT_EQ(this->ErrorOf(restore("b1", MakeTable(2, RangeSchema()))), ErrorCode::kFailedPrecondition);
  // Of another store there is none of this id.
  EXPECT_EQ(this->WhyNot(this->loop_.Run(this->engine_->backups()->Stats(StoreId(3), "b1"))), Refusal::kNoSuchBackup);
}

TYPED_TEST_P(BackupsContract, InterruptedRestoreGoesOn) {
  const TableRef table = MakeTable(1, TestFixture::Schema());
  for (int i = 0; i < 60; ++i) this->Put(table, TestFixture::Item(i, 100'000));  // several chunks
  this->Create(table, "b1");
  const TableRef other = MakeTable(2, TestFixture::Schema());
  // Stopped after each step in turn, and the engine with it.
  bool finished = false;
  for (int steps = 1; !finished; ++steps) {
    ASSERT_LT(steps, 50);
    int left = steps;
    const auto observe = [&](const RestoreProgress&) { return left-- > 0; };
    const Result<BackupStats> result =
        this->loop_.Run(this->engine_->backups()->Restore(StoreId(0), "b1", other, observe));
    finished = result.ok();
    if (!finished) {
      EXPECT_EQ(result.error().code(), ErrorCode::kServiceUnavailable) << result.error().message();
    }
    this->Reopen();
  }
  this->Restore("b1", other);  // done already
  EXPECT_EQ(this->Rows(other), this->Rows(table));
  EXPECT_EQ(this->Rows(other, 1), this->Rows(table, 1));
  EXPECT_EQ(this->Rows(other, 2), this->Rows(table, 2));
  EXPECT_EQ(Must(this->loop_.Run(this->engine_->Stats(other))).size_bytes,
            Must(this->loop_.Run(this->engine_->Stats(table))).size_bytes);
  // Dropped half-way, nothing of it stays.
  const TableRef dropped = MakeTable(3, TestFixture::Schema());
  int left = 2;
  const auto observe = [&](const RestoreProgress&) { return left-- > 0; };
  EXPECT_FALSE(this->loop_.Run(this->engine_->backups()->Restore(StoreId(0), "b1", dropped, observe)).ok());
  Must(this->loop_.Run(this->engine_->DropTable(dropped)));
}

TYPED_TEST_P(BackupsContract, HoldsTheTableAsItWasAtAMoment) {
  TableSchema schema = TestFixture::Schema();
  schema.log_changes = true;
  const TableRef table = MakeTable(1, schema);
  std::mt19937 random(7);
  std::vector<std::pair<WallTime, std::vector<std::string>>> moments;
  for (int round = 0; round < 8; ++round) {
    moments.emplace_back(this->clock_.Now(), this->Rows(table));
    this->clock_.Advance(std::chrono::seconds(1));
    // Puts, puts again, deletes; some keys many times in a round.
    for (int i = 0; i < 60; ++i) {
      const int n = static_cast<int>(random() % 50);
      if (random() % 3 == 0) {
        Must(this->loop_.Run(this->engine_->Write(DeleteOf(table, Key(S("pk" + std::to_string(n % 7)), N(n))))));
      } else {
        this->Put(table, TestFixture::Item(n, random() % 300));
      }
    }
  }
  moments.emplace_back(this->clock_.Now(), this->Rows(table));
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const std::string id = "past" + std::to_string(i);
    const BackupStats made =
        Must(this->loop_.Run(this->engine_->backups()->Create(table, id, std::optional<WallTime>(moments[i].first))));
    EXPECT_EQ(made.as_of, moments[i].first);
    EXPECT_EQ(made.items, moments[i].second.size());
    EXPECT_EQ(this->BackedUp(id), moments[i].second) << "round " << i;
  }
  const TableRef other = MakeTable(2, TestFixture::Schema());
  this->Restore("past4", other);
  EXPECT_EQ(this->Rows(other), moments[4].second);
}

TYPED_TEST_P(BackupsContract, CopiesWhileOthersWrite) {
  const TableRef table = MakeTable(1, HashSchema());
  for (int i = 0; i < 200; ++i) {
    this->Put(table, {{"pk", S("k" + std::to_string(i))}, {"n", N(0)}, {"v", S(std::string(40'000, 'v'))}});
  }
  // One writer raises every item's n in turn, round after round; a consistent copy shows at most two values of n, in
  // the order of the writer.
  struct Writer {
    static Task<Result<BackupStats>> Write(Engine* engine, TableRef table, const bool* stop) {
      for (int n = 1; !*stop; ++n) {
        for (int i = 0; i < 200 && !*stop; ++i) {
          AttributeMap item{{"pk", S("k" + std::to_string(i))}, {"n", N(n)}, {"v", S(std::string(40'000, 'v'))}};
          WriteRequest put = PutOf(table, std::move(item));
          INSULA_CO_TRY(co_await engine->Write(std::move(put)));
        }
      }
      co_return BackupStats();
    }
    static Task<Result<BackupStats>> Copy(Engine* engine, TableRef table, bool* stop) {
      std::string id = "b1";
      std::optional<WallTime> now;
      auto stats = co_await engine->backups()->Create(table, std::move(id), now);
      *stop = true;
      co_return stats;
    }
  };
  bool stop = false;
  std::vector<Task<Result<BackupStats>>> tasks;
  tasks.push_back(Writer::Write(this->engine_.get(), table, &stop));
  tasks.push_back(Writer::Copy(this->engine_.get(), table, &stop));
  for (Result<BackupStats>& result : this->loop_.RunAll(std::move(tasks))) Must(std::move(result));
  std::map<int, int> n_of;
  for (const std::string& bytes : this->BackedUp("b1")) {
    const AttributeMap item = EncodedItem::FromBytes(bytes).Decode();
    n_of[std::stoi(item.Find("pk")->template As<std::string>()->substr(1))] =
        std::stoi(item.Find("n")->template As<Number>()->ToString());
  }
  ASSERT_EQ(n_of.size(), 200u);
  for (int i = 1; i < 200; ++i) {
    EXPECT_LE(n_of[i], n_of[i - 1]);
    EXPECT_LE(n_of[0], n_of[i] + 1);
  }
}

REGISTER_TYPED_TEST_SUITE_P(BackupsContract, HoldsTheTableAsItWas, RestoredTableIsTheTable,
                            OtherIndexesThanTheBackedUpTableHad, NeighboursAreUntouched,
                            OutlivesItsTableUntilItIsDeleted, AnEmptyTable, RefusesWhatCantBeRestored,
                            InterruptedRestoreGoesOn, HoldsTheTableAsItWasAtAMoment, CopiesWhileOthersWrite);

}  // namespace insula::storage::testing
