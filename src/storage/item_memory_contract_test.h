// The part of the engines' contract that is about what requests hold of items (item_memory.h): it is charged as they
// are read and written, and what finds no room is refused, or left for another call. Joins like EngineContract.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "storage/engine_contract_test.h"
#include "storage/item_memory.h"

namespace insula::storage::testing {

template <class Engines>
class ItemMemoryContract : public EngineContract<Engines> {
 protected:
  static constexpr int kItems = 40;
  static constexpr std::size_t kItemBytes = 300'000;
  static constexpr std::size_t kSome = std::size_t{20} << 20;  // about five items with their answer; all have 12 MB

  static TableSchema Logged() {
    TableSchema schema = HashSchema();
    schema.log_changes = true;
    return schema;
  }
  // Large items, and requests for all of them.
  ItemMemoryContract() : table_(MakeTable(1, Logged())) {
    for (int i = 0; i < kItems; ++i) {
      this->Put(table_, {{"pk", S(std::to_string(i))}, {"v", S(std::string(kItemBytes, 'x'))}});
      gets_.push_back(GetOf(table_, Key(S(std::to_string(i)))));
    }
  }
  std::vector<WriteRequest> Updates(ItemMemory* memory) const {
    std::vector<WriteRequest> updates;
    for (const GetRequest& get : gets_) {
      updates.push_back(UpdateOfItem(table_, get.key, UpdateOf("SET n = :n", {{":n", N(1)}})));
      updates.back().want_items = false;
      updates.back().memory = memory;
    }
    return updates;
  }
  int Updated() {
    int count = 0;
    for (const GetRequest& get : gets_) count += this->Get(table_, get.key)->Find("n") != nullptr;
    return count;
  }

