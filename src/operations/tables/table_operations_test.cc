// The life of a table through the API: JSON in, JSON out, through catalog, provisioner and embedded engine. The same
// under each partition model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::Invalid;
using ::testing::Not;
using testing::PartitionModel;
using testing::Server;
using ::testing::StartsWith;

class TableOperations : public ::testing::TestWithParam<PartitionModel> {
 protected:
  TableOperations() : server(GetParam()) {}
  std::string Call(std::string_view operation, std::string_view body) { return server.Call(operation, body); }
  // With the table settled afterwards.
  std::string Change(std::string_view operation, std::string_view body) {
    std::string answer = Call(operation, body);
    server.provisioner->WaitIdle();
    return answer;
  }
  std::string Describe(std::string_view name) {
    return Call("DescribeTable", fmt::format(R"({{"TableName":"{}"}})", name));
  }
  std::string Arn(std::string_view name) {
    return fmt::format("arn:aws:dynamodb:us-east-1:{}:table/{}", AccountOf(server.tenant).value(), name);
  }

  Server server;
};
INSTANTIATE_TEST_SUITE_P(Models, TableOperations,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

constexpr std::string_view kOrders =
    R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})";

std::string NotFound(std::string_view message) {
  return fmt::format(R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"{}"}})",
                     message);
}
std::string InUse(std::string_view message) {
  return fmt::format(R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#ResourceInUseException","message":"{}"}})",
                     message);
}

