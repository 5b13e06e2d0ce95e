// The suite that every engine passes. An engine joins with a type of this form:
//
//   struct Engines {
//     std::unique_ptr<Engine> Open(Clock& clock);   // again after Stop(): the same data
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Name, EngineContract, Engines);
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "base/clock.h"
#include "storage/testing/engine_support.h"

namespace insula::storage::testing {

template <class Engines>
class EngineContract : public ::testing::Test {
 protected:
  EngineContract() { engine_ = engines_.Open(clock_); }
  ~EngineContract() override { Close(); }

  void Close() {
    if (engine_) Must(loop_.Run(engine_->Stop()));
    engine_.reset();
  }
  void Reopen() {
    Close();
    engine_ = engines_.Open(clock_);
  }

  WriteOutcome Write(WriteRequest request) { return Must(loop_.Run(engine_->Write(std::move(request)))); }
  WriteOutcome Put(const TableRef& table, AttributeMap item) { return Write(PutOf(table, std::move(item))); }
  std::optional<AttributeMap> Get(const TableRef& table, PrimaryKey key) {
    GetRequest request = GetOf(table, std::move(key));
    request.consistent_read = true;
    return Tree(Must(loop_.Run(engine_->Get(std::move(request)))));
  }
  Page Read(PageRequest request) { return Must(loop_.Run(engine_->ReadPage(std::move(request)))); }
  // All pages of a request, each `limit` items.
  std::vector<AttributeMap> ReadAll(PageRequest request, std::optional<std::uint64_t> limit = std::nullopt) {
    std::vector<AttributeMap> items;
    request.limit = limit;
    for (;;) {
      Page page = Read(request);
      EXPECT_EQ(page.count, page.items.size());
      for (const EncodedItem& item : page.items) items.push_back(item.Decode());
      if (!page.last_evaluated_key) return items;
      request.exclusive_start_key = std::move(page.last_evaluated_key);
    }
  }
  TableStats Stats(const TableRef& table) { return Must(loop_.Run(engine_->Stats(table))); }

  ManualClock clock_;
  Loop loop_;
  Engines engines_;
  std::unique_ptr<Engine> engine_;
};

TYPED_TEST_SUITE_P(EngineContract);

TYPED_TEST_P(EngineContract, WhatWasPutIsRead) {
  const TableRef table = MakeTable(1, HashSchema());
  EXPECT_EQ(this->Get(table, Key(S("a"))), std::nullopt);
  const AttributeMap first{{"pk", S("a")}, {"v", N(1)}};
  const AttributeMap second{{"pk", S("a")}, {"v", N(2)}};
  WriteOutcome outcome = this->Put(table, first);
  EXPECT_TRUE(outcome.condition_met);
  EXPECT_EQ(Tree(outcome.old_item), std::nullopt);
  EXPECT_EQ(Tree(outcome.new_item), first);
  outcome = this->Put(table, second);
  EXPECT_EQ(Tree(outcome.old_item), first);
  EXPECT_EQ(this->Get(table, Key(S("a"))), second);
  outcome = this->Write(DeleteOf(table, Key(S("a"))));
  EXPECT_EQ(Tree(outcome.old_item), second);
  EXPECT_EQ(Tree(outcome.new_item), std::nullopt);
  EXPECT_EQ(this->Get(table, Key(S("a"))), std::nullopt);
  // Deleting what isn't there succeeds.
  EXPECT_TRUE(this->Write(DeleteOf(table, Key(S("a")))).condition_met);
}

TYPED_TEST_P(EngineContract, TablesTenantsAndIncarnationsAreApart) {
  std::vector<TableRef> tables;
  for (std::uint32_t tenant : {1u, 2u}) {
    for (std::uint64_t incarnation : {1u, 2u})
      tables.push_back(MakeTable(incarnation, HashSchema(), StoreId(0), tenant));
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    this->Put(tables[i], {{"pk", S("a")}, {"v", N(static_cast<std::int64_t>(i))}});
  }
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto item = this->Get(tables[i], Key(S("a")));
    ASSERT_TRUE(item);
    EXPECT_EQ(*item->Find("v"), N(static_cast<std::int64_t>(i)));
    EXPECT_EQ(this->ReadAll(PageRequest{.table = tables[i]}).size(), 1u);
    EXPECT_EQ(this->Stats(tables[i]).item_count, 1u);
  }
}

