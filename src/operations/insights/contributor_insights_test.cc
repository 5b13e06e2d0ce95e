// Contributor insights: the setting as an application sees it, and the keys that are found, under each partition model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metering/contributor_key.h"
#include "operations/insights/insights.h"
#include "operations/testing/schemas.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using ::testing::HasSubstr;
using testing::Invalid;
using ::testing::Not;
using testing::PartitionModel;
using testing::Server;
using Rule = metering::ContributorRule;

class Insights : public ::testing::TestWithParam<PartitionModel> {
 protected:
  Insights() : server(GetParam()), contributors(server.world.clock) {
    server.api = std::make_unique<Api>(
        Services{*server.world.catalog, *server.engine, server.meter, server.world.clock, {}, &contributors});
    server.provisioner->Stop();
    control::TableEvents events;
    events.dropped = [this](const tenancy::TableRef& table) { contributors.Forget(table.incarnation()); };
    events.schema_set = [this](const tenancy::TableRef& table) { ForgetDroppedIndexes(table, &contributors); };
    server.provisioner = std::make_unique<control::Provisioner>(*server.world.catalog, *server.engine,
                                                                std::chrono::milliseconds(0), std::move(events));
    server.provisioner->Start();
    TableSchema schema = SchemaOf(AttributeType::kS, {AttributeType::kN});
    schema.indexes = {GlobalIndex(1, "byColor", "color"), LocalIndex(2, "byPrice", "price")};
    server.CreateTable("Orders", schema);
    server.CreateTable("Parts", SchemaOf(AttributeType::kS));
  }
  std::string Call(std::string_view operation, std::string_view body) { return server.Call(operation, body); }
  std::string Update(std::string_view action, std::string_view more = "", std::string_view table = "Orders") {
    return Call("UpdateContributorInsights",
                fmt::format(R"({{"TableName":"{}","ContributorInsightsAction":"{}"{}}})", table, action, more));
  }
  std::string Describe(std::string_view more = "", std::string_view table = "Orders") {
    return Call("DescribeContributorInsights", fmt::format(R"({{"TableName":"{}"{}}})", table, more));
  }
  std::string List(std::string_view members = "") {
    return Call("ListContributorInsights", fmt::format("{{{}}}", members));
  }
  tenancy::TablePtr Table(std::string_view name) { return *server.world.catalog->Find(server.tenant, name); }

  // "a/1 3, b/2 1": keys and units.
  std::string Top(Rule rule, std::string_view table = "Orders", std::string_view index = "") {
    const tenancy::TablePtr found = Table(table);
    std::optional<std::uint16_t> id;
    if (!index.empty()) id = found->definition.schema->FindIndex(index)->id;
    const auto watched = contributors.Find(found->ref.incarnation());
    const auto* resource = watched == nullptr ? nullptr : watched->Find(id);
    if (resource == nullptr) return "not watched";
    std::string text;
    for (const auto& each : resource->sketch->Top(rule, 10).top) {
      std::string key;
      const auto values = metering::ContributorValues(each.key);
      for (const AttributeValue& value : *values) {
        const std::string shown =
            value.type() == AttributeType::kN ? value.As<Number>()->ToString() : *value.As<std::string>();
        key += (key.empty() ? "" : "/") + shown;
      }
      text += (text.empty() ? "" : ", ") + fmt::format("{} {}", key, static_cast<double>(each.weight) / 2);
    }
    return text;
  }

  Server server;
  metering::Contributors contributors;
};
INSTANTIATE_TEST_SUITE_P(Models, Insights,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

std::string NotFound(std::string_view message) {
  return fmt::format(R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"{}"}})",
                     message);
}