TEST_P(TableOperations, FromCreateTableToDeleteTable) {
  std::string created = Change("CreateTable", kOrders);
  EXPECT_THAT(created, StartsWith("200 "));
  EXPECT_THAT(created, HasSubstr(R"("TableStatus":"CREATING")"));
  EXPECT_THAT(created, HasSubstr(fmt::format(R"("TableArn":"{}")", Arn("Orders"))));
  EXPECT_TRUE(std::regex_search(
      created, std::regex(R"("TableId":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")")))
      << created;

  std::string described = Describe("Orders");
  EXPECT_THAT(described, HasSubstr(R"("TableStatus":"ACTIVE")"));
  EXPECT_THAT(described, HasSubstr(R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST",)"));
  EXPECT_THAT(
      described,
      HasSubstr(R"("WarmThroughput":{"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"})"));
  EXPECT_THAT(described, HasSubstr(R"("DeletionProtectionEnabled":false)"));
  EXPECT_THAT(described, HasSubstr(R"("ItemCount":0)"));
  EXPECT_EQ(Describe(Arn("Orders")), described);
  EXPECT_EQ(Call("CreateTable", kOrders), InUse("Table already exists: Orders"));

  EXPECT_EQ(Call("PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"abc"},"x":{"S":"0123456789"}}})"), "200 {}");
  EXPECT_THAT(Describe("Orders"), HasSubstr(R"("TableSizeBytes":16,"ItemCount":1)"));

  std::string deleted = Call("DeleteTable", R"({"TableName":"Orders"})");
  EXPECT_THAT(deleted, HasSubstr(R"("TableStatus":"DELETING")"));
  server.provisioner->WaitIdle();
  EXPECT_EQ(Describe("Orders"), NotFound("Requested resource not found: Table: Orders not found"));
  EXPECT_EQ(Call("Scan", R"({"TableName":"Orders"})"), NotFound("Requested resource not found"));

  // Of what it was made for, the answer told nothing; LocalStack's AWS snapshots have the rest.
  for (const char* member : {"CreationDateTime", "KeySchema", "AttributeDefinitions"}) {
    EXPECT_THAT(deleted, Not(HasSubstr(member)));
  }
  EXPECT_THAT(deleted, HasSubstr(R"("DeletionProtectionEnabled":false)"));
  EXPECT_THAT(created, HasSubstr(R"("DeletionProtectionEnabled":false)"));

  // A new life under the same name starts empty.
  Change("CreateTable", kOrders);
  EXPECT_EQ(Call("Scan", R"({"TableName":"Orders"})"), R"(200 {"Count":0,"ScannedCount":0,"Items":[]})");
}

TEST_P(TableOperations, DefinitionsAreShownInOrderOfName) {
  Change("CreateTable", R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"z","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
                              {"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
      "GlobalSecondaryIndexes":[
        {"IndexName":"zzz","KeySchema":[{"AttributeName":"z","KeyType":"HASH"}],
         "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["m","a","k"]}},
        {"IndexName":"aaa","KeySchema":[{"AttributeName":"z","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]})");
  const std::string described = Describe("Orders");
  EXPECT_THAT(described, HasSubstr(R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},)"
                                   R"({"AttributeName":"sk","AttributeType":"N"},)"
                                   R"({"AttributeName":"z","AttributeType":"S"}])"));
  EXPECT_THAT(described, HasSubstr(R"("NonKeyAttributes":["a","k","m"])"));
  EXPECT_LT(described.find("\"zzz\""), described.find("\"aaa\""));  // indexes stay in the order given
}

TEST_P(TableOperations, NamingAKeyTypeTurnsEncryptionOn) {
  Change("CreateTable", R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST","SSESpecification":{"SSEType":"KMS"},
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})");
  EXPECT_THAT(Describe("Orders"), HasSubstr(R"("SSEDescription":{"Status":"ENABLED","SSEType":"KMS",)"));
  Change("UpdateTable", R"({"TableName":"Orders","SSESpecification":{"Enabled":false}})");
  EXPECT_THAT(Describe("Orders"), Not(HasSubstr("SSEDescription")));
}

TEST_P(TableOperations, UnknownTables) {
  const std::string unknown = NotFound("Requested resource not found: Table: None not found");
  EXPECT_EQ(Describe("None"), unknown);
  EXPECT_EQ(Call("DeleteTable", R"({"TableName":"None"})"), unknown);
  EXPECT_EQ(Call("UpdateTable", R"({"TableName":"None","DeletionProtectionEnabled":true})"), unknown);
  EXPECT_EQ(Call("DescribeTimeToLive", R"({"TableName":"None"})"), unknown);
  EXPECT_EQ(Call("UpdateTimeToLive", R"({"TableName":"None","TimeToLiveSpecification":{"Enabled":true,
                                         "AttributeName":"x"}})"),
            unknown);
}

TEST_P(TableOperations, DeletionProtection) {
  Change("CreateTable", kOrders);
  EXPECT_THAT(Change("UpdateTable", R"({"TableName":"Orders","DeletionProtectionEnabled":true})"), StartsWith("200"));
  EXPECT_EQ(Call("DeleteTable", R"({"TableName":"Orders"})"),
            Invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion "
                    "protection first."));
  Change("UpdateTable", R"({"TableName":"Orders","DeletionProtectionEnabled":false})");
  EXPECT_THAT(Change("DeleteTable", R"({"TableName":"Orders"})"), StartsWith("200"));
}

TEST_P(TableOperations, AnIndexIsAddedFilledAndRemoved) {
  Change("CreateTable", kOrders);
  for (std::string_view pk : {"a", "b", "c"}) {
    Call("PutItem", fmt::format(R"({{"TableName":"Orders","Item":{{"pk":{{"S":"{}"}},"g":{{"S":"x"}}}}}})", pk));
  }
  Call("PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"d"},"g":{"N":"1"}}})");

  std::string updated =
      Change("UpdateTable", R"({"TableName":"Orders","AttributeDefinitions":[{"AttributeName":"g","AttributeType":"S"}],
      "GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
      "Projection":{"ProjectionType":"KEYS_ONLY"}}}]})");
  EXPECT_THAT(updated, HasSubstr(R"("TableStatus":"UPDATING")"));
  // aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-165.
  EXPECT_THAT(updated, HasSubstr(R"("IndexStatus":"CREATING","Backfilling":false)"));

  std::string described = Describe("Orders");
  EXPECT_THAT(described, HasSubstr(R"("TableStatus":"ACTIVE")"));
  EXPECT_THAT(described, HasSubstr(R"("IndexStatus":"ACTIVE")"));
  EXPECT_THAT(described, HasSubstr(R"("ItemCount":3,"IndexArn":")" + Arn("Orders") + "/index/byG\""));
  EXPECT_EQ(Call("Query", R"({"TableName":"Orders","IndexName":"byG","KeyConditionExpression":"g = :x",
                  "ExpressionAttributeValues":{":x":{"S":"x"}},"Select":"COUNT"})"),
            R"(200 {"Count":3,"ScannedCount":3})");

  updated =
      Change("UpdateTable", R"({"TableName":"Orders","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"byG"}}]})");
  EXPECT_THAT(updated, HasSubstr(R"("IndexStatus":"DELETING")"));
  described = Describe("Orders");
  EXPECT_THAT(described, Not(HasSubstr("GlobalSecondaryIndexes")));
  EXPECT_THAT(described, HasSubstr(R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}])"));
  EXPECT_EQ(Call("Scan", R"({"TableName":"Orders","IndexName":"byG"})"),
            Invalid("The table does not have the specified index: byG"));
}