TYPED_TEST_P(EngineContract, FailedConditionChangesNothingAndShowsTheItem) {
  const TableRef table = MakeTable(1, HashSchema());
  const AttributeMap item{{"pk", S("a")}, {"v", N(1)}};
  this->Put(table, item);
  for (WriteRequest request : {PutOf(table, {{"pk", S("a")}, {"v", N(9)}}), DeleteOf(table, Key(S("a"))),
                               UpdateOfItem(table, Key(S("a")), UpdateOf("SET v = :n", {{":n", N(9)}}))}) {
    request.condition = ConditionOf("v = :v", {{":v", N(2)}});
    const WriteOutcome outcome = this->Write(request);
    EXPECT_FALSE(outcome.condition_met);
    EXPECT_EQ(Tree(outcome.old_item), item);
    EXPECT_EQ(outcome.usage.table, WriteCost(SizeOf(item)));
    EXPECT_EQ(this->Get(table, Key(S("a"))), item);
  }
  WriteRequest absent = PutOf(table, {{"pk", S("b")}});
  absent.condition = ConditionOf("attribute_exists(pk)");
  const WriteOutcome outcome = this->Write(absent);
  EXPECT_FALSE(outcome.condition_met);
  EXPECT_EQ(Tree(outcome.old_item), std::nullopt);
  EXPECT_EQ(outcome.usage.table, WriteCost(0));
  EXPECT_EQ(this->Get(table, Key(S("b"))), std::nullopt);
}

TYPED_TEST_P(EngineContract, ConditionsSeeTheItemAsItIs) {
  const TableRef table = MakeTable(1, HashSchema());
  WriteRequest once = PutOf(table, {{"pk", S("a")}});
  once.condition = ConditionOf("attribute_not_exists(pk)");
  EXPECT_TRUE(this->Write(once).condition_met);
  EXPECT_FALSE(this->Write(once).condition_met);
}

TYPED_TEST_P(EngineContract, BatchesAreIndependentWrites) {
  const TableRef table = MakeTable(1, HashSchema());
  std::vector<WriteRequest> writes;
  for (int i = 0; i < 25; ++i) writes.push_back(PutOf(table, {{"pk", S(std::to_string(i))}, {"v", N(i)}}));
  writes[3].condition = ConditionOf("attribute_exists(pk)");
  auto results = this->loop_.Run(this->engine_->BatchWrite(writes));
  ASSERT_EQ(results.size(), 25u);
  for (int i = 0; i < 25; ++i) EXPECT_EQ(Must(std::move(results[static_cast<std::size_t>(i)])).condition_met, i != 3);

  std::vector<GetRequest> gets;
  for (int i = 0; i < 25; ++i) gets.push_back(GetOf(table, Key(S(std::to_string(i)))));
  auto items = Must(this->loop_.Run(this->engine_->BatchGet(gets, {1 << 20})));
  for (int i = 0; i < 25; ++i) {
    ASSERT_TRUE(items[static_cast<std::size_t>(i)].has_value());
    EXPECT_EQ(items[static_cast<std::size_t>(i)]->has_value(), i != 3);
  }
  // Three items' worth of bytes: the rest is for the next call.
  items = Must(this->loop_.Run(this->engine_->BatchGet({gets[0], gets[1], gets[2], gets[4]}, {3 * 6})));
  EXPECT_TRUE(items[0] && items[1] && items[2]);
  EXPECT_FALSE(items[3].has_value());
}

TYPED_TEST_P(EngineContract, QueriesAreOrderedRanges) {
  const TableRef table = MakeTable(1, RangeSchema(AttributeType::kN));
  for (int n : {-20, -3, 0, 4, 5, 11}) this->Put(table, {{"pk", S("a")}, {"sk", N(n)}});
  this->Put(table, {{"pk", S("b")}, {"sk", N(4)}});
  auto query = [&](expression::RangeOperator op, int low, int high, bool forward) {
    PageRequest request{.table = table};
    auto& condition = request.key_condition.emplace();
    condition.hash = {S("a")};
    condition.op = op;
    condition.low = N(low);
    condition.high = N(high);
    request.forward = forward;
    std::vector<int> found;
    for (const AttributeMap& item : this->ReadAll(request, 2)) {
      found.push_back(static_cast<int>(*item.Find("sk")->template As<Number>()->ToInt64()));
    }
    return found;
  };
  using enum expression::RangeOperator;
  using Ints = std::vector<int>;
  EXPECT_EQ(query(kNone, 0, 0, true), (Ints{-20, -3, 0, 4, 5, 11}));
  EXPECT_EQ(query(kNone, 0, 0, false), (Ints{11, 5, 4, 0, -3, -20}));
  EXPECT_EQ(query(kEqual, 4, 0, true), (Ints{4}));
  EXPECT_EQ(query(kEqual, 3, 0, true), (Ints{}));
  EXPECT_EQ(query(kLess, 4, 0, true), (Ints{-20, -3, 0}));
  EXPECT_EQ(query(kLessOrEqual, 4, 0, false), (Ints{4, 0, -3, -20}));
  EXPECT_EQ(query(kGreater, 4, 0, true), (Ints{5, 11}));
  EXPECT_EQ(query(kGreaterOrEqual, 4, 0, false), (Ints{11, 5, 4}));
  EXPECT_EQ(query(kBetween, -3, 5, true), (Ints{-3, 0, 4, 5}));
  EXPECT_EQ(query(kBetween, 5, -3, true), (Ints{}));
}

