// Whether reads tell the truth when hardly anything is in memory: many small files, a table cache that holds a few of
// them, no block cache, and, after each restart, nothing open at all. An oracle in memory knows what is there.
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/change_log.h"
#include "storage/rocks/testing/faulty_disk.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::rocks {
namespace {

using namespace insula::storage::testing;  // NOLINT: a test's vocabulary

constexpr int kKeys = 400;
constexpr int kWrites = 1'600;
constexpr std::size_t kValueBytes = 2'000;

TableRef ColdTable(StoreId store) {
  TableSchema schema;
  schema.key.hash = {{"pk", AttributeType::kS}};
  schema.indexes = {MakeIndex(1, "gsi", {{{"g", AttributeType::kN}}, {}})};
  schema.log_changes = true;
  return MakeTable(1, schema, store);
}

class ColdReads : public ::testing::TestWithParam<int> {
 protected:
  ColdReads() : table_(ColdTable(StoreId(GetParam()))) {
    // Its files are in memory, but none that an event loop may read: no page cache answers for them.
    disk_.Tune([](RocksOptions& options) {
      options.block_cache_bytes = 0;
      options.open_files_max = 20;
      options.account_open_files_max = 20;
    });
  }
  ~ColdReads() override { Close(); }

  void Open() { engine_ = Must(disk_.Open(clock_)); }
  void Close() {
    if (engine_) Must(loop_.Run(engine_->Stop()));
    engine_.reset();
  }
  void Restart() {
    Close();
    Open();
  }

  AttributeMap ItemOf(int key, int version) {
    AttributeMap item{{"pk", S(KeyName(key))}, {"version", N(version)}, {"v", S(std::string(kValueBytes, 'v'))}};
    if (key % 3 != 0) item.Set("g", N(key % 5));
    return item;
  }
  void Fill() {
    Must(loop_.Run(engine_->CreateTable(AnyTableIn(table_.store()))));
    std::mt19937 random(1);
    for (int i = 0; i < kWrites; ++i) {
      const int key = static_cast<int>(random() % kKeys);
      if (random() % 8 == 0) {
        if (items_.erase(key) != 0) ++changes_;
        Must(loop_.Run(engine_->Write(DeleteOf(table_, Key(S(KeyName(key)))))));
      } else {
        items_[key] = i;
        ++changes_;
        Must(loop_.Run(engine_->Write(PutOf(table_, ItemOf(key, i)))));
      }
    }
  }
  std::optional<AttributeMap> Expected(int key) {
    const auto found = items_.find(key);
    if (found == items_.end()) return std::nullopt;
    return ItemOf(key, found->second);
  }
  std::map<std::string, AttributeMap> Page(PageRequest request) {
    std::map<std::string, AttributeMap> found;
    request.limit = 37;
    for (;;) {
      storage::Page page = Must(loop_.Run(engine_->ReadPage(request)));
      for (const EncodedItem& item : page.items) {
        AttributeMap tree = item.Decode();
        std::string name(*tree.Find("pk")->As<std::string>());
        EXPECT_TRUE(found.emplace(std::move(name), std::move(tree)).second) << "twice in one walk";
      }
      if (!page.last_evaluated_key) return found;
      request.exclusive_start_key = std::move(page.last_evaluated_key);
    }
  }

