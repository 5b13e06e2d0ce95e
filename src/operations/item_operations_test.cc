// Operations on single items, end to end in one process: JSON in, JSON out, through catalog and embedded engine. The
// same under each partition model.
#include <gtest/gtest.h>

#include "operations/testing/schemas.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using testing::Invalid;
using testing::PartitionModel;
using testing::Server;

class ItemOperations : public ::testing::TestWithParam<PartitionModel> {
 protected:
  ItemOperations() : server(GetParam()) {
    server.CreateTable("Hash", SchemaOf(AttributeType::kS));
    server.CreateTable("Range", SchemaOf(AttributeType::kS, {AttributeType::kN}));
    TableSchema indexed = SchemaOf(AttributeType::kS, {AttributeType::kS});
    indexed.indexes = {GlobalIndex(0, "byA", "a"), LocalIndex(0, "byB", "b")};
    server.CreateTable("Indexed", indexed);
  }
  std::string Call(std::string_view operation, std::string_view body) { return server.Call(operation, body); }

  Server server;
};
INSTANTIATE_TEST_SUITE_P(Models, ItemOperations,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

constexpr std::string_view kNotFound = R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
                                       R"("message":"Requested resource not found"})";
constexpr std::string_view kConditionFailed =
    R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
    R"("message":"The conditional request failed"})";

TEST_P(ItemOperations, WhatIsPutIsRead) {
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"},"n":{"N":"1.50"},"b":{"B":"AAE="},
      "t":{"BOOL":true},"z":{"NULL":true},"l":{"L":[{"S":""},{"M":{"x":{"SS":["q","p"]}}}]}}})"),
            "200 {}");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"ConsistentRead":true})"),
            R"(200 {"Item":{"b":{"B":"AAE="},"l":{"L":[{"S":""},{"M":{"x":{"SS":["p","q"]}}}]},"n":{"N":"1.5"},)"
            R"("pk":{"S":"a"},"t":{"BOOL":true},"z":{"NULL":true}}})");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"b"}}})"), "200 {}");
}

TEST_P(ItemOperations, TablesGoByArnToo) {
  std::string arn = fmt::format("arn:aws:dynamodb:us-east-1:{}:table/Hash", AccountOf(server.tenant).value());
  EXPECT_EQ(Call("PutItem", fmt::format(R"({{"TableName":"{}","Item":{{"pk":{{"S":"a"}}}},
                                            "ReturnConsumedCapacity":"TOTAL"}})",
                                        arn)),
            fmt::format(R"(200 {{"ConsumedCapacity":{{"TableName":"{}","CapacityUnits":1.0}}}})", arn));
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}}})"), R"(200 {"Item":{"pk":{"S":"a"}}})");
}

TEST_P(ItemOperations, ErrorsInOrder) {
  // Expressions and values before the table, the table before its key, the key before the item.
  EXPECT_EQ(Call("GetItem", R"({"TableName":"None","Key":{"pk":{"S":"a"}},"ProjectionExpression":""})"),
            Invalid("Invalid ProjectionExpression: The expression can not be empty;"));
  EXPECT_EQ(Call("GetItem", R"({"TableName":"None","Key":{},"AttributesToGet":["a","a"]})"),
            Invalid("One or more parameter values were invalid: Duplicate value in attribute name: a"));
  EXPECT_EQ(Call("GetItem", R"({"TableName":"None","Key":{}})"), kNotFound);
  EXPECT_EQ(Call("PutItem", R"({"TableName":"None","Item":{}})"), kNotFound);
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"None","Key":{}})"), kNotFound);
  EXPECT_EQ(Call("DeleteItem", R"({"TableName":"None","Key":{}})"), kNotFound);
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{},"ProjectionExpression":"pk.a"})"),
            Invalid("The provided key element does not match the schema"));
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"ProjectionExpression":"pk.a"})"),
            Invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: "
                    "pk"));
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Range","Item":{"pk":{"S":"a"}}})"),
            Invalid("One or more parameter values were invalid: Missing the key sk in the item"));
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Hash","Key":{"pk":{"N":"1"}},"UpdateExpression":"SET pk = :a",
                                   "ExpressionAttributeValues":{":a":{"S":"b"}}})"),
            Invalid("The provided key element does not match the schema"));
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET pk = :a",
                                   "ExpressionAttributeValues":{":a":{"S":"b"}}})"),
            Invalid("One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of "
                    "the key"));
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},
                                   "AttributeUpdates":{"pk":{"Value":{"S":"b"}}}})"),
            Invalid("One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of "
                    "the key"));
}