TYPED_TEST_P(EngineContract, PrefixesAndZeroBytesAreOrdinaryText) {
  using namespace std::string_literals;
  const std::vector<std::string> texts = {"a"s, "a\0"s, "a\0b"s, "a\xFF"s, "a\x01"s, "ab"s, "b"s, "\0"s, "\xFF\xFF"s};
  TableSchema schema = RangeSchema(AttributeType::kB);
  schema.indexes = {MakeIndex(1, "gsi", {{{"g", AttributeType::kS}}, {{"sk", AttributeType::kB}}})};
  const TableRef table = MakeTable(1, schema);
  for (const std::string& text : texts) this->Put(table, {{"pk", S("a")}, {"sk", B(text)}, {"g", S("g")}});
  for (const bool of_index : {false, true}) {
    for (const std::string& operand : texts) {
      using enum expression::RangeOperator;
      for (auto op : {kEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual, kBeginsWith}) {
        std::vector<std::string> expected;
        for (const std::string& text : texts) {
          const int order = text.compare(operand);
          if ((op == kEqual && order == 0) || (op == kLess && order < 0) || (op == kLessOrEqual && order <= 0) ||
              (op == kGreater && order > 0) || (op == kGreaterOrEqual && order >= 0) ||
              (op == kBeginsWith && text.starts_with(operand))) {
            expected.push_back(text);
          }
        }
        std::sort(expected.begin(), expected.end());
        PageRequest request{.table = table};
        if (of_index) request.index = 1;
        auto& condition = request.key_condition.emplace();
        condition.hash = {of_index ? S("g") : S("a")};
        condition.op = op;
        condition.low = B(operand);
        std::vector<std::string> found;
        for (const AttributeMap& item : this->ReadAll(request, 1)) {
          found.push_back(item.Find("sk")->template As<Binary>()->bytes);
        }
        EXPECT_EQ(found, expected) << "operator " << static_cast<int>(op) << " index " << of_index;
      }
    }
  }
}

TYPED_TEST_P(EngineContract, APageEndsAtItsLimitOrAtOneMegabyte) {
  const TableRef table = MakeTable(1, RangeSchema());
  const std::string big(100'000, 'x');
  for (char c = 'a'; c < 'a' + 15; ++c) this->Put(table, {{"pk", S("p")}, {"sk", S(std::string(1, c))}, {"v", S(big)}});
  PageRequest request{.table = table};
  request.key_condition.emplace().hash = {S("p")};
  Page page = this->Read(request);
  EXPECT_EQ(page.items.size(), 11u);  // the item that passes the megabyte is the last
  ASSERT_TRUE(page.last_evaluated_key);
  EXPECT_EQ(*page.last_evaluated_key, (AttributeMap{{"pk", S("p")}, {"sk", S("k")}}));
  request.exclusive_start_key = page.last_evaluated_key;
  page = this->Read(request);
  EXPECT_EQ(page.items.size(), 4u);
  EXPECT_FALSE(page.last_evaluated_key);

  request.exclusive_start_key.reset();
  request.limit = 15;  // a limit that is just met leaves a key, as DynamoDB does
  request.filter = ConditionOf("sk > :m", {{":m", S("m")}});
  request.bytes_max = 100 << 20;
  page = this->Read(request);
  EXPECT_EQ(page.scanned_count, 15u);
  EXPECT_EQ(page.count, 2u);
  EXPECT_EQ(page.items.size(), 2u);
  EXPECT_TRUE(page.last_evaluated_key);
  request.count_only = true;
  page = this->Read(request);
  EXPECT_EQ(page.count, 2u);
  EXPECT_TRUE(page.items.empty());
  EXPECT_EQ(page.bytes, 15 * (big.size() + 7));
}

TYPED_TEST_P(EngineContract, SegmentsPartAScan) {
  const TableRef table = MakeTable(1, HashSchema());
  std::set<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    expected.insert(std::to_string(i));
    this->Put(table, {{"pk", S(std::to_string(i))}});
  }
  for (std::uint32_t total : {1u, 2u, 7u, 64u}) {
    std::set<std::string> found;
    std::size_t count = 0;
    for (std::uint32_t number = 0; number < total; ++number) {
      PageRequest request{.table = table};
      request.segment = Segment{number, total};
      for (const AttributeMap& item : this->ReadAll(request, 3)) {
        found.insert(*item.Find("pk")->template As<std::string>());
        ++count;
      }
    }
    EXPECT_EQ(found, expected);
    EXPECT_EQ(count, expected.size()) << "an item in two segments of " << total;
  }
}