TEST_P(Insights, AreEnabledAndDisabled) {
  EXPECT_EQ(Describe(), R"(200 {"TableName":"Orders","ContributorInsightsStatus":"DISABLED"})");
  EXPECT_EQ(Update("DISABLE"), R"(200 {"TableName":"Orders","ContributorInsightsStatus":"DISABLED"})");
  EXPECT_EQ(Update("ENABLE"), R"(200 {"TableName":"Orders","ContributorInsightsStatus":"ENABLING",)"
                              R"("ContributorInsightsMode":"ACCESSED_AND_THROTTLED_KEYS"})");
  EXPECT_EQ(Update("ENABLE"), R"(200 {"TableName":"Orders","ContributorInsightsStatus":"ENABLED",)"
                              R"("ContributorInsightsMode":"ACCESSED_AND_THROTTLED_KEYS"})");
  const std::string enabled = Describe();
  EXPECT_THAT(enabled, HasSubstr(R"("ContributorInsightsRuleList":["DynamoDBContributorInsights-PKC-Orders-)"));
  for (const char* rule : {"PKC", "PKT", "SKC", "SKT"}) EXPECT_THAT(enabled, HasSubstr(rule));
  EXPECT_THAT(enabled, HasSubstr(R"("ContributorInsightsStatus":"ENABLED")"));
  EXPECT_THAT(enabled, HasSubstr(R"("LastUpdateDateTime":)"));

  EXPECT_THAT(Update("ENABLE", R"(,"ContributorInsightsMode":"THROTTLED_KEYS")"),
              HasSubstr(R"("ContributorInsightsStatus":"ENABLING","ContributorInsightsMode":"THROTTLED_KEYS")"));
  EXPECT_THAT(Describe(), Not(HasSubstr("PKC")));
  EXPECT_THAT(Describe(), HasSubstr("SKT"));

  EXPECT_THAT(Update("DISABLE"), HasSubstr(R"("ContributorInsightsStatus":"DISABLING")"));
  EXPECT_THAT(Describe(), Not(HasSubstr("RuleList")));
  EXPECT_THAT(Describe(), HasSubstr(R"("ContributorInsightsMode":"THROTTLED_KEYS","LastUpdateDateTime":)"));
  EXPECT_THAT(Call("DescribeTable", R"({"TableName":"Orders"})"), HasSubstr(R"("TableStatus":"ACTIVE")"));
}

TEST_P(Insights, WhatIsNotThereHasNone) {
  EXPECT_EQ(Describe("", "None"), NotFound("Requested resource not found: Table: None not found"));
  EXPECT_EQ(Update("ENABLE", "", "None"), NotFound("Requested resource not found: Table: None not found"));
  EXPECT_EQ(List(R"("TableName":"None")"), NotFound("Requested resource not found: Table: None not found"));
  for (const char* index : {"nope", "byPrice"}) {  // a local index is a part of its table
    const std::string member = fmt::format(R"(,"IndexName":"{}")", index);
    const std::string expected =
        NotFound(fmt::format("Requested resource not found: Index: {} not found for table: Orders", index));
    EXPECT_EQ(Describe(member), expected);
    EXPECT_EQ(Update("ENABLE", member), expected);
    EXPECT_EQ(Update("DISABLE", member), expected);
  }
  EXPECT_EQ(Update("MEASURE"),
            Invalid("1 validation error detected: Value 'MEASURE' at 'contributorInsightsAction' failed to satisfy "
                    "constraint: Member must satisfy enum value set: [ENABLE, DISABLE]"));
  EXPECT_EQ(List(R"("NextToken":"?")"), Invalid("Invalid NextToken"));
  EXPECT_EQ(List(R"("NextToken":"YWJj")"), Invalid("Invalid NextToken"));
}

TEST_P(Insights, AreListedPageByPage) {
  EXPECT_EQ(List(), R"(200 {"ContributorInsightsSummaries":[]})");
  Update("ENABLE");
  Update("ENABLE", R"(,"IndexName":"byColor")");
  Update("ENABLE", R"(,"ContributorInsightsMode":"THROTTLED_KEYS")", "Parts");
  const std::string orders = R"({"TableName":"Orders","ContributorInsightsStatus":"ENABLED",)"
                             R"("ContributorInsightsMode":"ACCESSED_AND_THROTTLED_KEYS"})";
  const std::string index = R"({"TableName":"Orders","IndexName":"byColor","ContributorInsightsStatus":"ENABLED",)"
                            R"("ContributorInsightsMode":"ACCESSED_AND_THROTTLED_KEYS"})";
  const std::string parts = R"({"TableName":"Parts","ContributorInsightsStatus":"ENABLED",)"
                            R"("ContributorInsightsMode":"THROTTLED_KEYS"})";
  EXPECT_EQ(List(), fmt::format(R"(200 {{"ContributorInsightsSummaries":[{},{},{}]}})", orders, index, parts));
  EXPECT_EQ(List(R"("TableName":"Orders")"),
            fmt::format(R"(200 {{"ContributorInsightsSummaries":[{},{}]}})", orders, index));
  std::string token;
  for (const std::string* expected : {&orders, &index, &parts}) {
    const std::string page = List(R"("MaxResults":1)" + token);
    const bool last = expected == &parts;
    EXPECT_THAT(page, HasSubstr(fmt::format(R"("ContributorInsightsSummaries":[{}])", *expected)));
    EXPECT_EQ(page.find("NextToken") == std::string::npos, last) << page;
    if (last) break;
    const std::size_t at = page.find(R"("NextToken":")") + 13;
    token = R"(,"NextToken":")" + page.substr(at, page.find('"', at) - at) + '"';
  }
  Update("DISABLE");
  EXPECT_THAT(List(), Not(HasSubstr(orders)));
}

