// The constraints of every operation, as DynamoDB reports them: what counts as a violation, how it is worded, in which
// order, and what comes before what.
#include "wire/shapes.h"

#include <gtest/gtest.h>

#include "wire/request.h"

namespace insula::wire {
namespace {

std::string ErrorOf(const Shape& shape, std::string_view body) {
  Result<Request> request = DecodeRequest(body, shape);
  if (request.ok()) return "ok";
  EXPECT_EQ(request.error().code(), ErrorCode::kValidation) << body;
  return request.error().message();
}

std::string Violation(std::string_view value, std::string_view path, std::string_view constraint) {
  return "Value " + std::string(value) + " at '" + std::string(path) +
         "' failed to satisfy constraint: " + std::string(constraint);
}

constexpr const char* kNotNull = "Member must not be null";
constexpr const char* kPattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";

TEST(ConstraintTest, MissingMembersAreListedInDynamoDbsOrder) {
  EXPECT_EQ(ErrorOf(shapes::PutItem(), "{}"),
            "2 validation errors detected: " + Violation("null", "tableName", kNotNull) + "; " +
                Violation("null", "item", kNotNull));
  EXPECT_EQ(
      ErrorOf(shapes::PutItem(), R"({"Item":{"pk":{"S":"test"}}})"),
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(ErrorOf(shapes::Query(), "{}"), "1 validation error detected: " + Violation("null", "tableName", kNotNull));
}

TEST(ConstraintTest, ABadTableNameIsReportedAlone) {
  const std::string one = "1 validation error detected: ";
  EXPECT_EQ(ErrorOf(shapes::Scan(), R"({"TableName":"","Select":"INVALID"})"),
            one + Violation("''", "tableName", "Member must have length greater than or equal to 1"));
  const std::string long_name(256, 'a');
  EXPECT_EQ(ErrorOf(shapes::PutItem(), R"({"TableName":")" + long_name + R"(","Item":{}})"),
            one + Violation("'" + long_name + "'", "tableName", "Member must have length less than or equal to 255"));
  EXPECT_EQ(ErrorOf(shapes::PutItem(), R"({"TableName":"bad table!@#","Item":{}})"),
            one + Violation("'bad table!@#'", "tableName", kPattern));
  EXPECT_EQ(ErrorOf(shapes::CreateTable(), R"({"TableName":"ab"})"),
            one + Violation("'ab'", "tableName", "Member must have length greater than or equal to 3"));
  EXPECT_EQ(ErrorOf(shapes::GetItem(), R"({"TableName":"x!","Key":{}})"),
            "2 validation errors detected: " + Violation("'x!'", "tableName", kPattern) + "; " +
                Violation("'x!'", "tableName", "Member must have length greater than or equal to 3"));
}

// paritysuite/dynamodb-conformance, tier3: 31 of 33 regions.
TEST(ConstraintTest, TheNewerFrontEndsOwnWords) {
  const std::string one = "1 validation error detected: ";
  for (const Shape* shape : {&shapes::PutItem(), &shapes::UpdateItem(), &shapes::DeleteItem(), &shapes::GetItem()}) {
    EXPECT_EQ(
        ErrorOf(*shape, R"({"TableName":"","ReturnValues":"x","ConditionalOperator":"x","Item":{},"Key":{}})"),
        one + "Value at 'TableName' failed to satisfy constraint: Member must have length greater than or equal to 1");
  }
  const std::string values =
      "Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, "
      "NONE]";
  const std::string capacity =
      Violation("'x'", "returnConsumedCapacity", "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]");
  const std::string two = R"("ReturnValues":"x","ReturnConsumedCapacity":"x"})";
  EXPECT_EQ(ErrorOf(shapes::PutItem(), R"({"TableName":"abc","Item":{},)" + two),
            "2 validation errors detected: " + capacity + "; " + values);
  EXPECT_EQ(ErrorOf(shapes::UpdateItem(), R"({"TableName":"abc","Key":{},)" + two), one + values);
  const std::string operators = "Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]";
  const std::string three = R"("ConditionalOperator":"x",)" + two;
  EXPECT_EQ(ErrorOf(shapes::PutItem(), R"({"TableName":"abc","Item":{},)" + three), one + operators);
  EXPECT_EQ(ErrorOf(shapes::Query(), R"({"TableName":"abc",)" + three), operators);
}

TEST(ConstraintTest, ATableMayBeNamedByItsArn) {
  EXPECT_EQ(
      ErrorOf(shapes::GetItem(), R"({"TableName":"arn:aws:dynamodb:us-east-1:123456789012:table/Products","Key":{}})"),
      "ok");
}

TEST(ConstraintTest, TableOperationsRequireTheirParameter) {
  for (const Shape* shape : {&shapes::CreateTable(), &shapes::DeleteTable(), &shapes::DescribeTable(),
                             &shapes::UpdateTable(), &shapes::DescribeTimeToLive(), &shapes::UpdateTimeToLive()}) {
    EXPECT_EQ(ErrorOf(*shape, R"({"KeySchema":[]})"),
              "The parameter 'TableName' is required but was not present in the request");
  }
}

TEST(ConstraintTest, EnumerationsAreListedInDynamoDbsOrder) {
  EXPECT_EQ(
      ErrorOf(shapes::PutItem(), R"({"TableName":"abc","ReturnConsumedCapacity":"hi",
                                           "ReturnItemCollectionMetrics":"hi","ReturnValues":"hi"})"),
      "4 validation errors detected: " +
          Violation("'hi'", "returnConsumedCapacity", "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]") +
          "; " + Violation("null", "item", kNotNull) + "; " +
          Violation("'hi'", "returnValues",
                    "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]") +
          "; " + Violation("'hi'", "returnItemCollectionMetrics", "Member must satisfy enum value set: [SIZE, NONE]"));
  EXPECT_EQ(ErrorOf(shapes::Query(), R"({"TableName":"abc","Select":"INVALID_VALUE"})"),
            "1 validation error detected: " +
                Violation("'INVALID_VALUE'", "select",
                          "Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, "
                          "ALL_PROJECTED_ATTRIBUTES]"));
}

TEST(ConstraintTest, PathsOfListsAndMaps) {
  EXPECT_EQ(ErrorOf(shapes::CreateTable(), R"({"TableName":"abc","AttributeDefinitions":[{"AttributeName":"a",
                "AttributeType":"INVALID"}],"KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"KeyType":"HASH"}]})"),
            "2 validation errors detected: " +
                Violation("'INVALID'", "attributeDefinitions.1.member.attributeType",
                          "Member must satisfy enum value set: [B, N, S]") +
                "; " + Violation("null", "keySchema.2.member.attributeName", kNotNull));
  EXPECT_EQ(ErrorOf(shapes::Query(), R"({"TableName":"abc","QueryFilter":{"a":{},"b":{"ComparisonOperator":""}}})"),
            "2 validation errors detected: " + Violation("null", "queryFilter.a.member.comparisonOperator", kNotNull) +
                "; " +
                Violation("''", "queryFilter.b.member.comparisonOperator",
                          "Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, "
                          "NE, LE, BEGINS_WITH, GE, CONTAINS]"));
  EXPECT_EQ(ErrorOf(shapes::BatchWriteItem(), R"({"RequestItems":{"abc":[{"PutRequest":{},"DeleteRequest":{}}]}})"),
            "2 validation errors detected: " +
                Violation("null", "requestItems.abc.member.1.member.putRequest.item", kNotNull) + "; " +
                Violation("null", "requestItems.abc.member.1.member.deleteRequest.key", kNotNull));
}

TEST(ConstraintTest, StructuresPrintAsJavaDoes) {
  EXPECT_EQ(ErrorOf(shapes::CreateTable(), R"({"TableName":"abc","AttributeDefinitions":[],"KeySchema":[
                {"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"},
                {"AttributeName":"c","KeyType":"RANGE"}]})"),
            "1 validation error detected: " +
                Violation("'[KeySchemaElement(attributeName=a, keyType=HASH), KeySchemaElement(attributeName=b, "
                          "keyType=RANGE), KeySchemaElement(attributeName=c, keyType=RANGE)]'",
                          "keySchema", "Member must have length less than or equal to 2"));
}