TYPED_TEST_P(EngineContract, IndexesProjectAndAreSparse) {
  TableSchema schema = HashSchema();
  IndexSchema keys = MakeIndex(1, "keys", {{{"g", AttributeType::kS}}, {}});
  keys.projection.type = ProjectionType::kKeysOnly;
  IndexSchema some = MakeIndex(2, "some", {{{"g", AttributeType::kS}}, {{"n", AttributeType::kN}}});
  some.projection = {ProjectionType::kInclude, {"a"}};
  schema.indexes = {keys, some};
  const TableRef table = MakeTable(1, schema);
  const AttributeMap whole{{"pk", S("1")}, {"g", S("x")}, {"n", N(1)}, {"a", S("a")}, {"b", S("b")}};
  this->Put(table, whole);
  this->Put(table, {{"pk", S("2")}, {"g", S("x")}});
  this->Put(table, {{"pk", S("3")}});
  PageRequest request{.table = table};
  request.index = 1;
  request.key_condition.emplace().hash = {S("x")};
  EXPECT_EQ(this->ReadAll(request).size(), 2u);
  request.index = 2;
  auto items = this->ReadAll(request);
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0], (AttributeMap{{"pk", S("1")}, {"g", S("x")}, {"n", N(1)}, {"a", S("a")}}));
  request.fetch_from_table = true;
  Page page = this->Read(request);
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].Decode(), whole);
  EXPECT_EQ(page.fetched_bytes, (std::vector<std::uint64_t>{SizeOf(whole)}));
  EXPECT_EQ(page.bytes, SizeOf(items[0]));
  // Losing a key attribute leaves the index.
  this->Write(UpdateOfItem(table, Key(S("1")), UpdateOf("REMOVE n")));
  EXPECT_TRUE(this->ReadAll(request).empty());
  const TableStats stats = this->Stats(table);
  ASSERT_EQ(stats.indexes.size(), 2u);
  EXPECT_EQ(stats.indexes[0].item_count, 2u);
  EXPECT_EQ(stats.indexes[1].item_count, 0u);
  EXPECT_EQ(stats.indexes[1].size_bytes, 0u);
}

TYPED_TEST_P(EngineContract, IndexesOfSeveralAttributes) {
  TableSchema schema = HashSchema();
  schema.indexes = {MakeIndex(
      1, "many",
      {{{"a", AttributeType::kS}, {"b", AttributeType::kN}}, {{"c", AttributeType::kS}, {"d", AttributeType::kN}}})};
  const TableRef table = MakeTable(1, schema);
  for (int i = 0; i < 4; ++i) {
    for (const char* c : {"x", "xy", "y"}) {
      this->Put(table, {{"pk", S(c + std::to_string(i))}, {"a", S("a")}, {"b", N(1)}, {"c", S(c)}, {"d", N(i)}});
    }
  }
  this->Put(table, {{"pk", S("other")}, {"a", S("a")}, {"b", N(2)}, {"c", S("x")}, {"d", N(1)}});
  PageRequest request{.table = table};
  request.index = 1;
  auto& condition = request.key_condition.emplace();
  condition.hash = {S("a"), N(1)};
  EXPECT_EQ(this->ReadAll(request, 1).size(), 12u);
  condition.range_prefix = {S("x")};
  EXPECT_EQ(this->ReadAll(request, 3).size(), 4u);
  condition.op = expression::RangeOperator::kGreater;
  condition.low = N(1);
  request.forward = false;
  auto items = this->ReadAll(request, 1);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(*items[0].Find("pk"), S("x3"));
  EXPECT_EQ(*items[1].Find("pk"), S("x2"));
}

TYPED_TEST_P(EngineContract, IndexKeysOfTheWrongTypeAreRefused) {
  TableSchema schema = HashSchema();
  schema.indexes = {MakeIndex(1, "gsi1", {{{"gsi1pk", AttributeType::kS}}, {}})};
  const TableRef table = MakeTable(1, schema);
  Result<WriteOutcome> put = this->loop_.Run(this->engine_->Write(PutOf(table, {{"pk", S("a")}, {"gsi1pk", N(1)}})));
  ASSERT_FALSE(put.ok());
  EXPECT_EQ(put.error().message(),
            "One or more parameter values were invalid: Type mismatch for Index Key gsi1pk Expected: S Actual: N "
            "IndexName: gsi1");
  Result<WriteOutcome> update = this->loop_.Run(
      this->engine_->Write(UpdateOfItem(table, Key(S("a")), UpdateOf("SET gsi1pk = :n", {{":n", N(1)}}))));
  ASSERT_FALSE(update.ok());
  EXPECT_EQ(update.error().message(),
            "The update expression attempted to update the secondary index key to unsupported type");
}

