// A table may be called by its ARN wherever it may be called by its name; no other ARN is taken for it. The same under
// each partition model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using ::testing::HasSubstr;
using testing::Invalid;
using testing::PartitionModel;
using testing::Server;
using ::testing::StartsWith;

class TableArns : public ::testing::TestWithParam<PartitionModel> {
 protected:
  TableArns() : server(GetParam()) {
    TableSchema schema;
    schema.key.hash = {{"pk", AttributeType::kS}};
    server.CreateTable("Orders", schema);
    account = AccountOf(server.tenant).value();
  }
  std::string Arn(std::string_view rest = "table/Orders") const {
    return fmt::format("arn:aws:dynamodb:us-east-1:{}:{}", account, rest);
  }
  // Every operation on a table, with `name` where the table is called.
  static std::vector<std::pair<std::string, std::string>> Calls(std::string_view name) {
    const auto body = [&](std::string_view form) { return fmt::format(fmt::runtime(form), name); };
    return {
        {"DescribeTable", body(R"({{"TableName":"{}"}})")},
        {"PutItem", body(R"({{"TableName":"{}","Item":{{"pk":{{"S":"a"}}}}}})")},
        {"GetItem", body(R"({{"TableName":"{}","Key":{{"pk":{{"S":"a"}}}}}})")},
        {"UpdateItem", body(R"({{"TableName":"{}","Key":{{"pk":{{"S":"a"}}}}}})")},
        {"Query", body(R"({{"TableName":"{}","KeyConditionExpression":"pk = :p",)"
                       R"("ExpressionAttributeValues":{{":p":{{"S":"a"}}}}}})")},
        {"Scan", body(R"({{"TableName":"{}"}})")},
        {"BatchGetItem", body(R"({{"RequestItems":{{"{}":{{"Keys":[{{"pk":{{"S":"a"}}}}]}}}}}})")},
        {"BatchWriteItem", body(R"({{"RequestItems":{{"{}":[{{"PutRequest":{{"Item":{{"pk":{{"S":"b"}}}}}}}}]}}}})")},
        {"TransactGetItems",
         body(R"({{"TransactItems":[{{"Get":{{"TableName":"{}","Key":{{"pk":{{"S":"a"}}}}}}}}]}})")},
        {"TransactWriteItems",
         body(R"({{"TransactItems":[{{"Put":{{"TableName":"{}","Item":{{"pk":{{"S":"c"}}}}}}}}]}})")},
        {"DescribeTimeToLive", body(R"({{"TableName":"{}"}})")},
        {"UpdateTimeToLive", body(R"({{"TableName":"{}","TimeToLiveSpecification":)"
                                  R"({{"Enabled":true,"AttributeName":"ttl"}}}})")},
        {"UpdateTable", body(R"({{"TableName":"{}","DeletionProtectionEnabled":false}})")},
        {"DeleteItem", body(R"({{"TableName":"{}","Key":{{"pk":{{"S":"a"}}}}}})")},
        {"DeleteTable", body(R"({{"TableName":"{}"}})")},
    };
  }

  Server server;
  std::string account;
};
INSTANTIATE_TEST_SUITE_P(Models, TableArns,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

TEST_P(TableArns, ServeWhereverANameDoes) {
  for (const auto& [operation, body] : Calls(Arn())) {
    EXPECT_THAT(server.Call(operation, body), StartsWith("200 ")) << operation;
    server.provisioner->WaitIdle();
  }
}

TEST_P(TableArns, OfAnotherAccountAreDeniedByTheOperationsName) {
  const std::string elsewhere = "arn:aws:dynamodb:us-east-1:123456789012:table/Orders";
  for (const auto& [operation, body] : Calls(elsewhere)) {
    // The parts of a transaction are permissions of their own.
    const std::string permission = operation == "TransactGetItems"     ? "GetItem"
                                   : operation == "TransactWriteItems" ? "PutItem"
                                                                       : operation;
    const std::string answer = server.Call(operation, body);
    EXPECT_THAT(answer, HasSubstr("AccessDeniedException")) << operation;
    EXPECT_THAT(answer, HasSubstr(fmt::format("is not authorized to perform: dynamodb:{} on resource: {} because no "
                                              "resource-based policy allows the dynamodb:{} action",
                                              permission, elsewhere, permission)));
  }
}

// aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-011 and TABLE-442.
TEST_P(TableArns, OfAnotherRegionAreNone) {
  const std::string elsewhere = fmt::format("arn:aws:dynamodb:eu-west-1:{}:table/Orders", account);
  for (const auto& [operation, body] : Calls(elsewhere)) {
    EXPECT_EQ(server.Call(operation, body),
              Invalid(fmt::format("1 validation error detected: Invalid AWS region in '{}'", elsewhere)))
        << operation;
  }
}

TEST_P(TableArns, OfAnIndexOrAStreamAreNoTables) {
  for (const char* rest : {"table/Orders/index/by-user", "table/Orders/stream/2026-11-25T00:00:00.000", "table/",
                           "backup/Orders", "Orders"}) {
    for (const auto& [operation, body] : Calls(Arn(rest))) {
      EXPECT_EQ(server.Call(operation, body),
                Invalid("Invalid TableArn: Invalid ResourceArn provided as input " + Arn(rest)))
          << operation;
    }
  }
}

TEST_P(TableArns, AnItemIsTheSameByNameAndByArn) {
  const std::string duplicates = Invalid("Provided list of item keys contains duplicates");
  EXPECT_EQ(server.Call("BatchGetItem", fmt::format(R"({{"RequestItems":{{"Orders":{{"Keys":[{{"pk":{{"S":"a"}}}}]}},)"
                                                    R"("{}":{{"Keys":[{{"pk":{{"S":"a"}}}}]}}}}}})",
                                                    Arn())),
            duplicates);
  EXPECT_EQ(server.Call("BatchWriteItem",
                        fmt::format(R"({{"RequestItems":{{"Orders":[{{"PutRequest":{{"Item":{{"pk":{{"S":"a"}}}}}}}}],)"
                                    R"("{}":[{{"DeleteRequest":{{"Key":{{"pk":{{"S":"a"}}}}}}}}]}}}})",
                                    Arn())),
            duplicates);
  EXPECT_EQ(
      server.Call("TransactWriteItems",
                  fmt::format(R"({{"TransactItems":[{{"Put":{{"TableName":"Orders","Item":{{"pk":{{"S":"a"}}}}}}}},)"
                              R"({{"Delete":{{"TableName":"{}","Key":{{"pk":{{"S":"a"}}}}}}}}]}})",
                              Arn())),
      Invalid("Transaction request cannot include multiple operations on one item"));
}

}  // namespace
}  // namespace insula::operations