TEST(ConstraintTest, NumbersOutOfRange) {
  EXPECT_EQ(
      ErrorOf(shapes::ListTables(), R"({"Limit":0})"),
      "1 validation error detected: " + Violation("'0'", "limit", "Member must have value greater than or equal to 1"));
  EXPECT_EQ(ErrorOf(shapes::ListTables(), R"({"ExclusiveStartTableName":"a;","Limit":500})"),
            "3 validation errors detected: " + Violation("'a;'", "exclusiveStartTableName", kPattern) + "; " +
                Violation("'a;'", "exclusiveStartTableName", "Member must have length greater than or equal to 3") +
                "; " + Violation("'500'", "limit", "Member must have value less than or equal to 100"));
  EXPECT_EQ(
      ErrorOf(shapes::Scan(), R"({"TableName":"abc","Limit":0})"),
      "1 validation error detected: " + Violation("'0'", "limit", "Member must have value greater than or equal to 1"));
}

TEST(ConstraintTest, SomeAreCheckedBehindTheFrontEnd) {
  EXPECT_EQ(
      ErrorOf(shapes::Query(), R"({"TableName":"abc","Limit":0})"),
      "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater "
      "than or equal to 1");
  EXPECT_EQ(ErrorOf(shapes::Query(), R"({"TableName":"abc","Limit":0,"Select":"COUNT","ReturnConsumedCapacity":"x"})"),
            "1 validation error detected: " + Violation("'x'", "returnConsumedCapacity",
                                                        "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"));
  EXPECT_EQ(
      ErrorOf(shapes::BatchGetItem(), R"({"RequestItems":{}})"),
      "1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length "
      "greater than or equal to 1");
  EXPECT_EQ(ErrorOf(shapes::BatchWriteItem(), R"({"RequestItems":{}})"),
            "The requestItems parameter is required for BatchWriteItem");
  std::string keys;
  for (int i = 0; i < 101; ++i) keys += (i > 0 ? "," : "") + std::string("{}");
  EXPECT_EQ(ErrorOf(shapes::BatchGetItem(), R"({"RequestItems":{"my.table":{"Keys":[)" + keys + "]}}}"),
            "1 validation error detected: Value at 'RequestItems.my.table.member.Keys' failed to satisfy constraint: "
            "Member must have length less than or equal to 100");
}