TYPED_TEST_P(EngineContract, ANewIndexIsFilledWhileWritersGoOn) {
  const TableRef before = MakeTable(1, HashSchema());
  for (int i = 0; i < 300; ++i) {
    AttributeMap item{{"pk", S(std::to_string(i))}, {"g", S(std::to_string(i % 3))}};
    if (i % 50 == 0) item.Set("g", N(i));  // the wrong type: left out
    this->Put(before, item);
  }
  auto with_index = std::make_shared<TableSchema>(before.schema());
  with_index->epoch = 1;
  with_index->indexes = {MakeIndex(1, "gsi", {{{"g", AttributeType::kS}}, {}})};
  with_index->indexes[0].backfilling = true;
  const TableRef during = before.WithSchema(with_index);
  Must(this->loop_.Run(this->engine_->SetSchema(during)));
  PageRequest request{.table = during};
  request.index = 1;
  Result<Page> page = this->loop_.Run(this->engine_->ReadPage(request));
  ASSERT_FALSE(page.ok());
  const RefusalDetail* refusal = RefusalIn(page.error());
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->why, Refusal::kIndexIncomplete);
  EXPECT_EQ(refusal->index, "gsi");

  // Whoever stops doesn't wait for it; it goes on where it was.
  std::stop_source stopped;
  stopped.request_stop();
  const Result<void> interrupted = this->loop_.Run(this->engine_->BackfillIndex(during, 1, stopped.get_token()));
  ASSERT_FALSE(interrupted.ok());
  EXPECT_EQ(interrupted.error().code(), ErrorCode::kServiceUnavailable);

  // Writers that still hold the old definition follow the new one.
  Engine& engine = *this->engine_;
  auto write = [](Engine& to, TableRef table, int i) -> Task<Result<void>> {
    WriteRequest request_ = i % 4 == 0 ? DeleteOf(table, Key(S(std::to_string(i))))
                                       : PutOf(table, {{"pk", S(std::to_string(i))}, {"g", S("new")}});
    INSULA_CO_TRY(co_await to.Write(request_));
    co_return Result<void>();
  };
  std::vector<Task<Result<void>>> tasks;
  for (int i = 0; i < 350; i += 7) tasks.push_back(write(engine, before, i));
  tasks.push_back(engine.BackfillIndex(during, 1));
  for (int i = 3; i < 350; i += 11) tasks.push_back(write(engine, before, i));
  for (Result<void>& result : this->loop_.RunAll(std::move(tasks))) Must(std::move(result));

  auto done = std::make_shared<TableSchema>(*with_index);
  done->epoch = 2;
  done->indexes[0].backfilling = false;
  const TableRef after = before.WithSchema(done);
  Must(this->loop_.Run(this->engine_->SetSchema(after)));
  std::map<std::string, AttributeMap> expected, found;
  for (const AttributeMap& item : this->ReadAll(PageRequest{.table = after})) {
    if (item.Find("g")->type() == AttributeType::kS) expected[*item.Find("pk")->template As<std::string>()] = item;
  }
  std::uint64_t bytes = 0;
  request.table = after;
  for (const AttributeMap& item : this->ReadAll(request)) {
    found[*item.Find("pk")->template As<std::string>()] = item;
    bytes += SizeOf(item);
  }
  EXPECT_EQ(found, expected);
  const TableStats stats = this->Stats(after);
  EXPECT_EQ(stats.indexes[0].item_count, expected.size());
  EXPECT_EQ(stats.indexes[0].size_bytes, bytes);
}

TYPED_TEST_P(EngineContract, TransactionsAreWholeOrNothing) {
  const TableRef table = MakeTable(1, HashSchema());
  this->Put(table, {{"pk", S("a")}, {"v", N(1)}});
  TransactWriteRequest request;
  request.writes.push_back(PutOf(table, {{"pk", S("b")}}));
  request.writes.push_back(UpdateOfItem(table, Key(S("a")), UpdateOf("ADD v :one", {{":one", N(1)}})));
  WriteRequest check = DeleteOf(table, Key(S("c")));
  check.kind = WriteKind::kConditionCheck;
  check.condition = ConditionOf("attribute_exists(pk)");
  request.writes.push_back(check);
  Result<TransactWriteOutcome> result = this->loop_.Run(this->engine_->TransactWrite(request));
  ASSERT_FALSE(result.ok());
  const RefusalDetail* refusal = RefusalIn(result.error());
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->why, Refusal::kTransactionCanceled);
  ASSERT_EQ(refusal->members.size(), 3u);
  EXPECT_EQ(refusal->members[0].why, std::nullopt);
  EXPECT_EQ(refusal->members[1].why, std::nullopt);
  EXPECT_EQ(refusal->members[2].why, Refusal::kConditionFailed);
  EXPECT_EQ(this->Get(table, Key(S("b"))), std::nullopt);
  EXPECT_EQ(this->Get(table, Key(S("a"))), (AttributeMap{{"pk", S("a")}, {"v", N(1)}}));

  this->Put(table, {{"pk", S("c")}});
  TransactWriteOutcome outcome = Must(this->loop_.Run(this->engine_->TransactWrite(request)));
  ASSERT_EQ(outcome.outcomes.size(), 3u);
  EXPECT_EQ(outcome.outcomes[0].usage.table, HalfUnits(4));  // twice
  EXPECT_EQ(this->Get(table, Key(S("a"))), (AttributeMap{{"pk", S("a")}, {"v", N(2)}}));
  auto items = Must(this->loop_.Run(this->engine_->TransactGet(
      {GetOf(table, Key(S("b"))), GetOf(table, Key(S("x"))), GetOf(table, Key(S("a")))}, {4 << 20})));
  EXPECT_TRUE(items[0] && !items[1] && items[2]);
}

