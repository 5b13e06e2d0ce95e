// Batches are many independent operations in one answer; their limits and refusals are of the whole.
#include <gtest/gtest.h>

#include "operations/testing/schemas.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using testing::Invalid;
using testing::Server;

class BatchOperations : public ::testing::Test {
 protected:
  BatchOperations() {
    server.CreateTable("One", SchemaOf(AttributeType::kS));
    TableSchema indexed = SchemaOf(AttributeType::kS, {AttributeType::kS});
    indexed.indexes = {LocalIndex(0, "byB", "b")};
    server.CreateTable("Two", indexed);
  }
  std::string Call(std::string_view operation, std::string_view body) { return server.Call(operation, body); }

  Server server;
};

TEST_F(BatchOperations, WriteThenGet) {
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{
      "One":[{"PutRequest":{"Item":{"pk":{"S":"a"},"v":{"N":"1"}}}},{"DeleteRequest":{"Key":{"pk":{"S":"b"}}}}],
      "Two":[{"PutRequest":{"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"b":{"S":"x"}}}}]},
      "ReturnConsumedCapacity":"TOTAL","ReturnItemCollectionMetrics":"SIZE"})"),
            R"(200 {"UnprocessedItems":{},"ItemCollectionMetrics":{"Two":[{"ItemCollectionKey":{"pk":{"S":"a"}},)"
            R"("SizeEstimateRangeGB":[0.0,1.0]}]},"ConsumedCapacity":[{"TableName":"One","CapacityUnits":2.0},)"
            R"({"TableName":"Two","CapacityUnits":2.0}]})");
  EXPECT_EQ(server.meter.Take("One"), "0/2");
  EXPECT_EQ(Call("BatchGetItem", R"({"RequestItems":{
      "One":{"Keys":[{"pk":{"S":"a"}},{"pk":{"S":"b"}}],"ConsistentRead":true},
      "Two":{"Keys":[{"pk":{"S":"a"},"sk":{"S":"1"}}],"ProjectionExpression":"#b","ExpressionAttributeNames":{"#b":"b"}}},
      "ReturnConsumedCapacity":"INDEXES"})"),
            R"(200 {"Responses":{"One":[{"pk":{"S":"a"},"v":{"N":"1"}}],"Two":[{"b":{"S":"x"}}]},)"
            R"("UnprocessedKeys":{},"ConsumedCapacity":[)"
            R"({"TableName":"One","CapacityUnits":2.0,"Table":{"CapacityUnits":2.0}},)"
            R"({"TableName":"Two","CapacityUnits":0.5,"Table":{"CapacityUnits":0.5}}]})");
  EXPECT_EQ(server.meter.Take("One"), "2/0");
}

TEST_F(BatchOperations, DuplicatesAreRefused) {
  const std::string duplicates = Invalid("Provided list of item keys contains duplicates");
  EXPECT_EQ(Call("BatchGetItem", R"({"RequestItems":{"None":{"Keys":[{"pk":{"S":"a"}},{"pk":{"S":"a"}}]}}})"),
            duplicates);
  EXPECT_EQ(Call("BatchGetItem", R"({"RequestItems":{"None":{"Keys":[{"pk":{"N":"1"}},{"pk":{"N":"1.0"}}]}}})"),
            duplicates);
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{"One":[{"PutRequest":{"Item":{"pk":{"S":"a"}}}},
                                       {"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}})"),
            duplicates);
}

TEST_F(BatchOperations, ABadKeyIsOnlyOfTheWrongSchema) {
  const std::string mismatch = Invalid("The provided key element does not match the schema");
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{"One":[{"PutRequest":{"Item":{"other":{"S":"a"}}}}]}})"),
            mismatch);
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{"One":[{"PutRequest":{"Item":{"pk":{"N":"1"}}}}]}})"), mismatch);
  EXPECT_EQ(Call("BatchGetItem", R"({"RequestItems":{"Two":{"Keys":[{"pk":{"S":"a"}}]}}})"), mismatch);
}

TEST_F(BatchOperations, ARequestIsAPutOrADelete) {
  const std::string both = Invalid(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{"One":[{}]}})"), both);
  EXPECT_EQ(
      Call("BatchWriteItem", R"({"RequestItems":{"One":[{"PutRequest":{"Item":{}},"DeleteRequest":{"Key":{}}}]}})"),
      both);
}

