// Transactions: all or nothing, and when nothing, why, action by action.
#include <gtest/gtest.h>

#include "operations/testing/schemas.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using testing::Invalid;
using testing::Server;

std::string Cancelled(std::string_view codes, std::string_view reasons) {
  return fmt::format(
      R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction )"
      R"(cancelled, please refer cancellation reasons for specific reasons [{}]","CancellationReasons":[{}]}})",
      codes, reasons);
}

class Transactions : public ::testing::Test {
 protected:
  Transactions() {
    server.CreateTable("Tab", SchemaOf(AttributeType::kS));
    TableSchema indexed = SchemaOf(AttributeType::kS, {AttributeType::kS});
    indexed.indexes = {LocalIndex(0, "byB", "b")};
    server.CreateTable("Idx", indexed);
  }
  std::string Write(std::string_view actions, std::string_view more = "") {
    return server.Call("TransactWriteItems", fmt::format(R"({{"TransactItems":[{}]{}}})", actions, more));
  }
  std::string Get(std::string_view gets, std::string_view more = "") {
    return server.Call("TransactGetItems", fmt::format(R"({{"TransactItems":[{}]{}}})", gets, more));
  }
  std::string Item(std::string_view pk) {
    return server.Call("GetItem", fmt::format(R"({{"TableName":"Tab","Key":{{"pk":{{"S":"{}"}}}}}})", pk));
  }

  Server server;
};

TEST_F(Transactions, AllActionsTogether) {
  Write(
      R"({"Put":{"TableName":"Tab","Item":{"pk":{"S":"old"}}}},{"Put":{"TableName":"Tab","Item":{"pk":{"S":"check"}}}})");
  server.meter.Take("Tab");
  EXPECT_EQ(
      Write(R"j({"Put":{"TableName":"Tab","Item":{"pk":{"S":"a"}}}},
                     {"Delete":{"TableName":"Tab","Key":{"pk":{"S":"old"}}}},
                     {"ConditionCheck":{"TableName":"Tab","Key":{"pk":{"S":"check"}},
                                        "ConditionExpression":"attribute_exists(pk)"
}
},
                     {"Update":{"TableName":"Idx","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"UpdateExpression":"SET b = :b",
                                "ExpressionAttributeValues":{":b":{"S":"x"}}}})j",
            R"(,"ReturnConsumedCapacity":"INDEXES","ReturnItemCollectionMetrics":"SIZE")"),
      R"(200 {"ConsumedCapacity":[{"TableName":"Tab","CapacityUnits":6.0,"WriteCapacityUnits":6.0,)"
      R"("Table":{"CapacityUnits":6.0,"WriteCapacityUnits":6.0}},)"
      R"({"TableName":"Idx","CapacityUnits":3.0,"WriteCapacityUnits":3.0,)"
      R"("Table":{"CapacityUnits":2.0,"WriteCapacityUnits":2.0},)"
      R"("LocalSecondaryIndexes":{"byB":{"CapacityUnits":1.0,"WriteCapacityUnits":1.0}}}],)"
      R"("ItemCollectionMetrics":{"Idx":[{"ItemCollectionKey":{"pk":{"S":"a"}},"SizeEstimateRangeGB":[0.0,1.0]}]}})");
  EXPECT_EQ(server.meter.Take("Tab"), "0/6");
  EXPECT_EQ(Item("a"), R"(200 {"Item":{"pk":{"S":"a"}}})");
  EXPECT_EQ(Item("old"), "200 {}");
  EXPECT_EQ(Get(R"({"Get":{"TableName":"Idx","Key":{"pk":{"S":"a"},"sk":{"S":"1"}},"ProjectionExpression":"b"}},
                   {"Get":{"TableName":"Tab","Key":{"pk":{"S":"none"}}}})",
                R"(,"ReturnConsumedCapacity":"TOTAL")"),
            R"(200 {"Responses":[{"Item":{"b":{"S":"x"}}},{}],"ConsumedCapacity":[)"
            R"({"TableName":"Idx","CapacityUnits":2.0,"ReadCapacityUnits":2.0},)"
            R"({"TableName":"Tab","CapacityUnits":2.0,"ReadCapacityUnits":2.0}]})");
}

