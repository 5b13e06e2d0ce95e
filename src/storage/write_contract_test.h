// The part of the engines' contract that is about what one write returns and costs. Joins like EngineContract.
#pragma once

#include "storage/engine_contract_test.h"

namespace insula::storage::testing {

template <class Engines>
class WriteContract : public EngineContract<Engines> {};

TYPED_TEST_SUITE_P(WriteContract);

TYPED_TEST_P(WriteContract, UpdatesReturnWhatTheyChanged) {
  const TableRef table = MakeTable(1, HashSchema());
  WriteOutcome outcome =
      this->Write(UpdateOfItem(table, Key(S("a")), UpdateOf("SET v = :v, w = :w", {{":v", N(1)}, {":w", S("x")}})));
  EXPECT_EQ(Tree(outcome.old_item), std::nullopt);
  EXPECT_TRUE(outcome.updated_new.empty());  // nobody asked
  EXPECT_EQ(Tree(outcome.new_item), (AttributeMap{{"pk", S("a")}, {"v", N(1)}, {"w", S("x")}}));
  WriteRequest reported = UpdateOfItem(table, Key(S("a")), UpdateOf("ADD v :v REMOVE w", {{":v", N(41)}}));
  reported.report = expression::Update::Report::kBoth;
  outcome = this->Write(std::move(reported));
  EXPECT_EQ(outcome.updated_old, (AttributeMap{{"v", N(1)}, {"w", S("x")}}));
  EXPECT_EQ(outcome.updated_new, (AttributeMap{{"v", N(42)}}));
  EXPECT_EQ(this->Get(table, Key(S("a"))), (AttributeMap{{"pk", S("a")}, {"v", N(42)}}));
  // Without an expression an update makes the bare key, and leaves an item that is there alone.
  this->Write(UpdateOfItem(table, Key(S("b")), nullptr));
  EXPECT_EQ(this->Get(table, Key(S("b"))), (AttributeMap{{"pk", S("b")}}));
  this->Write(UpdateOfItem(table, Key(S("a")), nullptr));
  EXPECT_EQ(this->Get(table, Key(S("a"))), (AttributeMap{{"pk", S("a")}, {"v", N(42)}}));
}

// scylladb/scylladb#5862. No item, no entry, no count; a path that leads nowhere is no error then.
TYPED_TEST_P(WriteContract, AnUpdateThatOnlyRemovesMakesNothing) {
  TableSchema schema = HashSchema();
  schema.indexes = {MakeIndex(1, "all", {{{"pk", AttributeType::kS}}, {}})};
  const TableRef table = MakeTable(1, schema);
  const auto set = AttributeValue(AttributeValue::Variant(StringSet{{"x"}}));
  for (const auto& update : {UpdateOf("REMOVE v"), UpdateOf("REMOVE v.w[1]"), UpdateOf("DELETE s :s", {{":s", set}})}) {
    const WriteOutcome outcome = this->Write(UpdateOfItem(table, Key(S("a")), update));
    EXPECT_TRUE(outcome.condition_met);
    EXPECT_EQ(Tree(outcome.new_item), std::nullopt);
    EXPECT_EQ(outcome.usage.table, HalfUnits(2));
    EXPECT_TRUE(outcome.usage.indexes.empty());
    TransactWriteRequest request;
    request.writes.push_back(UpdateOfItem(table, Key(S("a")), update));
    EXPECT_EQ(Must(this->loop_.Run(this->engine_->TransactWrite(request))).outcomes[0].usage.table, HalfUnits(4));
  }
  EXPECT_EQ(this->Get(table, Key(S("a"))), std::nullopt);
  const TableStats stats = this->Stats(table);
  EXPECT_EQ(stats.item_count, 0u);
  EXPECT_EQ(stats.indexes[0].item_count, 0u);
  // What sets something, too, makes an item.
  this->Write(UpdateOfItem(table, Key(S("a")), UpdateOf("SET v = :v REMOVE w", {{":v", N(1)}})));
  EXPECT_EQ(this->Get(table, Key(S("a"))), (AttributeMap{{"pk", S("a")}, {"v", N(1)}}));
}

TYPED_TEST_P(WriteContract, FailedUpdatesAreTheClientsErrors) {
  const TableRef table = MakeTable(1, HashSchema());
  auto failed = [&](std::string text, std::map<std::string, AttributeValue, std::less<>> values) {
    Result<WriteOutcome> result =
        this->loop_.Run(this->engine_->Write(UpdateOfItem(table, Key(S("a")), UpdateOf(text, std::move(values)))));
    EXPECT_FALSE(result.ok());
    EXPECT_EQ(result.error().code(), ErrorCode::kValidation);
    return result.error().message();
  };
  EXPECT_EQ(failed("SET big = :big", {{":big", S(std::string(kItemSizeMax, 'x'))}}),
            "Item size to update has exceeded the maximum allowed size");
  EXPECT_EQ(failed("SET v = nowhere", {}),
            "The provided expression refers to an attribute that does not exist in the item");
  EXPECT_EQ(this->Get(table, Key(S("a"))), std::nullopt);
}

TYPED_TEST_P(WriteContract, WritesCostByTheLargerOfBeforeAndAfter) {
  TableSchema schema = HashSchema();
  schema.indexes = {MakeIndex(1, "gsi", {{{"g", AttributeType::kS}}, {}})};
  const TableRef table = MakeTable(1, schema);
  const AttributeMap small{{"pk", S("a")}, {"g", S("x")}};
  const AttributeMap large{{"pk", S("a")}, {"g", S("x")}, {"v", S(std::string(2000, 'v'))}};
  const AttributeMap moved{{"pk", S("a")}, {"g", S("y")}, {"v", S(std::string(2000, 'v'))}};
  using Indexes = std::vector<std::pair<std::uint16_t, HalfUnits>>;
  WriteUsage usage = this->Put(table, small).usage;
  EXPECT_EQ(usage.table, HalfUnits(2));
  EXPECT_EQ(usage.indexes, (Indexes{{1, HalfUnits(2)}}));
  usage = this->Put(table, small).usage;  // the index entry doesn't change
  EXPECT_EQ(usage.table, HalfUnits(2));
  EXPECT_EQ(usage.indexes, Indexes());
  usage = this->Put(table, large).usage;
  EXPECT_EQ(usage.table, HalfUnits(4));
  EXPECT_EQ(usage.indexes, (Indexes{{1, HalfUnits(4)}}));
  usage = this->Put(table, moved).usage;  // one entry goes, another comes
  EXPECT_EQ(usage.table, HalfUnits(4));
  EXPECT_EQ(usage.indexes, (Indexes{{1, HalfUnits(8)}}));
  usage = this->Write(DeleteOf(table, Key(S("a")))).usage;
  EXPECT_EQ(usage.table, HalfUnits(4));
  EXPECT_EQ(usage.indexes, (Indexes{{1, HalfUnits(4)}}));
  usage = this->Write(DeleteOf(table, Key(S("a")))).usage;
  EXPECT_EQ(usage.table, HalfUnits(2));
  // In a transaction the table's part costs twice (nubo-db/dynoxide#188, captured in eu-west-2).
  TransactWriteRequest request;
  request.writes.push_back(PutOf(table, small));
  usage = Must(this->loop_.Run(this->engine_->TransactWrite(request))).outcomes[0].usage;
  EXPECT_EQ(usage.table, HalfUnits(4));
  EXPECT_EQ(usage.indexes, (Indexes{{1, HalfUnits(2)}}));
  EXPECT_EQ(this->Stats(table).written, HalfUnits(2 + 2 + 2 + 4 + 4 + 4 + 8 + 4 + 4 + 2 + 4 + 2));
  this->Reopen();
  EXPECT_EQ(this->Stats(table).written, HalfUnits(2 + 2 + 2 + 4 + 4 + 4 + 8 + 4 + 4 + 2 + 4 + 2));
}

// nubo-db/dynoxide, tests/transactional_index_consumed_capacity.rs, captures R1, R2, S1 and S2 of eu-west-2.
TYPED_TEST_P(WriteContract, ARepeatedTransactionCostsReadingWhatTheFirstWasChargedFor) {
  const TableRef table = MakeTable(1, HashSchema());
  const AttributeMap small{{"pk", S("small")}};
  const auto large = [](const char* key) { return AttributeMap{{"pk", S(key)}, {"v", S(std::string(9000, 'v'))}}; };
  for (const char* key : {"deleted", "shrunk", "checked"}) this->Put(table, large(key));
  TransactWriteRequest request;
  request.writes = {DeleteOf(table, Key(S("deleted"))), PutOf(table, {{"pk", S("shrunk")}}),
                    PutOf(table, large("grown")), PutOf(table, small), DeleteOf(table, Key(S("checked")))};
  request.writes.back().kind = WriteKind::kConditionCheck;
  request.writes.back().condition = ConditionOf("attribute_exists(pk)");
  request.token = TransactWriteRequest::Token{"context/token", "fingerprint"};
  Must(this->loop_.Run(this->engine_->TransactWrite(request)));
  const TransactWriteOutcome again = Must(this->loop_.Run(this->engine_->TransactWrite(request)));
  ASSERT_TRUE(again.replayed);
  std::vector<HalfUnits> costs;
  for (const WriteOutcome& outcome : again.outcomes) costs.push_back(outcome.usage.table);
  EXPECT_EQ(costs, (std::vector<HalfUnits>{HalfUnits(12), HalfUnits(12), HalfUnits(12), HalfUnits(4), HalfUnits(12)}));
}

REGISTER_TYPED_TEST_SUITE_P(WriteContract, UpdatesReturnWhatTheyChanged, AnUpdateThatOnlyRemovesMakesNothing,
                            FailedUpdatesAreTheClientsErrors, WritesCostByTheLargerOfBeforeAndAfter,
                            ARepeatedTransactionCostsReadingWhatTheFirstWasChargedFor);

}  // namespace insula::storage::testing