TEST_F(BatchOperations, HundredKeysAndTwentyFiveWritesOverAllTables) {
  std::string one, two, writes_one, writes_two;
  for (int i = 0; i < 51; ++i) {
    one += fmt::format(R"({}{{"pk":{{"S":"{}"}}}})", i ? "," : "", i);
    two += fmt::format(R"({}{{"pk":{{"S":"{}"}},"sk":{{"S":"a"}}}})", i ? "," : "", i);
  }
  for (int i = 0; i < 13; ++i) {
    writes_one += fmt::format(R"({}{{"PutRequest":{{"Item":{{"pk":{{"S":"{}"}}}}}}}})", i ? "," : "", i);
    writes_two +=
        fmt::format(R"({}{{"PutRequest":{{"Item":{{"pk":{{"S":"{}"}},"sk":{{"S":"a"}}}}}}}})", i ? "," : "", i);
  }
  EXPECT_EQ(Call("BatchGetItem",
                 fmt::format(R"({{"RequestItems":{{"One":{{"Keys":[{}]}},"Two":{{"Keys":[{}]}}}}}})", one, two)),
            Invalid("Too many items requested for the BatchGetItem call"));
  EXPECT_EQ(
      Call("BatchWriteItem", fmt::format(R"({{"RequestItems":{{"One":[{}],"Two":[{}]}}}})", writes_one, writes_two)),
      Invalid("Too many items requested for the BatchWriteItem call"));
}

TEST_F(BatchOperations, WhatPasses16MegabytesIsUnprocessed) {
  std::string large(400 * 1000, 'x');
  std::string keys;
  for (int i = 0; i < 50; ++i) {
    Call("PutItem", fmt::format(R"({{"TableName":"One","Item":{{"pk":{{"S":"{:02}"}},"v":{{"S":"{}"}}}}}})", i, large));
    keys += fmt::format(R"({}{{"pk":{{"S":"{:02}"}}}})", i ? "," : "", i);
  }
  std::string answer = Call("BatchGetItem", fmt::format(R"({{"RequestItems":{{"One":{{"Keys":[{}],"ConsistentRead":true,
      "AttributesToGet":["pk","v"]}}}}}})",
                                                        keys));
  std::size_t unprocessed = answer.find(R"("UnprocessedKeys":{"One":{"Keys":[)");
  ASSERT_NE(unprocessed, std::string::npos);
  EXPECT_TRUE(answer.ends_with(R"({"pk":{"S":"49"}}],"AttributesToGet":["pk","v"],"ConsistentRead":true}}})"))
      << answer.substr(unprocessed);
  EXPECT_GT(unprocessed, 15u * 1024 * 1024);
  EXPECT_LT(unprocessed, 17u * 1024 * 1024);
}

// A stored byte becomes up to fourteen of JSON: what a request holds is charged by the answer's own length.
class ChargedAnswer : public ::testing::Test {
 protected:
  static constexpr int kItems = 10;

  ChargedAnswer() {
    server.CreateTable("Flags", SchemaOf(AttributeType::kS));
    std::string flags;
    for (int i = 0; i < 20'000; ++i) flags += i == 0 ? R"({"BOOL":true})" : R"(,{"BOOL":true})";
    for (int i = 0; i < kItems; ++i) {
      server.Call("PutItem", fmt::format(R"({{"TableName":"Flags","Item":{{"pk":{{"S":"{}"}},"flags":{{"L":[{}]}}}}}})",
                                         i, flags));
    }
  }

  struct Charged {
    ApiResponse response;
    std::size_t bytes = 0;
  };
  Charged Ask(std::string_view operation, const std::string& body, std::size_t budget_bytes) {
    const Caller caller{server.tenant, ""};
    MemoryBudget budget(budget_bytes);
    MemoryCharge charge(&budget);
    ApiResponse response = testing::Await(server.api->Handle(*FindOperation(operation), body, caller, &charge));
    return {std::move(response), charge.bytes()};
  }
  static constexpr std::size_t kEnough = std::size_t{64} << 20;
  static constexpr std::size_t kFew = std::size_t{4} << 20;  // the items fit, as stored; their JSON doesn't

  Server server;
};

TEST_F(ChargedAnswer, OfABatch) {
  std::string keys;
  for (int i = 0; i < kItems; ++i) keys += fmt::format(R"({}{{"pk":{{"S":"{}"}}}})", i == 0 ? "" : ",", i);
  const std::string request = fmt::format(R"({{"RequestItems":{{"Flags":{{"Keys":[{}]}}}}}})", keys);
  const Charged whole = Ask("BatchGetItem", request, kEnough);
  EXPECT_EQ(whole.response.status, 200);
  EXPECT_GE(whole.bytes, 2 * whole.response.body.size());
  // What has no room as JSON is left for another request: one that was refused would be so again and again.
  const Charged some = Ask("BatchGetItem", request, kFew);
  EXPECT_EQ(some.response.status, 200);
  EXPECT_LT(some.response.body.size(), whole.response.body.size() / 2);
  EXPECT_NE(some.response.body.find(R"({"BOOL":true})"), std::string::npos);
  EXPECT_NE(some.response.body.find(R"("UnprocessedKeys":{"Flags":{"Keys":[)"), std::string::npos);
}

// The items that come with a failed transaction are an answer, too.
TEST_F(ChargedAnswer, OfARefusalThatBringsItems) {
  std::string checks;
  for (int i = 0; i < kItems; ++i) {
    checks += i == 0 ? "" : ",";
    checks += R"({"ConditionCheck":{"TableName":"Flags","ReturnValuesOnConditionCheckFailure":"ALL_OLD",)";
    checks += fmt::format(R"x("ConditionExpression":"attribute_not_exists(pk)","Key":{{"pk":{{"S":"{}"}}}}}}}})x", i);
  }
  const std::string request = fmt::format(R"({{"TransactItems":[{}]}})", checks);
  EXPECT_EQ(Ask("TransactWriteItems", request, kFew).response.status, 503);
  const Charged cancelled = Ask("TransactWriteItems", request, kEnough);
  EXPECT_EQ(cancelled.response.status, 400);
  EXPECT_GE(cancelled.bytes, 2 * cancelled.response.body.size());
}

// Items that aren't as small as stored: 12 MB of them, asked for in a few hundred bytes.
class ChargedItems : public ChargedAnswer {
 protected:
  static constexpr int kLarge = 30;
  static constexpr std::size_t kRoomForSome = std::size_t{20} << 20;