TEST(ConstraintTest, KeysAndValuesOfMaps) {
  EXPECT_EQ(
      ErrorOf(shapes::BatchWriteItem(), R"({"RequestItems":{"a":[]}})"),
      "2 validation errors detected: " +
          Violation("'{a=[]}'", "requestItems",
                    "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member "
                    "must have length greater than or equal to 3, Member must satisfy regular expression pattern: "
                    "[a-zA-Z0-9_.-]+]") +
          "; " +
          Violation("'{a=[]}'", "requestItems",
                    "Map value must satisfy constraint: [Member must have length less than or equal to 25, Member "
                    "must have length greater than or equal to 1]"));
}

// paritysuite/dynamodb-conformance, tier3/validation-ordering/batchOperations.
TEST(ConstraintTest, NamesOfTablesInBatches) {
  const std::string capacity =
      Violation("'x'", "returnConsumedCapacity", "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]");
  EXPECT_EQ(
      ErrorOf(shapes::BatchGetItem(),
              R"({"ReturnConsumedCapacity":"x","RequestItems":{"bad!name":{"Keys":[{"pk":{"S":"a"}}]}}})"),
      "2 validation errors detected: " +
          Violation(R"('{"bad!name":{"Keys":[{"pk":{"S":"a"}}]}}')", "requestItems",
                    "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member "
                    "must have length greater than or equal to 3, Member must satisfy regular expression pattern: "
                    "[a-zA-Z0-9_.-]+]") +
          "; " + capacity);
  EXPECT_EQ(ErrorOf(shapes::BatchWriteItem(),
                    R"({"ReturnConsumedCapacity":"x","RequestItems":{"bad!name":[{"PutRequest":{"Item":{}}}]}})"),
            "1 validation error detected: " + capacity);
}