TEST_F(Transactions, AFailedConditionCancelsAllAndSaysWhich) {
  Write(R"({"Put":{"TableName":"Tab","Item":{"pk":{"S":"a"},"v":{"N":"1"}}}})");
  EXPECT_EQ(Write(R"j({"Put":{"TableName":"Tab","Item":{"pk":{"S":"new"}}}},
                     {"Put":{"TableName":"Tab","Item":{"pk":{"S":"a"}},"ConditionExpression":"attribute_not_exists(pk)",
                             "ReturnValuesOnConditionCheckFailure":"ALL_OLD"
}
})j"),
            Cancelled("None, ConditionalCheckFailed",
                      R"({"Code":"None"},{"Code":"ConditionalCheckFailed","Item":{"pk":{"S":"a"},"v":{"N":"1"}},)"
                      R"("Message":"The conditional request failed"})"));
  EXPECT_EQ(Write(R"({"Delete":{"TableName":"Tab","Key":{"pk":{"S":"a"}},"ConditionExpression":"v = :v",
                                "ExpressionAttributeValues":{":v":{"N":"2"}}}})"),
            Cancelled("ConditionalCheckFailed",
                      R"({"Code":"ConditionalCheckFailed","Message":"The conditional request failed"})"));
  EXPECT_EQ(Item("new"), "200 {}");
}

TEST_F(Transactions, WhatItsTableRefusesCancelsToo) {
  EXPECT_EQ(
      Write(
          R"({"Put":{"TableName":"Tab","Item":{"pk":{"S":"b"}}}},{"Put":{"TableName":"Tab","Item":{"pk":{"N":"5"}}}})"),
      Cancelled("None, ValidationError",
                R"({"Code":"None"},{"Code":"ValidationError","Message":"One or more parameter values were invalid: )"
                R"(Type mismatch for key pk expected: S actual: N"})"));
  EXPECT_EQ(Write(R"({"Delete":{"TableName":"Tab","Key":{"pk":{"N":"5"}}}})"),
            Cancelled("ValidationError",
                      R"({"Code":"ValidationError","Message":"The provided key element does not match the schema"})"));
  EXPECT_EQ(Get(R"({"Get":{"TableName":"Tab","Key":{}}})"),
            Cancelled("ValidationError",
                      R"({"Code":"ValidationError","Message":"The provided key element does not match the schema"})"));
  EXPECT_EQ(
      Write(R"({"Update":{"TableName":"Tab","Key":{"pk":{"S":"b"}},"UpdateExpression":"SET v = w"}})"),
      Cancelled("ValidationError",
                R"({"Code":"ValidationError","Message":"The provided expression refers to an attribute that does )"
                R"(not exist in the item"})"));
  EXPECT_EQ(Item("b"), "200 {}");
}