  ChargedItems() {
    server.CreateTable("Large", SchemaOf(AttributeType::kS));
    for (int i = 0; i < kLarge; ++i) {
      server.Call("PutItem", fmt::format(R"({{"TableName":"Large","Item":{{"pk":{{"S":"{}"}},"v":{{"S":"{}"}}}}}})", i,
                                         std::string(390'000, 'x')));
    }
  }
  // `one` for each item, whose key it is given.
  static std::string ForEach(const std::function<std::string(const std::string& key)>& one) {
    std::string all;
    for (int i = 0; i < kLarge; ++i) all += (i == 0 ? "" : ",") + one(fmt::format(R"({{"pk":{{"S":"{}"}}}})", i));
    return all;
  }
};

TEST_F(ChargedItems, WhatABatchHasNoRoomForIsLeftForAnother) {
  const std::string keys = ForEach([](const std::string& key) { return key; });
  const Charged some =
      Ask("BatchGetItem", fmt::format(R"({{"RequestItems":{{"Large":{{"Keys":[{}]}}}}}})", keys), kRoomForSome);
  EXPECT_EQ(some.response.status, 200);
  EXPECT_GT(some.response.body.size(), 1'000'000u);
  EXPECT_LT(some.response.body.size(), 6'000'000u);
  EXPECT_NE(some.response.body.find(R"("UnprocessedKeys":{"Large":{"Keys":[)"), std::string::npos);
  EXPECT_GE(some.bytes, 2 * some.response.body.size());
}

TEST_F(ChargedItems, StatementsSayOfEachItemWhatItIsOrAreRefused) {
  std::string statements;
  for (int i = 0; i < 25; ++i) {
    statements += fmt::format(R"({}{{"Statement":"SELECT * FROM \"Large\" WHERE pk = '{}'"}})", i == 0 ? "" : ",", i);
  }
  const std::string request = fmt::format(R"({{"Statements":[{}]}})", statements);
  EXPECT_EQ(Ask("BatchExecuteStatement", request, kRoomForSome).response.status, 503);
  EXPECT_EQ(Ask("BatchExecuteStatement", request, kEnough).response.status, 200);
}

TEST_F(ChargedItems, ATransactionOfSmallUpdatesToLargeItems) {
  const std::string updates = ForEach([](const std::string& key) {
    return R"({"Update":{"TableName":"Large","UpdateExpression":"SET n = :n","ExpressionAttributeValues":)"
           R"({":n":{"N":"1"}},"Key":)" +
           key + "}}";
  });
  const std::string request = fmt::format(R"({{"TransactItems":[{}]}})", updates);
  EXPECT_EQ(Ask("TransactWriteItems", request, kRoomForSome).response.status, 503);
  const std::string updated =
      server.Call("Scan", R"x({"TableName":"Large","Select":"COUNT","FilterExpression":"attribute_exists(n)"})x");
  EXPECT_NE(updated.find(R"("Count":0)"), std::string::npos) << updated;
  EXPECT_EQ(Ask("TransactWriteItems", request, kEnough).response.status, 200);
}

}  // namespace
}  // namespace insula::operations
