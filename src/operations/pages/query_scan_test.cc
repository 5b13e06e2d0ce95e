// Query and Scan, end to end in one process. The same under each partition model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "operations/testing/schemas.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::PartitionModel;
using testing::Server;

class QueryScan : public ::testing::TestWithParam<PartitionModel> {
 protected:
  QueryScan() : server(GetParam()) {
    server.CreateTable("Hash", SchemaOf(AttributeType::kS));
    TableSchema schema = SchemaOf(AttributeType::kS, {AttributeType::kN});
    schema.indexes = {GlobalIndex(0, "byG", "g"), LocalIndex(0, "byL", "l"), LocalIndex(0, "keys", "l")};
    schema.indexes[0].key.range = {{"sk", AttributeType::kN}};
    schema.indexes[2].projection.type = ProjectionType::kKeysOnly;
    server.CreateTable("Range", schema);
  }
  std::string Call(std::string_view operation, std::string_view body) { return server.Call(operation, body); }
  void Put(std::string_view table, std::string_view item) {
    ASSERT_EQ(Call("PutItem", fmt::format(R"({{"TableName":"{}","Item":{}}})", table, item)), "200 {}");
  }
  // Items (pk a, sk 1 to `count`), with g alternating and l descending.
  void Fill(int count) {
    for (int i = 1; i <= count; ++i) {
      Put("Range", fmt::format(R"({{"pk":{{"S":"a"}},"sk":{{"N":"{}"}},"g":{{"S":"{}"}},"l":{{"S":"{}"}},
                                   "x":{{"N":"{}"}}}})",
                               i, i % 2 == 0 ? "even" : "odd", 9 - i, i * 10));
    }
    server.meter.Take("Range");
  }
  // The values of sk in the answer to a Query for pk = a and `rest`.
  std::string Keys(std::string_view condition, std::string_view values, std::string_view rest = "") {
    std::string answer =
        Call("Query", fmt::format(R"({{"TableName":"Range","KeyConditionExpression":"{}","ProjectionExpression":"sk",
                                      "ExpressionAttributeValues":{{{}}}{}{}}})",
                                  condition, values, rest.empty() ? "" : ",", rest));
    std::string keys;
    const std::string mark = R"({"sk":{"N":")";
    std::size_t items = answer.find(R"("Items":[)");
    std::size_t end = items == std::string::npos ? 0 : answer.find(']', items);
    for (std::size_t at = answer.find(mark, items); at < end; at = answer.find(mark, at + 1)) {
      std::size_t from = at + mark.size();
      if (!keys.empty()) keys += ' ';
      keys += answer.substr(from, answer.find('"', from) - from);
    }
    return items == std::string::npos ? answer : keys;
  }

  Server server;
};
INSTANTIATE_TEST_SUITE_P(Models, QueryScan,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex),
                         [](const auto& each) { return std::string(tenancy::NameOf(each.param)); });

TEST_P(QueryScan, EveryOperatorOnTheRangeKey) {
  Fill(5);
  Put("Range", R"({"pk":{"S":"b"},"sk":{"N":"3"}})");
  const std::string_view a = R"(":a":{"S":"a"})";
  const std::string_view a3 = R"(":a":{"S":"a"},":n":{"N":"3"})";
  EXPECT_EQ(Keys("pk = :a", a), "1 2 3 4 5");
  EXPECT_EQ(Keys("pk = :a", a, R"("ScanIndexForward":false)"), "5 4 3 2 1");
  EXPECT_EQ(Keys("pk = :a and sk = :n", a3), "3");
  EXPECT_EQ(Keys("pk = :a and sk < :n", a3), "1 2");
  EXPECT_EQ(Keys("pk = :a and sk <= :n", a3), "1 2 3");
  EXPECT_EQ(Keys("pk = :a and sk > :n", a3), "4 5");
  EXPECT_EQ(Keys("pk = :a and :n <= sk", a3, R"("ScanIndexForward":false)"), "5 4 3");
  EXPECT_EQ(Keys("pk = :a and sk between :m and :n", R"(":a":{"S":"a"},":m":{"N":"2"},":n":{"N":"3"})"), "2 3");
  EXPECT_EQ(Keys("pk = :a", R"(":a":{"S":"none"})"), "");
  EXPECT_EQ(Keys("g = :g", R"(":g":{"S":"odd"})", R"("IndexName":"byG")"), "1 3 5");
  EXPECT_EQ(Keys("g = :g and sk > :n", R"(":g":{"S":"odd"},":n":{"N":"2"})", R"("IndexName":"byG")"), "3 5");
  EXPECT_EQ(Keys("pk = :a", a, R"("IndexName":"byL")"), "5 4 3 2 1");
  EXPECT_EQ(Keys("pk = :a and begins_with(l, :l)", R"(":a":{"S":"a"},":l":{"S":"6"})", R"("IndexName":"byL")"), "3");
}