TEST_P(TableOperations, ThroughputChangesShowWhenTheyAreThrough) {
  Change("CreateTable", R"({"TableName":"Orders","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":2},
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})");
  EXPECT_THAT(Describe("Orders"), Not(HasSubstr("BillingModeSummary")));
  std::string updated = Change("UpdateTable", R"({"TableName":"Orders",
      "ProvisionedThroughput":{"ReadCapacityUnits":3,"WriteCapacityUnits":1}})");
  EXPECT_THAT(updated, HasSubstr(R"("TableStatus":"UPDATING")"));
  EXPECT_THAT(updated, HasSubstr(R"("NumberOfDecreasesToday":0,"ReadCapacityUnits":1,"WriteCapacityUnits":2)"));
  EXPECT_THAT(Describe("Orders"),
              HasSubstr(R"("NumberOfDecreasesToday":1,"ReadCapacityUnits":3,"WriteCapacityUnits":1)"));
  Change("UpdateTable", R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST"})");
  std::string described = Describe("Orders");
  EXPECT_THAT(described, HasSubstr(R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST",)"));
  EXPECT_THAT(described, HasSubstr(R"("ReadCapacityUnits":0,"WriteCapacityUnits":0)"));
}

TEST_P(TableOperations, ListTablesPages) {
  for (std::string_view name : {"ccc", "aaa", "bbb"}) {
    Change("CreateTable", fmt::format(R"({{"TableName":"{}","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}}],
        "KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}]}})",
                                      name));
  }
  EXPECT_EQ(Call("ListTables", "{}"), R"(200 {"TableNames":["aaa","bbb","ccc"]})");
  EXPECT_EQ(Call("ListTables", R"({"Limit":2})"), R"(200 {"TableNames":["aaa","bbb"],"LastEvaluatedTableName":"bbb"})");
  EXPECT_EQ(Call("ListTables", R"({"Limit":2,"ExclusiveStartTableName":"bbb"})"), R"(200 {"TableNames":["ccc"]})");
  EXPECT_EQ(Call("ListTables", R"({"ExclusiveStartTableName":"aab"})"), R"(200 {"TableNames":["bbb","ccc"]})");
}