  Disk disk_;
  const TableRef table_;
  ManualClock clock_;
  Loop loop_;
  std::unique_ptr<Engine> engine_;
  std::map<int, int> items_;  // key and the version it has
  std::uint64_t changes_ = 0;
};

TEST_P(ColdReads, EveryItemIsFoundAndNoOther) {
  Open();
  Fill();
  Restart();
  for (int key = 0; key < kKeys + 100; ++key) {
    if (key % 97 == 0) Restart();
    EXPECT_EQ(Tree(Must(loop_.Run(engine_->Get(GetOf(table_, Key(S(KeyName(key)))))))), Expected(key)) << key;
  }
}

TEST_P(ColdReads, BatchesAndTransactionsFindTheSame) {
  Open();
  Fill();
  for (int first = 0; first < kKeys; first += 20) {
    if (first % 100 == 0) Restart();
    std::vector<GetRequest> requests;
    for (int key = first; key < first + 20; ++key) requests.push_back(GetOf(table_, Key(S(KeyName(key)))));
    const auto batch = Must(loop_.Run(engine_->BatchGet(requests, {std::size_t{16} << 20})));
    const auto transaction = Must(loop_.Run(engine_->TransactGet(requests, {4 << 20})));
    for (int i = 0; i < 20; ++i) {
      EXPECT_EQ(Tree(*batch[static_cast<std::size_t>(i)]), Expected(first + i)) << first + i;
      EXPECT_EQ(Tree(transaction[static_cast<std::size_t>(i)]), Expected(first + i)) << first + i;
    }
  }
}

TEST_P(ColdReads, PagesHoldEveryRowForwardAndBackward) {
  Open();
  Fill();
  std::map<std::string, AttributeMap> all, indexed;
  for (const auto& [key, version] : items_) {
    all[KeyName(key)] = ItemOf(key, version);
    if (key % 3 != 0) indexed[KeyName(key)] = ItemOf(key, version);
  }
  for (const bool forward : {true, false}) {
    PageRequest request{.table = table_};
    request.forward = forward;
    Restart();
    EXPECT_EQ(Page(request), all) << forward;
    request.index = 1;
    Restart();
    EXPECT_EQ(Page(request), indexed) << forward;
  }
}

TEST_P(ColdReads, ConditionsAndUpdatesSeeTheItemThatIsThere) {
  Open();
  Fill();
  Restart();
  for (int key = 0; key < kKeys; ++key) {
    if (key % 59 == 0) Restart();
    const bool there = items_.contains(key);
    WriteRequest put = PutOf(table_, {{"pk", S(KeyName(key))}, {"version", N(-1)}});
    put.condition = ConditionOf("attribute_not_exists(pk)");
    const WriteOutcome refused = Must(loop_.Run(engine_->Write(std::move(put))));
    EXPECT_EQ(refused.condition_met, !there) << key;
    if (!there) continue;
    TransactWriteRequest transaction;
    transaction.writes.push_back(
        UpdateOfItem(table_, Key(S(KeyName(key))), UpdateOf("ADD version :one", {{":one", N(1)}})));
    Must(loop_.Run(engine_->TransactWrite(std::move(transaction))));
    EXPECT_EQ(Tree(Must(loop_.Run(engine_->Get(GetOf(table_, Key(S(KeyName(key)))))))), ItemOf(key, items_[key] + 1))
        << key;
  }
}

TEST_P(ColdReads, TheChangeLogIsWhole) {
  Open();
  Fill();
  for (const std::size_t records_max : {7u, 100u, 1000u}) {
    Restart();
    ChangeLog& log = *engine_->change_log();
    const ChangeBounds bounds = Must(loop_.Run(log.Bounds(table_)));
    EXPECT_EQ(bounds.next - bounds.first, changes_);
    std::uint64_t next = bounds.first;
    while (next < bounds.next) {
      ChangesRequest request{.table = table_};
      request.after = next - 1;
      request.records_max = records_max;
      const ChangePage page = Must(loop_.Run(log.Read(request)));
      for (const Change& change : page.changes) EXPECT_EQ(change.sequence, next++);
      ASSERT_FALSE(page.changes.empty());
    }
  }
}

TEST_P(ColdReads, CountsAreThoseOfTheItems) {
  Open();
  Fill();
  Restart();
  EXPECT_EQ(Must(loop_.Run(engine_->Stats(table_))).item_count, items_.size());
}

INSTANTIATE_TEST_SUITE_P(Stores, ColdReads, ::testing::Values(0, 3));  // shared, an account's own

}  // namespace
}  // namespace insula::storage::rocks
