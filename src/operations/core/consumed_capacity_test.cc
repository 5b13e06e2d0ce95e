// What answers report as consumed: the sum, and under INDEXES where it went.
#include "operations/core/consumed_capacity.h"

#include <gtest/gtest.h>

#include "operations/testing/schemas.h"

namespace insula::operations {
namespace {

TableSchema IndexedSchema() {
  TableSchema schema = SchemaOf(AttributeType::kS, {AttributeType::kS});
  schema.indexes = {GlobalIndex(1, "g1", "a"), LocalIndex(2, "l1", "b"), GlobalIndex(3, "g2", "c")};
  return schema;
}

std::string Text(const ConsumedCapacity& consumed, ReturnCapacity mode, bool transactional = false) {
  std::string out;
  wire::JsonWriter writer(&out);
  consumed.Write(mode, "Music", IndexedSchema(), transactional, &writer);
  return out;
}

storage::WriteUsage UsageOf(std::int64_t table, std::vector<std::pair<std::uint16_t, HalfUnits>> indexes) {
  storage::WriteUsage usage;
  usage.table = HalfUnits(table);
  usage.indexes = std::move(indexes);
  return usage;
}

TEST(ConsumedCapacity, TotalIsTableAndIndexes) {
  ConsumedCapacity consumed;
  consumed.Add(UsageOf(2, {{1, HalfUnits(4)}}));
  consumed.Add(UsageOf(2, {{1, HalfUnits(2)}, {2, HalfUnits(2)}}));
  EXPECT_EQ(consumed.written(), HalfUnits(12));
  EXPECT_EQ(Text(consumed, ReturnCapacity::kTotal), R"({"TableName":"Music","CapacityUnits":6.0})");
}

TEST(ConsumedCapacity, IndexesShowsEachPart) {
  ConsumedCapacity consumed;
  consumed.Add(UsageOf(2, {{1, HalfUnits(4)}, {2, HalfUnits(2)}}));
  EXPECT_EQ(Text(consumed, ReturnCapacity::kIndexes),
            R"({"TableName":"Music","CapacityUnits":4.0,"Table":{"CapacityUnits":1.0},)"
            R"("LocalSecondaryIndexes":{"l1":{"CapacityUnits":1.0}},)"
            R"("GlobalSecondaryIndexes":{"g1":{"CapacityUnits":2.0}}})");
}

// nubo-db/dynoxide, tests/partiql_index_consumed_capacity.rs, captures M4 and U2 of eu-west-2.
TEST(ConsumedCapacity, WhatFailedIsInTheSumAlone) {
  ConsumedCapacity consumed;
  consumed.AddFailed(UsageOf(6, {}));
  EXPECT_TRUE(consumed.only_failed());
  consumed.Add(UsageOf(2, {{1, HalfUnits(2)}}));
  EXPECT_FALSE(consumed.only_failed());
  EXPECT_EQ(Text(consumed, ReturnCapacity::kIndexes),
            R"({"TableName":"Music","CapacityUnits":5.0,"Table":{"CapacityUnits":1.0},)"
            R"("GlobalSecondaryIndexes":{"g1":{"CapacityUnits":1.0}}})");
}

TEST(ConsumedCapacity, AnEventuallyConsistentReadIsHalfAUnit) {
  ConsumedCapacity consumed;
  consumed.AddRead(ReadCost(100, false));
  EXPECT_EQ(Text(consumed, ReturnCapacity::kIndexes),
            R"({"TableName":"Music","CapacityUnits":0.5,"Table":{"CapacityUnits":0.5}})");
}

TEST(ConsumedCapacity, TransactionsTellReadsFromWrites) {
  ConsumedCapacity consumed;
  consumed.Add(UsageOf(4, {{3, HalfUnits(4)}}));
  EXPECT_EQ(Text(consumed, ReturnCapacity::kTotal, true),
            R"({"TableName":"Music","CapacityUnits":4.0,"WriteCapacityUnits":4.0})");
  EXPECT_EQ(Text(consumed, ReturnCapacity::kIndexes, true),
            R"({"TableName":"Music","CapacityUnits":4.0,"WriteCapacityUnits":4.0,)"
            R"("Table":{"CapacityUnits":2.0,"WriteCapacityUnits":2.0},)"
            R"("GlobalSecondaryIndexes":{"g2":{"CapacityUnits":2.0,"WriteCapacityUnits":2.0}}})");
}

TEST(CollectionMetrics, RangeIsTheGigabyteAround) {
  std::string out;
  wire::JsonWriter writer(&out);
  PrimaryKey key{AttributeValue::S("a"), AttributeValue::S("b")};
  WriteCollectionMetrics(key, IndexedSchema(), 3ULL * 1024 * 1024 * 1024 + 1, &writer);
  EXPECT_EQ(out, R"({"ItemCollectionKey":{"pk":{"S":"a"}},"SizeEstimateRangeGB":[3.0,4.0]})");
}

}  // namespace
}  // namespace insula::operations