TEST_P(TableOperations, TimeToLive) {
  Change("CreateTable", kOrders);
  EXPECT_EQ(Call("DescribeTimeToLive", R"({"TableName":"Orders"})"),
            R"(200 {"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  auto set = [&](bool enable, std::string_view attribute) {
    return Change(
        "UpdateTimeToLive",
        fmt::format(R"({{"TableName":"Orders","TimeToLiveSpecification":{{"Enabled":{},"AttributeName":"{}"}}}})",
                    enable, attribute));
  };
  EXPECT_EQ(set(false, "ttl"), Invalid("TimeToLive is already disabled"));
  EXPECT_EQ(set(true, "ttl"), R"(200 {"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":true}})");
  EXPECT_EQ(Call("DescribeTimeToLive", R"({"TableName":"Orders"})"),
            R"(200 {"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"ttl"}})");
  EXPECT_EQ(set(true, "ttl"), Invalid("TimeToLive is already enabled"));
  EXPECT_EQ(set(true, "other"),
            Invalid("TimeToLive is active on a different AttributeName: current AttributeName is ttl"));
  // Once an hour.
  const std::string too_soon = Invalid("Time to live has been modified multiple times within a fixed interval");
  EXPECT_EQ(set(false, "ttl"), too_soon);
  server.world.clock.Advance(std::chrono::seconds(3599));
  EXPECT_EQ(set(false, "ttl"), too_soon);
  server.world.clock.Advance(std::chrono::seconds(1));
  EXPECT_EQ(set(false, "ttl"), R"(200 {"TimeToLiveSpecification":{"AttributeName":"ttl","Enabled":false}})");
  EXPECT_EQ(Call("DescribeTimeToLive", R"({"TableName":"Orders"})"),
            R"(200 {"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}})");
  EXPECT_EQ(set(true, "other"), too_soon);
}

TEST_P(TableOperations, Tags) {
  Change("CreateTable", kOrders);
  const std::string arn = Arn("Orders");
  auto body = [&](std::string_view rest) {
    return fmt::format(R"({{"ResourceArn":"{}"{}{}}})", arn, rest.empty() ? "" : ",", rest);
  };
  EXPECT_EQ(Call("TagResource", body(R"("Tags":[{"Key":"b","Value":"1"},{"Key":"a","Value":""}])")), "200 ");
  EXPECT_EQ(Call("TagResource", body(R"("Tags":[{"Key":"b","Value":"2"}])")), "200 ");
  EXPECT_EQ(Call("ListTagsOfResource", body("")), R"(200 {"Tags":[{"Key":"a","Value":""},{"Key":"b","Value":"2"}]})");
  EXPECT_EQ(Call("UntagResource", body(R"("TagKeys":["b","none"])")), "200 ");
  EXPECT_EQ(Call("ListTagsOfResource", body("")), R"(200 {"Tags":[{"Key":"a","Value":""}]})");

  EXPECT_EQ(Call("TagResource", "{}"), Invalid("Invalid TableArn"));
  EXPECT_EQ(Call("TagResource", R"({"ResourceArn":"not-an-arn","Tags":[{"Key":"a","Value":"b"}]})"),
            Invalid("One or more parameter values were invalid: ARNs must start with 'arn:': not-an-arn"));
  // What is missing comes before what is wrong.
  for (std::string_view sent : {R"({"ResourceArn":"not-an-arn"})", R"({"ResourceArn":"a:b:c:d:e:f/g"})"}) {
    EXPECT_EQ(Call("UntagResource", sent),
              Invalid("1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must "
                      "not be null"));
  }
  EXPECT_EQ(
      Call("TagResource", body("")),
      Invalid("1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be "
              "null"));
  EXPECT_EQ(Call("TagResource", body(R"("Tags":[])")), Invalid("Atleast one Tag needs to be provided as Input."));
  EXPECT_EQ(Call("UntagResource", body(R"("TagKeys":[])")),
            Invalid("Atleast one Tag Key needs to be provided as Input."));
  EXPECT_EQ(Call("ListTagsOfResource", fmt::format(R"({{"ResourceArn":"{}"}})", Arn("None"))),
            NotFound(fmt::format("Requested resource not found: ResourceArn: {} not found", Arn("None"))));
  EXPECT_THAT(Call("ListTagsOfResource", R"({"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Orders"})"),
              AllOf(HasSubstr("AccessDeniedException"), HasSubstr("dynamodb:ListTagsOfResource on resource")));
  // Fifty tags are one page, so no token was ever given.
  std::string many;
  for (int i = 0; i < 49; ++i) {
    many += fmt::format(R"({}{{"Key":"key-{}","Value":"v"}})", i == 0 ? "" : ",", i);
  }
  EXPECT_EQ(Call("TagResource", body(fmt::format(R"("Tags":[{}])", many))), "200 ");
  EXPECT_THAT(Call("ListTagsOfResource", body("")), Not(HasSubstr("NextToken")));
  // aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-073.
  EXPECT_EQ(Call("ListTagsOfResource", body(R"("NextToken":"made up")")), Call("ListTagsOfResource", body("")));
  EXPECT_EQ(Call("TagResource", body(R"("Tags":[{"Key":"one more","Value":""}])")),
            Invalid("Number of Tags exceed the current limit for the provided ResourceArn"));
}