TYPED_TEST_P(EngineContract, ATransactionsInvalidUpdateIsItsReason) {
  const TableRef table = MakeTable(1, HashSchema());
  TransactWriteRequest request;
  request.writes.push_back(UpdateOfItem(table, Key(S("a")), UpdateOf("SET v = nowhere")));
  Result<TransactWriteOutcome> result = this->loop_.Run(this->engine_->TransactWrite(request));
  ASSERT_FALSE(result.ok());
  const RefusalDetail* refusal = RefusalIn(result.error());
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->why, Refusal::kTransactionCanceled);
  ASSERT_EQ(refusal->members.size(), 1u);
  EXPECT_EQ(refusal->members[0].why, Refusal::kRuleBroken);
  EXPECT_EQ(refusal->members[0].broken.value().message(),
            "The provided expression refers to an attribute that does not exist in the item");
}

TYPED_TEST_P(EngineContract, ATokenIsRememberedForTenMinutes) {
  const TableRef table = MakeTable(1, HashSchema());
  TransactWriteRequest request;
  request.writes.push_back(UpdateOfItem(table, Key(S("a")), UpdateOf("ADD v :one", {{":one", N(1)}})));
  request.token = TransactWriteRequest::Token{"context/token", "fingerprint"};
  EXPECT_FALSE(Must(this->loop_.Run(this->engine_->TransactWrite(request))).replayed);
  this->clock_.Advance(std::chrono::minutes(9));
  this->Reopen();
  TransactWriteOutcome again = Must(this->loop_.Run(this->engine_->TransactWrite(request)));
  EXPECT_TRUE(again.replayed);
  ASSERT_EQ(again.outcomes.size(), 1u);
  EXPECT_EQ(this->Get(table, Key(S("a"))), (AttributeMap{{"pk", S("a")}, {"v", N(1)}}));

  TransactWriteRequest other = request;
  other.token->fingerprint = "another";
  Result<TransactWriteOutcome> mismatch = this->loop_.Run(this->engine_->TransactWrite(other));
  ASSERT_FALSE(mismatch.ok());
  EXPECT_EQ(RefusalOf(mismatch.error()), Refusal::kTokenReused);

  this->clock_.Advance(std::chrono::minutes(2));
  EXPECT_FALSE(Must(this->loop_.Run(this->engine_->TransactWrite(request))).replayed);
  EXPECT_EQ(this->Get(table, Key(S("a"))), (AttributeMap{{"pk", S("a")}, {"v", N(2)}}));
}

TYPED_TEST_P(EngineContract, ConcurrentIncrementsAllCount) {
  const TableRef table = MakeTable(1, HashSchema());
  constexpr int kThreads = 4;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      Loop loop;
      std::vector<Task<Result<WriteOutcome>>> tasks;
      for (int i = 0; i < kEach; ++i) {
        tasks.push_back(this->engine_->Write(
            UpdateOfItem(table, Key(S(i % 2 == 0 ? "a" : "b")), UpdateOf("ADD v :one", {{":one", N(1)}}))));
      }
      for (auto& result : loop.RunAll(std::move(tasks))) Must(std::move(result));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(*this->Get(table, Key(S("a")))->Find("v"), N(kThreads * kEach / 2));
  EXPECT_EQ(*this->Get(table, Key(S("b")))->Find("v"), N(kThreads * kEach / 2));
}

