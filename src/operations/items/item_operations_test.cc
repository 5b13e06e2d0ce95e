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
            R"("Message":"The conditional request failed","Item":{"pk":{"S":"a"},"v":{"N":"1"}}})");
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
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"},"v":{"S":")" + large + R"("}}})"), "200 {}");
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}},"UpdateExpression":"SET w = :v",
      "ExpressionAttributeValues":{":v":{"S":""}}})"),
            Invalid("Item size to update has exceeded the maximum allowed size"));
}

TEST_P(ItemOperations, IndexKeysKeepTheirTypes) {
  auto update = [&](std::string_view expression, std::string_view value) {
    return Call("UpdateItem", fmt::format(R"({{"TableName":"Indexed","Key":{{"pk":{{"S":"a"}},"sk":{{"S":"b"}}}},
        "UpdateExpression":"{}","ExpressionAttributeValues":{{":v":{}}}}})",
                                          expression, value));
  };
  const std::string mismatch = "One or more parameter values were invalid: Type mismatch for Index Key ";
  EXPECT_EQ(update("SET b = :v", R"({"N":"1"})"), Invalid(mismatch + "b Expected: S Actual: N IndexName: byB"));
  EXPECT_EQ(update("ADD a :v", R"({"N":"1"})"), Invalid(mismatch + "a Expected: S Actual: N IndexName: byA"));
  EXPECT_EQ(update("SET a = c + :v", R"({"N":"1"})"), Invalid(mismatch + "a Expected: S Actual: N IndexName: byA"));
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Indexed","Key":{"pk":{"S":"a"},"sk":{"S":"b"}},
                                   "AttributeUpdates":{"a":{"Value":{"NULL":true}}}})"),
            Invalid(mismatch + "a Expected: S Actual: NULL IndexName: byA"));
  // What only the item shows has a message of its own.
  EXPECT_EQ(update("SET n = :v", R"({"N":"1"})"), "200 {}");
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Indexed","Key":{"pk":{"S":"a"},"sk":{"S":"b"}},
                                   "UpdateExpression":"SET a = n"})"),
            Invalid("The update expression attempted to update the secondary index key to unsupported type"));
  EXPECT_EQ(update("SET a.x = :v", R"({"N":"1"})"),
            Invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
                    "IndexKey: a"));
}

TEST_P(ItemOperations, ATableIsThereOnlyWhileItIsActive) {
  server.provisioner->Stop();
  (void)testing::Await(server.world.catalog->DeleteTable(server.tenant, "Hash"));
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Hash","Key":{"pk":{"S":"a"}}})"), kNotFound);
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Hash","Item":{"pk":{"S":"a"}}})"), kNotFound);
  EXPECT_EQ(Call("BatchGetItem", R"({"RequestItems":{"Hash":{"Keys":[{"pk":{"S":"a"}}]}}})"), kNotFound);
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{"Hash":[{"DeleteRequest":{"Key":{"pk":{"S":"a"}}}}]}})"),
            kNotFound);
  EXPECT_EQ(Call("TransactGetItems", R"({"TransactItems":[{"Get":{"TableName":"Hash","Key":{"pk":{"S":"a"}}}}]})"),
            kNotFound);
  EXPECT_EQ(Call("TransactWriteItems", R"({"TransactItems":[{"Delete":{"TableName":"Hash","Key":{"pk":{"S":"a"}}}}]})"),
            kNotFound);
}

TEST_P(ItemOperations, ASharedTableOfTheServiceIsReadOnly) {
  tenancy::Context service =
      testing::Must(server.world.catalog->ContextOf(tenancy::testing::Names("prod", "shop", "")));
  server.CreateTableAs(service, "Rates", SchemaOf(AttributeType::kS));
  testing::Must(testing::Await(
      server.world.organization->ShareTable(EnvironmentName("prod"), ServiceName("shop"), "Rates", true)));
  EXPECT_EQ(server.CallAs(service, "PutItem", R"({"TableName":"Rates","Item":{"pk":{"S":"a"}}})"), "200 {}");
  EXPECT_EQ(Call("GetItem", R"({"TableName":"Rates","Key":{"pk":{"S":"a"}}})"), R"(200 {"Item":{"pk":{"S":"a"}}})");
  const std::string account = AccountOf(server.tenant).value();
  auto denied = [&](std::string_view action) {
    return fmt::format(
        R"(400 {{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User: arn:aws:iam::{}:user/acme )"
        R"(is not authorized to perform: dynamodb:{} on resource: arn:aws:dynamodb:us-east-1:{}:table/Rates because no )"
        R"(identity-based policy allows the dynamodb:{} action"}})",
        account, action, account, action);
  };
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Rates","Item":{"pk":{"S":"b"}}})"), denied("PutItem"));
  EXPECT_EQ(Call("UpdateItem", R"({"TableName":"Rates","Key":{"pk":{"S":"b"}}})"), denied("UpdateItem"));
  EXPECT_EQ(Call("DeleteItem", R"({"TableName":"Rates","Key":{"pk":{"S":"b"}}})"), denied("DeleteItem"));
  EXPECT_EQ(Call("BatchWriteItem", R"({"RequestItems":{"Rates":[{"DeleteRequest":{"Key":{"pk":{"S":"b"}}}}]}})"),
            denied("BatchWriteItem"));
  EXPECT_EQ(
      Call(
          "TransactWriteItems",
          R"({"TransactItems":[{"Update":{"TableName":"Rates","Key":{"pk":{"S":"b"}},"UpdateExpression":"REMOVE a"}}]})"),
      denied("UpdateItem"));
  // A condition may look at it, beside a write to the tenant's own.
  EXPECT_EQ(Call("TransactWriteItems", R"j({"TransactItems":[
      {"ConditionCheck":{"TableName":"Rates","Key":{"pk":{"S":"a"}},"ConditionExpression":"attribute_exists(pk)"}},
      {"Put":{"TableName":"Hash","Item":{"pk":{"S":"x"}}}}]})j"),
            "200 {}");
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