TEST_P(ItemOperations, PutReturnsWhatItReplaced) {
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"},"v":{"N":"1"}},"ReturnValues":"ALL_OLD"})"),
            "200 {}");
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"},"v":{"N":"2"}},"ReturnValues":"ALL_OLD"})"),
            R"(200 {"Attributes":{"pk":{"S":"a"},"v":{"N":"1"}}})");
}

TEST_P(ItemOperations, ConditionsKeepWritesOut) {
  constexpr std::string_view kIfAbsent =
      R"j({"TableName":"Hash","Item":{"pk":{"S":"a"},"v":{"N":"1"}},"ConditionExpression":"attribute_not_exists(pk)"})j";
  EXPECT_EQ(Call("PutItem", kIfAbsent), "200 {}");
  EXPECT_EQ(Call("PutItem", kIfAbsent), kConditionFailed);
  EXPECT_EQ(Call("DeleteItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"ConditionExpression":"v = :v",
      "ExpressionAttributeValues":{":v":{"N":"2"}},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"})"),
            R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
            R"("message":"The conditional request failed","Item":{"pk":{"S":"a"},"v":{"N":"1"}}})");
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"}},"Expected":{"v":{"Value":{"N":"2"}}}})"),
            kConditionFailed);
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"}},"Expected":{"v":{"Value":{"N":"1"}}}})"),
            "200 {}");
}

TEST_P(ItemOperations, UpdateReturnsEachVariant) {
  auto update = [&](std::string_view returns) {
    return Call("UpdateItem", fmt::format(R"({{"TableName":"Hash","Key":{{"pk":{{"S":"a"}}}},
        "UpdateExpression":"SET v = if_not_exists(v, :0) + :1","ReturnValues":"{}",
        "ExpressionAttributeValues":{{":0":{{"N":"0"}},":1":{{"N":"1"}}}}}})",
                                          returns));
  };
  EXPECT_EQ(update("UPDATED_OLD"), "200 {}");
  EXPECT_EQ(update("UPDATED_NEW"), R"(200 {"Attributes":{"v":{"N":"2"}}})");
  EXPECT_EQ(update("UPDATED_OLD"), R"(200 {"Attributes":{"v":{"N":"2"}}})");
  EXPECT_EQ(update("ALL_OLD"), R"(200 {"Attributes":{"pk":{"S":"a"},"v":{"N":"3"}}})");
  EXPECT_EQ(update("ALL_NEW"), R"(200 {"Attributes":{"pk":{"S":"a"},"v":{"N":"5"}}})");
  EXPECT_EQ(update("NONE"), "200 {}");
}

TEST_P(ItemOperations, UpdateWithoutAnExpressionMakesTheBareKey) {
  EXPECT_EQ(
      Call("UpdateItem", R"({"TableName":"Range","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"ReturnValues":"ALL_NEW"})"),
      R"(200 {"Attributes":{"pk":{"S":"a"},"sk":{"N":"1"}}})");
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Range","Key":{"pk":{"S":"a"},"sk":{"N":"1"}},"ReturnValues":"ALL_NEW",
      "AttributeUpdates":{"n":{"Action":"ADD","Value":{"N":"3"}},"s":{"Value":{"S":"x"}}}})"),
            R"(200 {"Attributes":{"n":{"N":"3"},"pk":{"S":"a"},"s":{"S":"x"},"sk":{"N":"1"}}})");
}

TEST_P(ItemOperations, DeleteOfNothingIsFine) {
  EXPECT_EQ(Call("DeleteItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"ReturnValues":"ALL_OLD"})"), "200 {}");
  Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"}}})");
  EXPECT_EQ(Call("DeleteItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"ReturnValues":"ALL_OLD"})"),
            R"(200 {"Attributes":{"pk":{"S":"a"}}})");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}}})"), "200 {}");
}