TEST_F(Transactions, SomeThingsAreRefusedBeforeItStarts) {
  EXPECT_EQ(Write(R"({"Put":{"TableName":"Tab","Item":{"pk":{"S":""}}}})"),
            Invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                    "an empty string value. Key: pk"));
  EXPECT_EQ(
      Write(
          R"({"Put":{"TableName":"Tab","Item":{"pk":{"S":"a"}}}},{"Delete":{"TableName":"Tab","Key":{"pk":{"S":"a"}}}})"),
      Invalid("Transaction request cannot include multiple operations on one item"));
  EXPECT_EQ(
      Get(R"({"Get":{"TableName":"Tab","Key":{"pk":{"S":"a"}}}},{"Get":{"TableName":"Tab","Key":{"pk":{"S":"a"}}}})"),
      Invalid("Transaction request cannot include multiple operations on one item"));
  EXPECT_EQ(Write(R"({})"),
            Invalid("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"));
  EXPECT_EQ(Write(R"({"Put":{"TableName":"Tab","Item":{}},"Delete":{"TableName":"Tab","Key":{}}})"),
            Invalid("TransactItems can only contain one of Check, Put, Update or Delete"));
  EXPECT_EQ(Get(R"({"Get":{"TableName":"Tab","Key":{},"ProjectionExpression":"!!!"}})"),
            Invalid(R"(Invalid ProjectionExpression: Syntax error; token: "!", near: "!!")"));
  // A later action's expression comes before an earlier action's table.
  EXPECT_EQ(Write(R"({"Put":{"TableName":"None","Item":{"pk":{"S":"a"}}}},
                     {"ConditionCheck":{"TableName":"Tab","Key":{"pk":{"S":"b"}},"ConditionExpression":"pk = :v"}})"),
            Invalid("Invalid ConditionExpression: An expression attribute value used in expression is not defined; "
                    "attribute value: :v"));
  EXPECT_EQ(Write(R"({"Put":{"TableName":"None","Item":{"pk":{"S":"a"}}}})"),
            R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
            R"("message":"Requested resource not found"})");
}

TEST_F(Transactions, FourMegabytesAtMost) {
  std::string puts;
  for (int i = 0; i < 12; ++i) {
    puts += fmt::format(R"({}{{"Put":{{"TableName":"Tab","Item":{{"pk":{{"S":"{}"}},"v":{{"S":"{}"}}}}}}}})",
                        i ? "," : "", i, std::string(350'000, 'x'));
  }
  EXPECT_TRUE(Write(puts).starts_with(R"(400 {"__type":"com.amazon.coral.validate#ValidationException")"));
}

TEST_F(Transactions, ATokenMakesARetryHarmless) {
  auto add = [&](std::string_view amount, std::string_view token) {
    return Write(fmt::format(R"({{"Update":{{"TableName":"Tab","Key":{{"pk":{{"S":"a"}}}},"UpdateExpression":"ADD n :n",
                                 "ExpressionAttributeValues":{{":n":{{"N":"{}"}}}}}}}})",
                             amount),
                 fmt::format(R"(,"ClientRequestToken":"{}","ReturnConsumedCapacity":"TOTAL")", token));
  };
  constexpr std::string_view kWritten =
      R"(200 {"ConsumedCapacity":[{"TableName":"Tab","CapacityUnits":2.0,"WriteCapacityUnits":2.0}]})";
  constexpr std::string_view kReplayed =
      R"(200 {"ConsumedCapacity":[{"TableName":"Tab","CapacityUnits":2.0,"ReadCapacityUnits":2.0}]})";
  EXPECT_EQ(add("1", "one"), kWritten);
  EXPECT_EQ(add("1", "one"), kReplayed);
  EXPECT_EQ(server.meter.Take("Tab"), "2/2");
  EXPECT_EQ(add("1.0", "one"), kReplayed);
  EXPECT_EQ(add("2", "one"),
            R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException",)"
            R"("message":"Parameters have changed since the first request with the same client request token"})");
  EXPECT_EQ(add("1", "two"), kWritten);
  EXPECT_EQ(Item("a"), R"(200 {"Item":{"n":{"N":"2"},"pk":{"S":"a"}}})");
  server.world.clock.Advance(std::chrono::minutes(11));
  EXPECT_EQ(add("1", "one"), kWritten);

  // A token is its context's own.
  tenancy::Context other = server.world.Tenant("prod", "shop", "other");
  EXPECT_EQ(server.CallAs(other, "TransactWriteItems",
                          R"({"TransactItems":[{"Delete":{"TableName":"Tab","Key":{"pk":{"S":"a"}}}}],
                              "ClientRequestToken":"one"})"),
            R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
            R"("message":"Requested resource not found"})");
}

}  // namespace
}  // namespace insula::operations
