// Every operation of DynamoDB's is known: served, or answered with what is true and what to do instead. The same under
// each partition model.
#include "operations/tables/unoffered_operations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operations/core/unoffered.h"
#include "operations/testing/schemas.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using ::testing::HasSubstr;
using testing::Invalid;
using testing::PartitionModel;
using testing::Server;
using ::testing::StartsWith;

TEST(Operations, EveryNameIsKnown) {
  for (const char* name : {
           "BatchExecuteStatement",
           "BatchGetItem",
           "BatchWriteItem",
           "CreateGlobalTable",
           "CreateTable",
           "DeleteItem",
           "DeleteResourcePolicy",
           "DeleteTable",
           "DescribeContributorInsights",
           "DescribeEndpoints",
           "DescribeGlobalTable",
           "DescribeGlobalTableSettings",
           "DescribeKinesisStreamingDestination",
           "DescribeLimits",
           "DescribeTable",
           "DescribeTableReplicaAutoScaling",
           "DescribeTimeToLive",
           "DisableKinesisStreamingDestination",
           "EnableKinesisStreamingDestination",
           "ExecuteStatement",
           "ExecuteTransaction",
           "GetItem",
           "GetResourcePolicy",
           "ListContributorInsights",
           "ListGlobalTables",
           "ListTables",
           "ListTagsOfResource",
           "PutItem",
           "PutResourcePolicy",
           "Query",
           "Scan",
           "SearchVectors",
           "TagResource",
           "TransactGetItems",
           "TransactWriteItems",
           "UntagResource",
           "UpdateContributorInsights",
           "UpdateGlobalTable",
           "UpdateGlobalTableSettings",
           "UpdateItem",
           "UpdateKinesisStreamingDestination",
           "UpdateTable",
           "UpdateTableReplicaAutoScaling",
           "UpdateTimeToLive",
       }) {
    const Operation* operation = FindOperation(name);
    ASSERT_NE(operation, nullptr) << name;
    EXPECT_EQ(operation->name, name);
    EXPECT_EQ(operation->shape().kind, wire::Kind::kStructure) << name;
  }
  EXPECT_EQ(FindOperation("PutItems"), nullptr);
}

constexpr std::string_view kKinesis = "arn:aws:kinesis:us-east-1:123456789012:stream/changes";

class Unoffered : public ::testing::TestWithParam<PartitionModel> {
 protected:
  Unoffered() : server(GetParam()) { server.CreateTable("Orders", SchemaOf(AttributeType::kS)); }
  std::string Call(std::string_view operation, std::string_view body) { return server.Call(operation, body); }
  std::string OfStream(std::string_view operation, std::string_view table) {
    return Call(operation, fmt::format(R"({{"TableName":"{}","StreamArn":"{}"}})", table, kKinesis));
  }
  std::string Arn(std::string_view name) {
    return fmt::format("arn:aws:dynamodb:us-east-1:{}:table/{}", AccountOf(server.tenant).value(), name);
  }