TEST(ConstraintTest, LongValuesAreCut) {
  std::string requests;
  for (int i = 0; i < 1000; ++i) {
    requests +=
        (i > 0 ? "," : "") + std::string(R"({"PutRequest":{"Item":{"pk":{"S":"some longer text of a value"}}}})");
  }
  const std::string message = ErrorOf(shapes::BatchWriteItem(), R"({"RequestItems":{"abc":[)" + requests + "]}}");
  EXPECT_LT(message.size(), 16u * 1024);
  EXPECT_TRUE(message.starts_with("1 validation error detected: Value '{abc=[WriteRequest(")) << message.substr(0, 100);
  EXPECT_TRUE(
      message.ends_with("]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
                        "[Member must have length less than or equal to 25, Member must have length greater than "
                        "or equal to 1]"));
}

TEST(ConstraintTest, TenViolationsAreEnough) {
  std::string definitions;
  for (int i = 0; i < 12; ++i) definitions += (i > 0 ? "," : "") + std::string("{}");
  const std::string message =
      ErrorOf(shapes::CreateTable(), R"({"TableName":"abc","AttributeDefinitions":[)" + definitions + "]}");
  EXPECT_TRUE(message.starts_with("10 validation errors detected: "));
  EXPECT_TRUE(message.ends_with(Violation("null", "attributeDefinitions.5.member.attributeType", kNotNull)));
}

// Whoever reads a checked request relies on members that must not be null being there.
TEST(ConstraintTest, NullWhereAnElementStandsDoesntSlipThrough) {
  EXPECT_EQ(
      ErrorOf(shapes::CreateTable(), R"({"TableName":"abc","AttributeDefinitions":[null],"KeySchema":[
                {"AttributeName":"a","KeyType":"HASH"}]})"),
      "2 validation errors detected: " + Violation("null", "attributeDefinitions.1.member.attributeName", kNotNull) +
          "; " + Violation("null", "attributeDefinitions.1.member.attributeType", kNotNull));
  EXPECT_EQ(ErrorOf(shapes::GetItem(), R"({"TableName":"abc","Key":{},"AttributesToGet":[null]})"),
            "1 validation error detected: " + Violation("null", "attributesToGet.1.member", kNotNull));
  EXPECT_EQ(ErrorOf(shapes::BatchGetItem(), R"({"RequestItems":{"abc":null}})"),
            "1 validation error detected: " + Violation("null", "requestItems.abc.member.keys", kNotNull));
  EXPECT_EQ(ErrorOf(shapes::BatchWriteItem(), R"({"RequestItems":{"abc":null}})"),
            "1 validation error detected: " + Violation("null", "requestItems.abc.member", kNotNull));
  EXPECT_EQ(ErrorOf(shapes::GetItem(), R"({"TableName":"abc","Key":{},"ExpressionAttributeNames":{"#a":null}})"),
            "1 validation error detected: " + Violation("null", "expressionAttributeNames.#a.member", kNotNull));
}

TEST(ConstraintTest, Transactions) {
  EXPECT_EQ(ErrorOf(shapes::TransactWriteItems(), R"({"TransactItems":[]})"),
            "1 validation error detected: " +
                Violation("'[]'", "transactItems", "Member must have length greater than or equal to 1"));
  EXPECT_EQ(ErrorOf(shapes::TransactGetItems(), R"({"TransactItems":[{}]})"),
            "1 validation error detected: " + Violation("null", "transactItems.1.member.get", kNotNull));
  EXPECT_EQ(ErrorOf(shapes::TransactWriteItems(), R"({"TransactItems":[{"Update":{"TableName":"ab","Key":{}}}]})"),
            "2 validation errors detected: " +
                Violation("null", "transactItems.1.member.update.updateExpression", kNotNull) + "; " +
                Violation("'ab'", "transactItems.1.member.update.tableName",
                          "Member must have length greater than or equal to 3"));
  EXPECT_EQ(ErrorOf(shapes::TransactWriteItems(), R"({"TransactItems":[{}],"ClientRequestToken":""})"),
            "1 validation error detected: " +
                Violation("''", "clientRequestToken", "Member must have length greater than or equal to 1"));
}