TEST_P(Insights, FindTheKeysThatCostMost) {
  const auto put = [&](std::string_view pk, int sk, std::string_view more = "") {
    Call("PutItem",
         fmt::format(R"({{"TableName":"Orders","Item":{{"pk":{{"S":"{}"}},"sk":{{"N":"{}"}}{}}}}})", pk, sk, more));
  };
  put("before", 1);
  EXPECT_FALSE(contributors.watching());
  Update("ENABLE");
  EXPECT_EQ(Top(Rule::kAccessedPartitions), "");
  put("a", 1);
  put("a", 2);
  put("b", 1);
  for (int i = 0; i < 4; ++i) {
    Call("GetItem", R"({"TableName":"Orders","Key":{"pk":{"S":"b"},"sk":{"N":"1"}},"ConsistentRead":true})");
  }
  EXPECT_EQ(Top(Rule::kAccessedPartitions), "b 7, a 6");
  EXPECT_EQ(Top(Rule::kAccessedItems), "b/1 7, a/1 3, a/2 3");
  Call("Query", R"({"TableName":"Orders","KeyConditionExpression":"pk = :a","ConsistentRead":true,
                    "ExpressionAttributeValues":{":a":{"S":"a"}}})");
  Call("Scan", R"({"TableName":"Orders"})");
  EXPECT_EQ(Top(Rule::kAccessedPartitions), "a 7, b 7");
  EXPECT_EQ(Top(Rule::kAccessedItems), "b/1 7, a/1 3, a/2 3");
  EXPECT_EQ(Top(Rule::kThrottledPartitions), "");

  Call("BatchGetItem", R"({"RequestItems":{"Orders":{"Keys":[{"pk":{"S":"c"},"sk":{"N":"1"}}]}}})");
  Call("BatchWriteItem", R"({"RequestItems":{"Orders":[{"DeleteRequest":{"Key":{"pk":{"S":"c"},"sk":{"N":"1"}}}}]}})");
  Call("TransactGetItems",
       R"({"TransactItems":[{"Get":{"TableName":"Orders","Key":{"pk":{"S":"c"},"sk":{"N":"1"}}}}]})");
  Call("TransactWriteItems",
       R"({"TransactItems":[{"Delete":{"TableName":"Orders","Key":{"pk":{"S":"c"},"sk":{"N":"1"}}}}]})");
  Call("ExecuteStatement", R"({"Statement":"SELECT * FROM Orders WHERE pk = 'c' AND sk = 1","ConsistentRead":true})");
  // 0.5 and 3, twice of 1 and of 3, and what the statement reads.
  EXPECT_THAT(Top(Rule::kAccessedPartitions), ::testing::StartsWith("c 12.5, a 7, b 7"));

  server.world.clock.Advance(std::chrono::minutes(6));
  EXPECT_EQ(Top(Rule::kAccessedPartitions), "");
  Update("DISABLE");
  EXPECT_EQ(Top(Rule::kAccessedPartitions), "not watched");
}

TEST_P(Insights, OfAnIndexAreOfItsOwnKeys) {
  Update("ENABLE", R"(,"IndexName":"byColor")");
  EXPECT_EQ(Top(Rule::kAccessedPartitions), "not watched");
  Call("PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"a"},"sk":{"N":"1"},"color":{"S":"red"}}})");
  Call("PutItem", R"({"TableName":"Orders","Item":{"pk":{"S":"a"},"sk":{"N":"2"}}})");
  EXPECT_EQ(Top(Rule::kAccessedPartitions, "Orders", "byColor"), "red 3");
  Call("Query", R"({"TableName":"Orders","IndexName":"byColor","KeyConditionExpression":"color = :c",
                    "ExpressionAttributeValues":{":c":{"S":"red"}}})");
  EXPECT_EQ(Top(Rule::kAccessedPartitions, "Orders", "byColor"), "red 3.5");
  Call("UpdateTable", R"({"TableName":"Orders","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"byColor"}}]})");
  server.provisioner->WaitIdle();
  EXPECT_EQ(List(), R"(200 {"ContributorInsightsSummaries":[]})");
  EXPECT_EQ(contributors.Find(Table("Orders")->ref.incarnation()), nullptr);
}

TEST_P(Insights, AreFollowedAgainAfterAStart) {
  Update("ENABLE");
  metering::Contributors fresh(server.world.clock);
  FollowInsights(*Table("Orders"), &fresh);
  FollowInsights(*Table("Parts"), &fresh);
  EXPECT_NE(fresh.Find(Table("Orders")->ref.incarnation()), nullptr);
  EXPECT_EQ(fresh.Find(Table("Parts")->ref.incarnation()), nullptr);
}

TEST_P(Insights, GoWithTheirTable) {
  Update("ENABLE", "", "Parts");
  const Incarnation incarnation = Table("Parts")->ref.incarnation();
  EXPECT_NE(contributors.Find(incarnation), nullptr);
  Call("DeleteTable", R"({"TableName":"Parts"})");
  server.provisioner->WaitIdle();
  EXPECT_EQ(contributors.Find(incarnation), nullptr);
}

}  // namespace
}  // namespace insula::operations