// Money moves between accounts in transactions while others read: every reader sees the same total.
TYPED_TEST_P(EngineContract, NoReaderSeesHalfATransaction) {
  const TableRef table = MakeTable(1, RangeSchema());
  constexpr int kAccounts = 6;
  for (int i = 0; i < kAccounts; ++i) this->Put(table, {{"pk", S("p")}, {"sk", S(std::to_string(i))}, {"v", N(100)}});
  auto key = [](int i) { return Key(S("p"), S(std::to_string(i))); };
  std::atomic<bool> done{false};
  std::thread reader([&] {
    Loop loop;
    while (!done) {
      PageRequest request{.table = table};
      request.key_condition.emplace().hash = {S("p")};
      std::int64_t total = 0;
      for (const EncodedItem& item : Must(loop.Run(this->engine_->ReadPage(request))).items) {
        total += *item.Decode().Find("v")->template As<Number>()->ToInt64();
      }
      EXPECT_EQ(total, 100 * kAccounts);
      std::vector<GetRequest> gets;
      for (int i = 0; i < kAccounts; ++i) gets.push_back(GetOf(table, key(i)));
      total = 0;
      for (const MaybeItem& item : Must(loop.Run(this->engine_->TransactGet(gets, {4 << 20})))) {
        total += *item->Decode().Find("v")->template As<Number>()->ToInt64();
      }
      EXPECT_EQ(total, 100 * kAccounts);
    }
  });
  std::vector<std::thread> writers;
  for (unsigned t = 0; t < 3; ++t) {
    writers.emplace_back([&, t] {
      Loop loop;
      std::mt19937 random(t);
      for (int round = 0; round < 10; ++round) {
        std::vector<Task<Result<TransactWriteOutcome>>> tasks;
        for (int i = 0; i < 8; ++i) {
          const int from = static_cast<int>(random() % kAccounts);
          const int to = (from + 1 + static_cast<int>(random() % (kAccounts - 1))) % kAccounts;
          TransactWriteRequest request;
          request.writes.push_back(UpdateOfItem(table, key(from), UpdateOf("ADD v :x", {{":x", N(-7)}})));
          request.writes.push_back(UpdateOfItem(table, key(to), UpdateOf("ADD v :x", {{":x", N(7)}})));
          tasks.push_back(this->engine_->TransactWrite(request));
        }
        for (auto& result : loop.RunAll(std::move(tasks))) Must(std::move(result));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  reader.join();
}

TYPED_TEST_P(EngineContract, ADroppedTableTakesNoMoreWrites) {
  const TableRef table = MakeTable(1, HashSchema());
  const TableRef next = MakeTable(2, HashSchema());
  this->Put(table, {{"pk", S("a")}});
  this->Put(next, {{"pk", S("a")}});
  Must(this->loop_.Run(this->engine_->DropTable(table)));
  Must(this->loop_.Run(this->engine_->DropTable(table)));
  Result<WriteOutcome> late = this->loop_.Run(this->engine_->Write(PutOf(table, {{"pk", S("b")}})));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(RefusalOf(late.error()), Refusal::kTableGone);
  EXPECT_TRUE(this->Get(next, Key(S("a"))));
}

TYPED_TEST_P(EngineContract, CountersSurviveRestarts) {
  TableSchema schema = RangeSchema();
  schema.indexes = {MakeIndex(3, "lsi", {{{"pk", AttributeType::kS}}, {{"l", AttributeType::kS}}}, IndexKind::kLocal)};
  const TableRef table = MakeTable(1, schema);
  const AttributeMap one{{"pk", S("p")}, {"sk", S("1")}, {"l", S("x")}};
  const AttributeMap two{{"pk", S("p")}, {"sk", S("2")}};
  WriteOutcome outcome = this->Put(table, one);
  EXPECT_EQ(outcome.collection_bytes, 2 * SizeOf(one));
  outcome = this->Put(table, two);
  EXPECT_EQ(outcome.collection_bytes, 2 * SizeOf(one) + SizeOf(two));
  this->Reopen();
  TableStats stats = this->Stats(table);
  EXPECT_EQ(stats.item_count, 2u);
  EXPECT_EQ(stats.size_bytes, SizeOf(one) + SizeOf(two));
  ASSERT_EQ(stats.indexes.size(), 1u);
  EXPECT_EQ(stats.indexes[0].id, 3u);
  EXPECT_EQ(stats.indexes[0].item_count, 1u);
  EXPECT_EQ(stats.indexes[0].size_bytes, SizeOf(one));
  outcome = this->Write(DeleteOf(table, Key(S("p"), S("1"))));
  EXPECT_EQ(outcome.collection_bytes, SizeOf(two));
  outcome = this->Write(DeleteOf(table, Key(S("p"), S("2"))));
  EXPECT_EQ(outcome.collection_bytes, 0u);
}

// Random writes of every kind against a map that does the same, with restarts in between; then every index, count and
// size must be what the map says.
TYPED_TEST_P(EngineContract, AgreesWithAMapOnRandomWrites) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  TableSchema schema = RangeSchema(AttributeType::kN);
  IndexSchema keys = MakeIndex(2, "keys", {{{"g", AttributeType::kN}}, {{"h", AttributeType::kS}}});
  keys.projection.type = ProjectionType::kKeysOnly;
  schema.indexes = {MakeIndex(1, "all", {{{"g", AttributeType::kN}}, {}}), keys,
                    MakeIndex(3, "lsi", {{{"pk", AttributeType::kS}}, {{"h", AttributeType::kS}}}, IndexKind::kLocal)};
  const TableRef table = MakeTable(1, schema);
  std::map<std::pair<std::string, int>, AttributeMap> expected;

  auto random_item = [&](const std::string& pk, int sk) {
    AttributeMap item{{"pk", S(pk)}, {"sk", N(sk)}};
    if (below(3) > 0) item.Set("g", N(below(3)));
    if (below(3) > 0) item.Set("h", S(std::string(static_cast<std::size_t>(1 + below(3)), 'h')));
    if (below(2) > 0) item.Set("v", S(std::string(static_cast<std::size_t>(below(1500)), 'v')));
    return item;
  };
  // One random write and what it does to the map.
  auto random_write = [&](std::set<std::pair<std::string, int>>* used) {
    std::string pk;
    int sk = 0;
    do {
      pk = std::string(1, static_cast<char>('a' + below(3)));
      sk = below(8) - 4;
    } while (!used->emplace(pk, sk).second);
    const auto place = std::pair(pk, sk);
    WriteRequest request = DeleteOf(table, Key(S(pk), N(sk)));
    switch (below(3)) {
      case 0:
        expected.erase(place);
        break;
      case 1: {
        request = PutOf(table, random_item(pk, sk));
        expected[place] = request.item;
        break;
      }
      case 2: {
        const int g = below(3);
        request = UpdateOfItem(table, request.key, UpdateOf("SET g = :g REMOVE h", {{":g", N(g)}}));
        AttributeMap& item = expected.try_emplace(place, AttributeMap{{"pk", S(pk)}, {"sk", N(sk)}}).first->second;
        item.Set("g", N(g));
        item.Erase("h");
        break;
      }
    }
    return request;
  };

  for (int round = 0; round < 60; ++round) {
    std::set<std::pair<std::string, int>> used;
    switch (below(4)) {
      case 0:
        this->Write(random_write(&used));
        break;
      case 1: {
        TransactWriteRequest request;
        for (int i = 0; i < 4; ++i) request.writes.push_back(random_write(&used));
        Must(this->loop_.Run(this->engine_->TransactWrite(request)));
        break;
      }
      case 2: {
        std::vector<WriteRequest> batch;
        for (int i = 0; i < 5; ++i) batch.push_back(random_write(&used));
        for (auto& result : this->loop_.Run(this->engine_->BatchWrite(batch))) Must(std::move(result));
        break;
      }
      case 3: {
        std::vector<Task<Result<WriteOutcome>>> tasks;
        for (int i = 0; i < 6; ++i) tasks.push_back(this->engine_->Write(random_write(&used)));
        for (auto& result : this->loop_.RunAll(std::move(tasks))) Must(std::move(result));
        break;
      }
    }
    if (below(15) == 0) this->Reopen();
  }

  auto place_of = [](const AttributeMap& item) {
    return std::pair(*item.Find("pk")->template As<std::string>(),
                     static_cast<int>(*item.Find("sk")->template As<Number>()->ToInt64()));
  };
  const auto limit = static_cast<std::uint64_t>(1 + below(7));
  std::map<std::pair<std::string, int>, AttributeMap> found;
  std::uint64_t bytes = 0;
  for (const AttributeMap& item : this->ReadAll(PageRequest{.table = table}, limit)) {
    EXPECT_TRUE(found.try_emplace(place_of(item), item).second) << "an item twice";
    bytes += SizeOf(item);
  }
  EXPECT_EQ(found, expected);
  const TableStats stats = this->Stats(table);
  EXPECT_EQ(stats.item_count, expected.size());
  EXPECT_EQ(stats.size_bytes, bytes);
  for (std::size_t i = 0; i < schema.indexes.size(); ++i) {
    const IndexSchema& index = schema.indexes[i];
    std::map<std::pair<std::string, int>, AttributeMap> entries, expected_entries;
    for (const auto& [place, item] : expected) {
      const bool belongs = index.id == 1   ? item.Find("g") != nullptr
                           : index.id == 2 ? item.Find("g") && item.Find("h")
                                           : item.Find("h") != nullptr;
      if (!belongs) continue;
      AttributeMap entry = item;
      if (index.id == 2) entry.Erase("v");
      expected_entries[place] = entry;
    }
    PageRequest request{.table = table};
    request.index = index.id;
    bytes = 0;
    for (const AttributeMap& item : this->ReadAll(request, limit)) {
      EXPECT_TRUE(entries.try_emplace(place_of(item), item).second) << "an entry twice";
      bytes += SizeOf(item);
    }
    EXPECT_EQ(entries, expected_entries) << index.name;
    EXPECT_EQ(stats.indexes[i].item_count, expected_entries.size()) << index.name;
    EXPECT_EQ(stats.indexes[i].size_bytes, bytes) << index.name;
  }
}

REGISTER_TYPED_TEST_SUITE_P(EngineContract, WhatWasPutIsRead, TablesTenantsAndIncarnationsAreApart,
                            FailedConditionChangesNothingAndShowsTheItem, ConditionsSeeTheItemAsItIs,
                            BatchesAreIndependentWrites, QueriesAreOrderedRanges, PrefixesAndZeroBytesAreOrdinaryText,
                            APageEndsAtItsLimitOrAtOneMegabyte, SegmentsPartAScan, IndexesProjectAndAreSparse,
                            IndexesOfSeveralAttributes, IndexKeysOfTheWrongTypeAreRefused,
                            ANewIndexIsFilledWhileWritersGoOn, TransactionsAreWholeOrNothing,
                            ATransactionsInvalidUpdateIsItsReason, ATokenIsRememberedForTenMinutes,
                            ConcurrentIncrementsAllCount, NoReaderSeesHalfATransaction, ADroppedTableTakesNoMoreWrites,
                            CountersSurviveRestarts, AgreesWithAMapOnRandomWrites);

}  // namespace insula::storage::testing