TEST_P(ItemOperations, ProjectionsKeepWhatTheyName) {
  Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"},"m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}},
                      "l":{"L":[{"N":"0"},{"N":"1"}]},"size":{"N":"3"}}})");
  EXPECT_EQ(
      Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"ProjectionExpression":"m.y, l[1], #s, nothing",
                                "ExpressionAttributeNames":{"#s":"size"}})"),
      R"(200 {"Item":{"l":{"L":[{"N":"1"}]},"m":{"M":{"y":{"N":"2"}}},"size":{"N":"3"}}})");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"AttributesToGet":["size","nothing"]})"),
            R"(200 {"Item":{"size":{"N":"3"}}})");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"ProjectionExpression":"nothing"})"),
            R"(200 {"Item":{}})");
}

TEST_P(ItemOperations, CapacityIsReportedAndMeteredAlike) {
  std::string item =
      R"("pk":{"S":"a"},"sk":{"S":"b"},"a":{"S":"x"},"b":{"S":"y"},"v":{"S":")" + std::string(1500, 'v') + R"("})";
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Indexed","ReturnConsumedCapacity":"INDEXES","Item":{)" + item + "}}"),
            R"(200 {"ConsumedCapacity":{"TableName":"Indexed","CapacityUnits":6.0,"Table":{"CapacityUnits":2.0},)"
            R"("LocalSecondaryIndexes":{"byB":{"CapacityUnits":2.0}},)"
            R"("GlobalSecondaryIndexes":{"byA":{"CapacityUnits":2.0}}}})");
  EXPECT_EQ(server.meter.Take("Indexed"), "0/6");
  auto get = [&](std::string_view consistent, std::string_view mode) {
    return Call("GetItem", fmt::format(R"({{"TableName":"Indexed","Key":{{"pk":{{"S":"a"}},"sk":{{"S":"b"}}}},
        "ProjectionExpression":"a","ConsistentRead":{},"ReturnConsumedCapacity":"{}"}})",
                                       consistent, mode));
  };
  EXPECT_EQ(get("false", "TOTAL"),
            R"(200 {"Item":{"a":{"S":"x"}},"ConsumedCapacity":{"TableName":"Indexed","CapacityUnits":0.5}})");
  EXPECT_EQ(get("true", "INDEXES"),
            R"(200 {"Item":{"a":{"S":"x"}},"ConsumedCapacity":{"TableName":"Indexed","CapacityUnits":1.0,)"
            R"("Table":{"CapacityUnits":1.0}}})");
  EXPECT_EQ(get("true", "NONE"), R"(200 {"Item":{"a":{"S":"x"}}})");
  EXPECT_EQ(server.meter.Take("Indexed"), "2.5/0");
  // A failed condition costs a write, though the answer doesn't say.
  EXPECT_EQ(Call("DeleteItem", R"j({"TableName":"Indexed","Key":{"pk":{"S":"a"},"sk":{"S":"b"}},
                                   "ConditionExpression":"attribute_not_exists(pk)"
})j"),
            kConditionFailed);
  EXPECT_EQ(server.meter.Take("Indexed"), "0/2");
}

TEST_P(ItemOperations, CollectionMetricsAreForTablesWithLocalIndexes) {
  constexpr std::string_view kBody =
      R"({{"TableName":"{}","ReturnItemCollectionMetrics":"SIZE","Item":{{"pk":{{"S":"a"}},"sk":{{"S":"b"}}}}}})";
  EXPECT_EQ(Call("PutItem", fmt::format(kBody, "Hash")), "200 {}");
  EXPECT_EQ(Call("PutItem", fmt::format(kBody, "Indexed")),
            R"(200 {"ItemCollectionMetrics":{"ItemCollectionKey":{"pk":{"S":"a"}},"SizeEstimateRangeGB":[0.0,1.0]}})");
}

TEST_P(ItemOperations, AnUpdateMayNotGrowAnItemTooLarge) {
  std::string large(400 * 1024 - 4, 'x');
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET v = :v",
      "ExpressionAttributeValues":{":v":{"S":")" +
                                   large + R"("}}})"),
            "200 {}");
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET w = :v",
      "ExpressionAttributeValues":{":v":{"S":""}}})"),
            Invalid("Item size to update has exceeded the maximum allowed size"));
}

TEST_P(ItemOperations, InsulasOwnAttributeNamesMeanNothingHere) {
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"},"insula:tenant":{"S":"other"},
                                "insula:key":{"B":"AAA="}}})"),
            "200 {}");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}}})"),
            R"(200 {"Item":{"insula:key":{"B":"AAA="},"insula:tenant":{"S":"other"},"pk":{"S":"a"}}})");
}

}  // namespace
}  // namespace insula::operations