TEST_P(QueryScan, AnswersSayHowMuchWasRead) {
  Fill(4);
  EXPECT_EQ(Call("Query", R"({"TableName":"Range","KeyConditionExpression":"pk = :a","FilterExpression":"x > :x",
                  "ExpressionAttributeValues":{":a":{"S":"a"},":x":{"N":"20"}},"ProjectionExpression":"x",
                  "ReturnConsumedCapacity":"TOTAL","ConsistentRead":true})"),
            R"(200 {"Count":2,"ScannedCount":4,"Items":[{"x":{"N":"30"}},{"x":{"N":"40"}}],)"
            R"("ConsumedCapacity":{"TableName":"Range","CapacityUnits":1.0}})");
  EXPECT_EQ(server.meter.Take("Range"), "1/0");
  EXPECT_EQ(Call("Query", R"({"TableName":"Range","KeyConditionExpression":"pk = :a","Select":"COUNT",
                  "ExpressionAttributeValues":{":a":{"S":"a"}},"ReturnConsumedCapacity":"INDEXES"})"),
            R"(200 {"Count":4,"ScannedCount":4,"ConsumedCapacity":{"TableName":"Range","CapacityUnits":0.5,)"
            R"("Table":{"CapacityUnits":0.5}}})");
  EXPECT_EQ(Call("Query", R"({"TableName":"Range","IndexName":"byG","KeyConditionExpression":"g = :g","Select":"COUNT",
                  "ExpressionAttributeValues":{":g":{"S":"odd"}},"ReturnConsumedCapacity":"INDEXES"})"),
            R"(200 {"Count":2,"ScannedCount":2,"ConsumedCapacity":{"TableName":"Range","CapacityUnits":0.5,)"
            R"("Table":{"CapacityUnits":0.0},"GlobalSecondaryIndexes":{"byG":{"CapacityUnits":0.5}}}})");
  EXPECT_EQ(server.meter.Take("Range"), "1/0");
}

TEST_P(QueryScan, ALocalIndexFetchesFromTheTableAtACost) {
  Fill(3);
  std::string_view keys = R"({"TableName":"Range","IndexName":"keys","KeyConditionExpression":"pk = :a",
      "ExpressionAttributeValues":{":a":{"S":"a"}},"ReturnConsumedCapacity":"INDEXES","ConsistentRead":true)";
  std::string projected = Call("Query", fmt::format("{}}}", keys));
  EXPECT_THAT(projected, Not(HasSubstr(R"("x":)")));
  EXPECT_THAT(projected, HasSubstr(R"("CapacityUnits":1.0,"Table":{"CapacityUnits":0.0})"));
  std::string fetched = Call("Query", fmt::format(R"({},"Select":"ALL_ATTRIBUTES"}})", keys));
  EXPECT_THAT(fetched, HasSubstr(R"("x":{"N":"30"})"));
  EXPECT_THAT(fetched, HasSubstr(R"("CapacityUnits":4.0,"Table":{"CapacityUnits":3.0},)"
                                 R"("LocalSecondaryIndexes":{"keys":{"CapacityUnits":1.0}})"));
}

TEST_P(QueryScan, PagesContinueWhereTheyStopped) {
  Fill(5);
  for (std::string_view direction : {"true", "false"}) {
    std::string seen, start;
    for (int page = 0; page < 4; ++page) {
      std::string answer = Call(
          "Query", fmt::format(R"({{"TableName":"Range","IndexName":"byG","KeyConditionExpression":"g = :g","Limit":2,
                                   "ExpressionAttributeValues":{{":g":{{"S":"odd"}}}},"ProjectionExpression":"sk",
                                   "ScanIndexForward":{}{}}})",
                               direction, start.empty() ? "" : R"(,"ExclusiveStartKey":)" + start));
      for (std::string_view key : {"1", "3", "5"}) {
        if (answer.find(fmt::format(R"({{"sk":{{"N":"{}"}}}})", key)) != std::string::npos) seen += key;
      }
      std::size_t at = answer.find(R"("LastEvaluatedKey":)");
      if (at == std::string::npos) {
        EXPECT_EQ(page, 1);
        break;
      }
      start = answer.substr(at + 19, answer.size() - at - 20);
    }
    EXPECT_EQ(seen, direction == "true" ? "135" : "351") << "a page's items are looked for in ascending order";
  }
  // A page that ends with the last item still says where it ended.
  EXPECT_THAT(Call("Query", R"({"TableName":"Range","KeyConditionExpression":"pk = :a","Limit":5,"Select":"COUNT",
                    "ExpressionAttributeValues":{":a":{"S":"a"}}})"),
              HasSubstr(R"("LastEvaluatedKey":{"pk":{"S":"a"},"sk":{"N":"5"}})"));
}