  Server server;
};
INSTANTIATE_TEST_SUITE_P(Models, Unoffered,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

std::string Failure(std::string_view type, std::string_view message) {
  return fmt::format(R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#{}","message":"{}"}})", type, message);
}
std::string NoTable(std::string_view name) {
  return Failure("ResourceNotFoundException", fmt::format("Requested resource not found: Table: {} not found", name));
}
std::string Refused(const Error& error) { return Invalid(error.message()); }

TEST_P(Unoffered, ThereAreNoGlobalTables) {
  EXPECT_EQ(Call("ListGlobalTables", "{}"), R"(200 {"GlobalTables":[]})");
  EXPECT_EQ(Call("DescribeGlobalTable", R"({"GlobalTableName":"Orders"})"),
            Failure("GlobalTableNotFoundException",
                    "Global table not found: Global table with name: 'Orders' does not exist."));
  for (const char* operation : {"DescribeGlobalTableSettings", "UpdateGlobalTableSettings"}) {
    EXPECT_EQ(Call(operation, R"({"GlobalTableName":"Orders"})"),
              Failure("GlobalTableNotFoundException", "Global table with name: 'Orders' does not exist."));
  }
  EXPECT_EQ(
      Call("ListGlobalTables", R"({"ExclusiveStartGlobalTableName":"Orders","Limit":1,"RegionName":"eu-west-1"})"),
      R"(200 {"GlobalTables":[]})");
  // Whatever is to be set, it isn't there.
  for (const char* setting :
       {R"("GlobalTableBillingMode":"PROVISIONED")", R"("GlobalTableProvisionedWriteCapacityUnits":5)",
        R"("GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate":{"MinimumUnits":5})",
        R"("GlobalTableGlobalSecondaryIndexSettingsUpdate":[{"IndexName":"byOwner"}])",
        R"("ReplicaSettingsUpdate":[{"RegionName":"eu-west-1"}])"}) {
    EXPECT_EQ(Call("UpdateGlobalTableSettings", fmt::format(R"({{"GlobalTableName":"Orders",{}}})", setting)),
              Failure("GlobalTableNotFoundException", "Global table with name: 'Orders' does not exist."))
        << setting;
  }
  EXPECT_THAT(Call("UpdateGlobalTable", R"({"GlobalTableName":"Orders","ReplicaUpdates":[]})"),
              HasSubstr("GlobalTableNotFoundException"));
  EXPECT_EQ(
      Call("CreateGlobalTable", R"({"GlobalTableName":"Orders","ReplicationGroup":[{"RegionName":"eu-west-1"}]})"),
      Refused(GlobalTablesNotOffered()));
  EXPECT_EQ(Call("CreateGlobalTable", R"({"GlobalTableName":"None","ReplicationGroup":[]})"),
            Failure("TableNotFoundException", "Table not found: Table: 'None' not found in region: 'us-east-1'."));
  EXPECT_EQ(Call("CreateGlobalTable", R"({"GlobalTableName":"a"})"),
            Invalid("2 validation errors detected: Value 'a' at 'globalTableName' failed to satisfy constraint: Member "
                    "must have length greater than or equal to 3; Value null at 'replicationGroup' failed to satisfy "
                    "constraint: Member must not be null"));
  EXPECT_THAT(Call("UpdateGlobalTable", R"({"GlobalTableName":"Orders","ReplicaUpdates":{}})"),
              HasSubstr("SerializationException"));
}

TEST_P(Unoffered, NeitherAreReplicasOfOrdinaryOnes) {
  EXPECT_EQ(Call("UpdateTable", R"({"TableName":"Orders","ReplicaUpdates":[{"Create":{"RegionName":"eu-west-1"}}]})"),
            Refused(GlobalTablesNotOffered()));
  EXPECT_EQ(Call("UpdateTable", R"({"TableName":"None","ReplicaUpdates":[{"Create":{"RegionName":"eu-west-1"}}]})"),
            NoTable("None"));
  EXPECT_EQ(Call("UpdateTable", R"({"TableName":"Orders","ReplicaUpdates":[{"Create":{}}]})"),
            Invalid("1 validation error detected: Value null at 'replicaUpdates.1.member.create.regionName' failed to "
                    "satisfy constraint: Member must not be null"));
  for (const char* parameter :
       {R"("MultiRegionConsistency":"STRONG")",
        R"("GlobalTableWitnessUpdates":[{"Create":{"RegionName":"eu-west-1"}}])",
        R"("GlobalTableSettingsReplicationMode":"ENABLED")", R"("DisassociationProtectionEnabled":true)"}) {
    EXPECT_EQ(Call("UpdateTable", fmt::format(R"({{"TableName":"Orders",{}}})", parameter)),
              Refused(GlobalTablesNotOffered()))
        << parameter;
  }
  for (const char* parameter : {R"("GlobalTableSourceArn":"arn:aws:dynamodb:eu-west-1:123456789012:table/Orders")",
                                R"("GlobalTableSettingsReplicationMode":"ENABLED")"}) {
    EXPECT_EQ(Call("CreateTable", fmt::format(R"({{"TableName":"Other","BillingMode":"PAY_PER_REQUEST",{},
        "AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}}],
        "KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}]}})",
                                              parameter)),
              Refused(GlobalTablesNotOffered()))
        << parameter;
  }
  EXPECT_THAT(Call("UpdateTableReplicaAutoScaling",
                   R"({"TableName":"Orders","GlobalSecondaryIndexUpdates":[{"IndexName":"byOwner"}],)"
                   R"("ProvisionedWriteCapacityAutoScalingUpdate":{"MinimumUnits":5}})"),
              HasSubstr("ResourceNotFoundException"));
  for (const char* operation : {"DescribeTableReplicaAutoScaling", "UpdateTableReplicaAutoScaling"}) {
    for (const char* name : {"Orders", "None"}) {
      EXPECT_EQ(
          Call(operation, fmt::format(R"({{"TableName":"{}"}})", name)),
          Failure("ResourceNotFoundException", fmt::format("Global table with name: '{}' does not exist.", name)));
    }
  }
}

TEST_P(Unoffered, ATableHasNoKinesisDestination) {
  EXPECT_EQ(Call("DescribeKinesisStreamingDestination", R"({"TableName":"Orders"})"),
            R"(200 {"TableName":"Orders","KinesisDataStreamDestinations":[]})");
  EXPECT_EQ(OfStream("EnableKinesisStreamingDestination", "Orders"), Refused(KinesisDestinationsNotOffered()));
  EXPECT_EQ(OfStream("DisableKinesisStreamingDestination", "Orders"),
            Invalid("Table is not in a valid state to enable Kinesis Streaming Destination: "
                    "KinesisStreamingDestination must be ACTIVE to perform DISABLE operation."));
  EXPECT_EQ(OfStream("UpdateKinesisStreamingDestination", "Orders"),
            Invalid("Table is not in a valid state to enable Kinesis Streaming Destination: Kinesis streaming is not "
                    "in ACTIVE state. Updates are only allowed in ACTIVE state."));
  for (const char* operation : {"EnableKinesisStreamingDestination", "DisableKinesisStreamingDestination",
                                "UpdateKinesisStreamingDestination", "DescribeKinesisStreamingDestination"}) {
    EXPECT_EQ(OfStream(operation, "None"), NoTable("None"));
  }
  EXPECT_EQ(Call("EnableKinesisStreamingDestination", R"({"TableName":"Orders","StreamArn":"short"})"),
            Invalid("1 validation error detected: Value 'short' at 'streamArn' failed to satisfy constraint: Member "
                    "must have length greater than or equal to 37"));
}

TEST_P(Unoffered, ATableHasNoPolicy) {
  const auto of = [&](std::string_view operation, const std::string& arn, std::string_view more = "") {
    return Call(operation, fmt::format(R"({{"ResourceArn":"{}"{}}})", arn, more));
  };
  const auto none = [](const std::string& arn) {
    return Failure("PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn: " + arn);
  };
  const std::string arn = Arn("Orders");
  EXPECT_EQ(of("GetResourcePolicy", arn), none(arn));
  EXPECT_EQ(of("GetResourcePolicy", arn + "/stream/2026-01-01T00:00:00.000"),
            none(arn + "/stream/2026-01-01T00:00:00.000"));
  EXPECT_EQ(of("PutResourcePolicy", arn, R"(,"Policy":"{}")"), Refused(ResourcePoliciesNotOffered()));
  EXPECT_EQ(of("PutResourcePolicy", arn, R"(,"Policy":"{}","ConfirmRemoveSelfResourceAccess":true)"),
            Refused(ResourcePoliciesNotOffered()));
  EXPECT_EQ(of("DeleteResourcePolicy", arn), "200 {}");
  EXPECT_EQ(of("DeleteResourcePolicy", arn, R"(,"ExpectedRevisionId":"1")"), none(arn));
  for (const char* operation : {"GetResourcePolicy", "DeleteResourcePolicy", "PutResourcePolicy"}) {
    EXPECT_EQ(of(operation, Arn("None"), R"(,"Policy":"{}")"), NoTable("None"));
    EXPECT_EQ(of(operation, "Orders", R"(,"Policy":"{}")"),
              Invalid("One or more parameter values were invalid: ARNs must start with 'arn:': Orders"));
    EXPECT_THAT(of(operation, "arn:aws:dynamodb:us-east-1:000000000001:table/Orders", R"(,"Policy":"{}")"),
                HasSubstr("AccessDeniedException"));
  }
  EXPECT_EQ(Call("CreateTable", R"({"TableName":"Other","BillingMode":"PAY_PER_REQUEST","ResourcePolicy":"{}",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})"),
            Refused(ResourcePoliciesNotOffered()));
}

TEST_P(Unoffered, ThereIsNothingToConfigureADestinationOf) {
  constexpr std::string_view kStream = "arn:aws:kinesis:us-east-1:123456789012:stream/changes";
  const auto with = [&](std::string_view operation, std::string_view configuration) {
    return Call(operation, fmt::format(R"({{"TableName":"Orders","StreamArn":"{}","{}":)"
                                       R"({{"ApproximateCreationDateTimePrecision":"MICROSECOND"}}}})",
                                       kStream, configuration));
  };
  EXPECT_EQ(with("EnableKinesisStreamingDestination", "EnableKinesisStreamingConfiguration"),
            Refused(KinesisDestinationsNotOffered()));
  for (const char* operation : {"DisableKinesisStreamingDestination", "UpdateKinesisStreamingDestination"}) {
    EXPECT_THAT(with(operation, operation[0] == 'D' ? "EnableKinesisStreamingConfiguration"
                                                    : "UpdateKinesisStreamingConfiguration"),
                HasSubstr("ValidationException"));
  }
}

}  // namespace
}  // namespace insula::operations