// An SDK's waiter sleeps for 20 seconds when it finds a state, however short that is.
TEST_P(TableOperations, AnAnswerComesWhenTheStateThatItTellsIsOver) {
  ApiOptions options;
  options.settle_wait_max = std::chrono::minutes(5);
  Server patient(GetParam(), options);
  for (int round = 0; round < 20; ++round) {
    EXPECT_THAT(patient.Call("CreateTable", kOrders), HasSubstr(R"("TableStatus":"CREATING")"));
    EXPECT_EQ(patient.Call("PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"abc"}}})"), "200 {}");
    EXPECT_THAT(patient.Call("UpdateTimeToLive", R"({"TableName":"Orders","TimeToLiveSpecification":)"
                                                 R"({"Enabled":true,"AttributeName":"t"}})"),
                StartsWith("200 "));
    EXPECT_THAT(patient.Call("DescribeTimeToLive", R"({"TableName":"Orders"})"), HasSubstr(R"("ENABLED")"));
    EXPECT_THAT(patient.Call("UpdateTable", R"({"TableName":"Orders","StreamSpecification":)"
                                            R"({"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})"),
                HasSubstr(R"("TableStatus":"UPDATING")"));
    EXPECT_THAT(patient.Call("DescribeTable", R"({"TableName":"Orders"})"), HasSubstr(R"("TableStatus":"ACTIVE")"));
    EXPECT_THAT(patient.Call("DeleteTable", R"({"TableName":"Orders"})"), HasSubstr(R"("TableStatus":"DELETING")"));
    EXPECT_EQ(patient.Call("DescribeTable", R"({"TableName":"Orders"})"),
              NotFound("Requested resource not found: Table: Orders not found"));
  }
}

TEST_P(TableOperations, AnAnswerDoesNotWaitForEver) {
  ApiOptions options;
  options.settle_wait_max = std::chrono::milliseconds(20);
  Server patient(GetParam(), options);
  patient.provisioner->Stop();
  EXPECT_THAT(patient.Call("CreateTable", kOrders), HasSubstr(R"("TableStatus":"CREATING")"));
  EXPECT_THAT(patient.Call("DescribeTable", R"({"TableName":"Orders"})"), HasSubstr(R"("TableStatus":"CREATING")"));
}

// What DynamoDB Local takes.
TEST_P(TableOperations, DefinitionsThatNoKeyUsesAreLeftOutWhereThatIsWanted) {
  constexpr std::string_view kUnused =
      R"({"TableName":"Orders","BillingMode":"PAY_PER_REQUEST",
          "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"more","AttributeType":"N"}],
          "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})";
  EXPECT_THAT(Call("CreateTable", kUnused), StartsWith("400 "));
  ApiOptions options;
  options.takes_unused_definitions = true;
  Server lenient(GetParam(), options);
  EXPECT_THAT(lenient.Call("CreateTable", kUnused),
              HasSubstr(R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}])"));
}

TEST_P(TableOperations, LimitsAndEndpoints) {
  EXPECT_EQ(Call("DescribeLimits", "{}"),
            R"(200 {"AccountMaxReadCapacityUnits":80000,"AccountMaxWriteCapacityUnits":80000,)"
            R"("TableMaxReadCapacityUnits":40000,"TableMaxWriteCapacityUnits":40000})");
  EXPECT_EQ(Call("DescribeEndpoints", "{}"),
            R"(200 {"Endpoints":[{"Address":"localhost:8000","CachePeriodInMinutes":1440}]})");
}

}  // namespace
}  // namespace insula::operations