  const TableRef table_;
  std::vector<GetRequest> gets_;
};

TYPED_TEST_SUITE_P(ItemMemoryContract);

TYPED_TEST_P(ItemMemoryContract, ABatchReadsWhatThereIsRoomFor) {
  MemoryBudget budget(this->kSome);
  MemoryCharge charge(&budget);
  ItemMemory memory(&charge);
  const auto items = Must(this->loop_.Run(this->engine_->BatchGet(this->gets_, {std::size_t{16} << 20, &memory})));
  ASSERT_EQ(items.size(), this->gets_.size());
  std::size_t read = 0;
  while (read < items.size() && items[read]) {
    ASSERT_TRUE(items[read]->has_value());
    EXPECT_EQ((*items[read])->Decode().Find("v")->template As<std::string>()->size(), this->kItemBytes);
    ++read;
  }
  EXPECT_GT(read, 3u);
  EXPECT_LT(read, 30u);
  for (std::size_t i = read; i < items.size(); ++i) EXPECT_FALSE(items[i].has_value()) << i;
  EXPECT_GE(charge.bytes(), read * this->kItemBytes);
  EXPECT_LE(charge.bytes(), this->kSome);
}

TYPED_TEST_P(ItemMemoryContract, ABatchWithoutRoomForOneItemIsRefused) {
  MemoryBudget budget(1000);
  MemoryCharge charge(&budget);
  ItemMemory memory(&charge);
  ASSERT_TRUE(memory.TakeRead(1 << 20));  // what was asked for before is used up
  const auto items = this->loop_.Run(this->engine_->BatchGet(this->gets_, {std::size_t{16} << 20, &memory}));
  ASSERT_FALSE(items.ok());
  EXPECT_EQ(items.error().code(), ErrorCode::kServiceUnavailable);
  EXPECT_EQ(charge.bytes(), 0u);
}

TYPED_TEST_P(ItemMemoryContract, ATransactionReadsAllOrIsRefused) {
  MemoryBudget budget(this->kSome);
  MemoryCharge charge(&budget);
  ItemMemory memory(&charge);
  const auto refused = this->loop_.Run(this->engine_->TransactGet(this->gets_, {std::size_t{16} << 20, &memory}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kServiceUnavailable);
  EXPECT_LE(charge.bytes(), this->kSome);
  // What it may not use it doesn't read.
  const auto too_many = Must(this->loop_.Run(this->engine_->TransactGet(this->gets_, {4 << 20})));
  std::size_t bytes = 0;
  for (const MaybeItem& item : too_many) bytes += item ? item->size() : 0;
  EXPECT_GT(bytes, std::size_t{4} << 20);
  EXPECT_LT(bytes, (std::size_t{4} << 20) + 2 * this->kItemBytes);
}

// Requests of a few hundred bytes, whose items come to tens of megabytes with their records in the change log.
TYPED_TEST_P(ItemMemoryContract, ATransactionWithoutRoomWritesNothing) {
  MemoryBudget budget(this->kSome);
  MemoryCharge charge(&budget);
  ItemMemory memory(&charge);
  TransactWriteRequest request{.writes = this->Updates(&memory), .token = std::nullopt};
  const auto refused = this->loop_.Run(this->engine_->TransactWrite(request));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::kServiceUnavailable);
  EXPECT_EQ(this->Updated(), 0);
  EXPECT_GT(charge.bytes(), this->kSome / 2);
  request.writes = this->Updates(nullptr);
  Must(this->loop_.Run(this->engine_->TransactWrite(request)));
  EXPECT_EQ(this->Updated(), this->kItems);
}

TYPED_TEST_P(ItemMemoryContract, ABatchWritesWhatThereIsRoomFor) {
  MemoryBudget budget(this->kSome);
  MemoryCharge charge(&budget);
  ItemMemory memory(&charge);
  int written = 0;
  for (const auto& result : this->loop_.Run(this->engine_->BatchWrite(this->Updates(&memory)))) {
    written += result.ok();
    EXPECT_TRUE(result.ok() || result.error().code() == ErrorCode::kServiceUnavailable);
  }
  EXPECT_GT(written, 3);
  EXPECT_LT(written, this->kItems);
  EXPECT_EQ(this->Updated(), written);
}

// Entries of a few bytes may be of items of hundreds of kilobytes: a megabyte of such entries would be an answer of
// gigabytes.
TYPED_TEST_P(ItemMemoryContract, APageEndsAtOneMegabyteOfWhatItFetches) {
  TableSchema schema = HashSchema();
  IndexSchema keys = MakeIndex(1, "keys", {{{"g", AttributeType::kS}}, {}});
  keys.projection.type = ProjectionType::kKeysOnly;
  schema.indexes = {keys};
  const TableRef table = MakeTable(2, schema);
  const std::string big(100'000, 'x');
  for (char c = 'a'; c < 'a' + 15; ++c) this->Put(table, {{"pk", S(std::string(1, c))}, {"g", S("g")}, {"v", S(big)}});
  PageRequest request{.table = table};
  request.index = 1;
  request.key_condition.emplace().hash = {S("g")};
  EXPECT_EQ(this->Read(request).items.size(), 15u);
  request.fetch_from_table = true;
  Page page = this->Read(request);
  EXPECT_EQ(page.items.size(), 11u);
  ASSERT_TRUE(page.last_evaluated_key);
  request.exclusive_start_key = page.last_evaluated_key;
  page = this->Read(request);
  EXPECT_EQ(page.items.size(), 4u);
  EXPECT_FALSE(page.last_evaluated_key);
}

REGISTER_TYPED_TEST_SUITE_P(ItemMemoryContract, ABatchReadsWhatThereIsRoomFor, ABatchWithoutRoomForOneItemIsRefused,
                            ATransactionReadsAllOrIsRefused, ATransactionWithoutRoomWritesNothing,
                            ABatchWritesWhatThereIsRoomFor, APageEndsAtOneMegabyteOfWhatItFetches);

}  // namespace insula::storage::testing