TEST(ConstraintTest, LengthsCountAsJavaDoes) {
  std::string name;
  for (int i = 0; i < 128; ++i) name += "\xf0\x9f\x98\x80";  // one code point, two units
  EXPECT_NE(ErrorOf(shapes::CreateTable(), R"({"TableName":"abc","AttributeDefinitions":[{"AttributeName":")" + name +
                                               R"(","AttributeType":"S"}],"KeySchema":[{}]})")
                .find("Member must have length less than or equal to 255"),
            std::string::npos);
}

TEST(DecodeRequestTest, TypesComeBeforeConstraints) {
  Result<Request> request = DecodeRequest(R"({"TableName":"","Item":{"a":{"S":1}}})", shapes::PutItem());
  ASSERT_FALSE(request.ok());
  EXPECT_EQ(request.error().code(), ErrorCode::kSerialization);
  EXPECT_EQ(request.error().message(), "NUMBER_VALUE cannot be converted to String");
}

TEST(DecodeRequestTest, ABodyIsAnObject) {
  for (const char* body : {"", "[]", "\"a\"", "1", "null", "{"}) {
    Result<Request> request = DecodeRequest(body, shapes::DescribeLimits());
    ASSERT_FALSE(request.ok());
    EXPECT_EQ(request.error().code(), ErrorCode::kSerialization);
    EXPECT_EQ(request.error().message(), "");
  }
}

TEST(RequestTest, TypedAccess) {
  Result<Request> decoded = DecodeRequest(R"({"TableName":"abc","Limit":5.9,"ConsistentRead":"true",
      "KeyConditions":{"a":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"x"}]}},
      "AttributesToGet":["a","b"],"ExpressionAttributeNames":{"#a":"x","#a":"y"},"ScanIndexForward":null})",
                                          shapes::Query());
  ASSERT_TRUE(decoded.ok()) << decoded.error().message();
  const Request request = std::move(*decoded);
  const StructureView root = request.root();
  EXPECT_EQ(root.String("TableName"), "abc");
  EXPECT_EQ(root.String("IndexName"), std::nullopt);
  EXPECT_EQ(root.Integer("Limit"), 5);
  EXPECT_EQ(root.Boolean("ConsistentRead"), true);
  EXPECT_EQ(root.Boolean("ScanIndexForward"), std::nullopt);
  EXPECT_FALSE(root.Has("Select"));
  EXPECT_EQ(root.Strings("AttributesToGet"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(root.StringMap("ExpressionAttributeNames")->at("#a"), "y");
  const auto conditions = *root.StructureMap("KeyConditions");
  ASSERT_EQ(conditions.size(), 1u);
  EXPECT_EQ(conditions[0].first, "a");
  EXPECT_EQ(conditions[0].second.String("ComparisonOperator"), "EQ");
  EXPECT_EQ(conditions[0].second.Json("AttributeValueList").size(), 1u);
}

TEST(RequestTest, NestedStructures) {
  Result<Request> request = DecodeRequest(R"({"TableName":"abc","AttributeDefinitions":[],
      "ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":6},
      "KeySchema":[{"AttributeName":"a","KeyType":"HASH"}]})",
                                          shapes::CreateTable());
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->root().Structure("ProvisionedThroughput")->Integer("WriteCapacityUnits"), 6);
  EXPECT_FALSE(request->root().Structure("StreamSpecification").has_value());
  const auto keys = *request->root().Structures("KeySchema");
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0].String("KeyType"), "HASH");
}

}  // namespace
}  // namespace insula::wire