TEST_P(QueryScan, APageEndsAtAMegabyte) {
  const std::string value(300 * 1024, 'x');
  for (std::string_view pk : {"a", "b", "c", "d", "e"}) {
    Put("Hash", fmt::format(R"({{"pk":{{"S":"{}"}},"v":{{"S":"{}"}}}})", pk, value));
  }
  std::string first = Call("Scan", R"({"TableName":"Hash","Select":"COUNT","ReturnConsumedCapacity":"TOTAL"})");
  EXPECT_THAT(first, HasSubstr(R"("Count":4,"ScannedCount":4,"LastEvaluatedKey")"));
  EXPECT_THAT(first, HasSubstr(R"("CapacityUnits":150.5)"))
      << "four times 300 KB and a bit in 4 KB steps, half for staleness";
}

TEST_P(QueryScan, SegmentsPartitionTheTable) {
  for (int i = 0; i < 40; ++i) Put("Hash", fmt::format(R"({{"pk":{{"S":"key{}"}}}})", i));
  std::set<std::string> seen;
  for (int segment = 0; segment < 3; ++segment) {
    std::string answer = Call("Scan", fmt::format(R"({{"TableName":"Hash","TotalSegments":3,"Segment":{}}})", segment));
    for (int i = 0; i < 40; ++i) {
      std::string item = fmt::format(R"({{"pk":{{"S":"key{}"}}}})", i);
      if (answer.find(item) == std::string::npos) continue;
      EXPECT_TRUE(seen.insert(item).second) << item << " is in two segments";
      std::string moved = Call("Scan", fmt::format(R"({{"TableName":"Hash","TotalSegments":3,"Segment":{},
                                                       "ExclusiveStartKey":{}}})",
                                                   (segment + 1) % 3, item));
      ASSERT_EQ(moved, testing::Invalid(
                           fmt::format("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
                                       "ExclusiveStartKey with correct Segment. TotalSegments: 3 Segment: {}",
                                       (segment + 1) % 3)));
    }
  }
  EXPECT_EQ(seen.size(), 40u);
}

TEST_P(QueryScan, ScansOfIndexesHaveOnlyWhatIsIndexed) {
  Fill(2);
  Put("Range", R"({"pk":{"S":"b"},"sk":{"N":"1"},"x":{"N":"5"}})");
  EXPECT_THAT(Call("Scan", R"({"TableName":"Range","Select":"COUNT"})"), HasSubstr(R"("Count":3)"));
  EXPECT_THAT(Call("Scan", R"({"TableName":"Range","IndexName":"byG","Select":"COUNT"})"), HasSubstr(R"("Count":2)"));
  EXPECT_EQ(Call("Scan", R"({"TableName":"Range","IndexName":"keys","Limit":1})"),
            R"(200 {"Count":1,"ScannedCount":1,"Items":[{"l":{"S":"7"},"pk":{"S":"a"},"sk":{"N":"2"}}],)"
            R"("LastEvaluatedKey":{"l":{"S":"7"},"pk":{"S":"a"},"sk":{"N":"2"}}})");
}

TEST_P(QueryScan, LegacyParametersMeanTheSame) {
  Fill(4);
  EXPECT_EQ(Call("Query", R"({"TableName":"Range","AttributesToGet":["x"],
      "KeyConditions":{"pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]},
                       "sk":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"1"}]}},
      "QueryFilter":{"x":{"ComparisonOperator":"IN","AttributeValueList":[{"N":"10"},{"N":"30"}]},
                     "g":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"even"}]}},"ConditionalOperator":"OR"})"),
            R"(200 {"Count":3,"ScannedCount":3,"Items":[{"x":{"N":"20"}},{"x":{"N":"30"}},{"x":{"N":"40"}}]})");
  EXPECT_THAT(Call("Scan", R"({"TableName":"Range","Select":"COUNT",
      "ScanFilter":{"x":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"20"},{"N":"30"}]}}})"),
              HasSubstr(R"("Count":2,"ScannedCount":4)"));
  EXPECT_THAT(Call("Scan", R"({"TableName":"Range","Select":"COUNT","ScanFilter":{}})"), HasSubstr(R"("Count":4)"));
}

}  // namespace
}  // namespace insula::operations
