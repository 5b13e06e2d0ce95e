// Query and Scan: what is refused with and without the table, and in which order.
#include "operations/pages/page_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operations/pages/page_parameters.h"
#include "operations/testing/definitions.h"

namespace insula::operations {
namespace {

using testing::Created;
using testing::Verdict;

// a hash, b range; local index1 (a, c) of ALL, local index2 (a, d) INCLUDE c; global index3 (c) of ALL, index4 (c, d)
// INCLUDE e.
const TableDefinition& Range() {
  static const TableDefinition definition = Created(
      R"({"TableName":"Range","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
          {"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"S"},
          {"AttributeName":"c","AttributeType":"S"},{"AttributeName":"d","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"RANGE"}],
        "LocalSecondaryIndexes":[
          {"IndexName":"index1","KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"c","KeyType":"RANGE"}],
           "Projection":{"ProjectionType":"ALL"}},
          {"IndexName":"index2","KeySchema":[{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"d","KeyType":"RANGE"}],
           "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["c"]}}],
        "GlobalSecondaryIndexes":[
          {"IndexName":"index3","KeySchema":[{"AttributeName":"c","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}},
          {"IndexName":"index4","KeySchema":[{"AttributeName":"c","KeyType":"HASH"},{"AttributeName":"d","KeyType":"RANGE"}],
           "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["e"]}}]})");
  return definition;
}

Result<PagePlan> Plan(bool query, std::string_view rest, const TableDefinition& definition) {
  std::string body = fmt::format(R"({{"TableName":"Range"{}{}}})", rest.empty() ? "" : ",", rest);
  INSULA_ASSIGN(auto request, wire::DecodeRequest(body, query ? wire::shapes::Query() : wire::shapes::Scan()));
  INSULA_ASSIGN(PageParameters parameters, query ? DecodeQuery(request.root()) : DecodeScan(request.root()));
  return query ? PlanQuery(parameters, definition) : PlanScan(parameters, definition);
}
std::string Query(std::string_view rest) { return Verdict(Plan(true, rest, Range())); }
std::string Scan(std::string_view rest) { return Verdict(Plan(false, rest, Range())); }

std::string InvalidParameters(std::string_view what) {
  return fmt::format("One or more parameter values were invalid: {}", what);
}

constexpr std::string_view kIsA = R"("KeyConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"S":"a"}})";
constexpr std::string_view kIsAWithB =
    R"("KeyConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"S":"a"},":b":{"S":"b"}})";
constexpr std::string_view kIsC = R"("KeyConditionExpression":"c = :a","ExpressionAttributeValues":{":a":{"S":"a"}})";

std::string Join(std::initializer_list<std::string_view> parts) { return fmt::format("{}", fmt::join(parts, ",")); }

TEST(QueryParameters, Select) {
  const std::string must =
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
      "SPECIFIC_ATTRIBUTES";
  EXPECT_EQ(Query(Join({kIsA, R"("Select":"SPECIFIC_ATTRIBUTES")"})), "1 validation error detected: " + must);
  EXPECT_EQ(Scan(R"("Select":"SPECIFIC_ATTRIBUTES")"), must);
  EXPECT_EQ(Query(Join({kIsA, R"("Select":"COUNT","ProjectionExpression":"b")"})),
            "1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count");
  EXPECT_EQ(Scan(R"("Select":"ALL_ATTRIBUTES","AttributesToGet":["b"])"),
            "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES");
  EXPECT_EQ(Scan(R"("Select":"ALL_PROJECTED_ATTRIBUTES")"),
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  EXPECT_EQ(Scan(R"("Select":"ALL_PROJECTED_ATTRIBUTES","IndexName":"index1")"), "ok");
  EXPECT_EQ(Scan(R"("Select":"SPECIFIC_ATTRIBUTES","ProjectionExpression":"b")"), "ok");
}

TEST(QueryParameters, OrderWithoutTheTable) {
  struct Case {
    std::string request, expected;
  };
  const Case cases[] = {
      {R"("FilterExpression":"","QueryFilter":{},"AttributesToGet":["a","a"])",
       "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
       "{AttributesToGet, QueryFilter} Expression parameters: {FilterExpression}"},
      {R"("QueryFilter":{"a":{"ComparisonOperator":"EQ"}},"AttributesToGet":["a","a"])",
       InvalidParameters("Invalid number of argument(s) for the EQ ComparisonOperator")},
      {R"("AttributesToGet":["a","a"],"ExclusiveStartKey":{"a":{}})",
       InvalidParameters("Duplicate value in attribute name: a")},
      {R"("ExclusiveStartKey":{"a":{}})",
       "The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the "
       "supported datatypes"},
      {R"("ExclusiveStartKey":{"a":{"N":"b"}})", "The parameter cannot be converted to a numeric value: b"},
      {R"("FilterExpression":"")",
       "Either the KeyConditions or KeyConditionExpression parameter must be specified in "
       "the request."},
      {R"("KeyConditionExpression":"","FilterExpression":"")",
       "Invalid KeyConditionExpression: The expression can not be empty;"},
      {R"_("KeyConditionExpression":"attribute_exists(a)","FilterExpression":"")_",
       "Invalid FilterExpression: The expression can not be empty;"},
      {R"_("KeyConditionExpression":"attribute_exists(a)","FilterExpression":"b = c","ProjectionExpression":"")_",
       "Invalid ProjectionExpression: The expression can not be empty;"},
      {R"_("KeyConditionExpression":"attribute_exists(a)","ExpressionAttributeNames":{"#a":"a"})_",
       "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"},
      {R"_("KeyConditionExpression":"attribute_exists(a)","IndexName":"none")_",
       "Invalid operator used in KeyConditionExpression: attribute_exists"},
      {R"("KeyConditions":{},"IndexName":"none")", "Conditions can be of length 1 or 2 only"},
      {R"("KeyConditions":{"a":{"ComparisonOperator":"EQ"}},"IndexName":"none")",
       InvalidParameters("Invalid number of argument(s) for the EQ ComparisonOperator")},
  };
  for (const Case& each : cases) EXPECT_EQ(Query(each.request), each.expected) << each.request;
}

TEST(QueryPlan, OrderAgainstTheTable) {
  struct Case {
    std::string request, expected;
  };
  const std::string z_null = R"("KeyConditions":{"z":{"ComparisonOperator":"NULL"}})";
  const std::string a_is_b = R"("KeyConditionExpression":"a = :b","ExpressionAttributeValues":{":b":{"S":"b"}})";
  const Case cases[] = {
      {R"("IndexName":"none","ExclusiveStartKey":{},)" + z_null, "The table does not have the specified index: none"},
      {R"("IndexName":"index3","ConsistentRead":true,"ExclusiveStartKey":{},)" + z_null,
       "Consistent reads are not supported on global secondary indexes"},
      // The starting key and the condition are looked at together, one key attribute after the other.
      {R"("ExclusiveStartKey":{},)" + z_null, "The provided starting key is invalid"},
      {R"("ExclusiveStartKey":{"z":{"S":"a"},"b":{"S":"a"}},)" + z_null, "The provided starting key is invalid"},
      {R"("ExclusiveStartKey":{"a":{"N":"1"},"z":{"S":"a"}},)" + z_null,
       "The provided key element does not match the schema"},
      {R"("ExclusiveStartKey":{"a":{"S":"a"},"z":{"S":"1"}},)" + z_null,
       "Query condition missed key schema element: a"},
      {R"("ExclusiveStartKey":{"a":{"S":"a"},"z":{"S":"1"}},)" + a_is_b, "The provided starting key is invalid"},
      {R"("ExclusiveStartKey":{"a":{"S":"a"},"b":{"N":"1"}},)" + a_is_b,
       "The provided key element does not match the schema"},
      {R"("ExclusiveStartKey":{"a":{"S":"a"},"b":{"S":"a"}},)" + a_is_b,
       "The provided starting key is outside query boundaries based on provided conditions"},
      {R"("ExclusiveStartKey":{"a":{"S":"a"},"b":{"S":"a"}},"KeyConditionExpression":"a = :b and b > :a",
          "ExpressionAttributeValues":{":a":{"S":"a"},":b":{"S":"b"}})",
       "The provided starting key does not match the range key predicate"},
      {R"("ExclusiveStartKey":{"a":{"S":"a"},"b":{"S":"a"}},"KeyConditionExpression":"a = :b and b < :b",
          "ExpressionAttributeValues":{":b":{"S":"b"}})",
       "The query can return at most one row and cannot be restarted"},
      {R"("IndexName":"index4","ExclusiveStartKey":{"a":{"N":"1"},"b":{"S":"a"},"c":{"S":"a"},"d":{"S":"a"}},)" +
           std::string(kIsC),
       "The provided starting key is invalid: The provided key element does not match the schema"},
      // Then paths, keys in the filter, and what the index has.
      {Join({kIsA, R"("ProjectionExpression":"a.b")"}),
       "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: a"},
      {Join({kIsA, R"("ProjectionExpression":"d[0]")"}),
       "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: d"},
      {Join({kIsA, R"("FilterExpression":"a.b = :a and d.x = :a")"}),
       "Filter Expression can only contain non-primary key attributes: Primary key attribute: a"},
      {Join({kIsAWithB, R"("FilterExpression":"b = :b")"}),
       "Filter Expression can only contain non-primary key attributes: Primary key attribute: b"},
      {R"("KeyConditions":{"a":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]}},
          "QueryFilter":{"b":{"ComparisonOperator":"NULL"}})",
       "QueryFilter can only contain non-primary key attributes: Primary key attribute: b"},
      {Join({kIsC, R"("IndexName":"index4","Select":"ALL_ATTRIBUTES","FilterExpression":"a.b = :a")"}),
       InvalidParameters(
           "Select type ALL_ATTRIBUTES is not supported for global secondary index index4 because its projection "
           "type is not ALL")},
      {Join({kIsA, R"("FilterExpression":"d.x = :a")"}),
       "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: d"},
      {Join({kIsC, R"("IndexName":"index4","ProjectionExpression":"e, f, g.h")"}),
       InvalidParameters("Global secondary index index4 does not project [f, g]")},
      {Join({kIsC, R"("IndexName":"index4","FilterExpression":"f = :a")"}),
       InvalidParameters("Secondary index index4 does not project one or more filter attributes: [f]")},
      {Join({kIsC, R"("IndexName":"index4","FilterExpression":"e = :a","ProjectionExpression":"a, e")"}), "ok"},
      {R"("IndexName":"index4","KeyConditionExpression":"c = :e","ExpressionAttributeValues":{":e":{"S":""}})",
       "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
       "AttributeValue for a key attribute cannot contain an empty string value. IndexName: index4, IndexKey: c"},
  };
  for (const Case& each : cases) EXPECT_EQ(Query(each.request), each.expected) << each.request;
}

TEST(QueryPlan, LocalIndexesFetchWhatTheyLack) {
  auto fetches = [](std::string_view rest) { return Plan(true, rest, Range())->fetch_from_table; };
  EXPECT_FALSE(fetches(Join({kIsA, R"("IndexName":"index1","Select":"ALL_ATTRIBUTES")"})));
  EXPECT_FALSE(fetches(Join({kIsA, R"("IndexName":"index2")"})));
  EXPECT_FALSE(fetches(Join({kIsA, R"("IndexName":"index2","ProjectionExpression":"c, d, b")"})));
  EXPECT_TRUE(fetches(Join({kIsA, R"("IndexName":"index2","Select":"ALL_ATTRIBUTES")"})));
  EXPECT_TRUE(fetches(Join({kIsA, R"("IndexName":"index2","ProjectionExpression":"c, f")"})));
  EXPECT_TRUE(fetches(Join({kIsA, R"("IndexName":"index2","ProjectionExpression":"f","FilterExpression":"f = :a")"})));
}

TEST(QueryPlan, IndexesThatCannotBeReadNow) {
  TableDefinition definition = Range();
  definition.index_settings["index3"].status = IndexStatus::kDeleting;
  auto schema = std::make_shared<TableSchema>(*definition.schema);
  for (IndexSchema& index : schema->indexes) index.backfilling = index.name == "index4";
  definition.schema = schema;
  EXPECT_EQ(Verdict(Plan(true, Join({kIsC, R"("IndexName":"index3")"}), definition)),
            "The table does not have the specified index: index3");
  EXPECT_EQ(Verdict(Plan(true, Join({kIsC, R"("IndexName":"index4")"}), definition)),
            "Cannot read from backfilling global secondary index: index4");
}

TEST(ScanPlan, Refusals) {
  struct Case {
    std::string request, expected;
  };
  const Case cases[] = {
      {R"("Segment":0)",
       "The TotalSegments parameter is required but was not present in the request when Segment "
       "parameter is present"},
      {R"("TotalSegments":4)",
       "The Segment parameter is required but was not present in the request when parameter "
       "TotalSegments is present"},
      {R"("Segment":5,"TotalSegments":5)",
       "The Segment parameter is zero-based and must be less than parameter "
       "TotalSegments: Segment: 5 is not less than TotalSegments: 5"},
      {R"("IndexName":"none","ExclusiveStartKey":{})", "The table does not have the specified index: none"},
      {R"("ExclusiveStartKey":{})",
       "The provided starting key is invalid: The provided key element does not match the schema"},
      {R"("ExclusiveStartKey":{"a":{"S":"a"},"b":{"N":"1"}})",
       "The provided starting key is invalid: The provided key element does not match the schema"},
      {R"("IndexName":"index1","ExclusiveStartKey":{"a":{"S":"a"}})", "The provided starting key is invalid"},
      {R"("IndexName":"index1","ExclusiveStartKey":{"a":{"S":"a"},"b":{"S":"a"},"z":{"S":"a"}})",
       "The provided starting key is invalid"},
      {R"("IndexName":"index4","Select":"ALL_ATTRIBUTES","ExclusiveStartKey":{"a":{"N":"1"},"b":{"S":"a"},
          "c":{"S":"a"},"d":{"S":"a"}})",
       InvalidParameters(
           "Select type ALL_ATTRIBUTES is not supported for global secondary index index4 because its projection "
           "type is not ALL")},
      {R"_("FilterExpression":"attribute_exists(a.b)")_",
       "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: a"},
      {R"("FilterExpression":"a = :a","ExpressionAttributeValues":{":a":{"S":"a"}})", "ok"},
      {R"_("IndexName":"index4","FilterExpression":"attribute_exists(f)")_", "ok"},
  };
  for (const Case& each : cases) EXPECT_EQ(Scan(each.request), each.expected) << each.request;
}

TEST(ScanPlan, TheStartingKeysSegmentComesBeforePaths) {
  std::string verdicts;
  for (int segment = 0; segment < 2; ++segment) {
    verdicts += Scan(fmt::format(R"_("ExclusiveStartKey":{{"a":{{"S":"a"}},"b":{{"S":"b"}}}},"Segment":{},
        "TotalSegments":2,"FilterExpression":"attribute_exists(a.b)")_",
                                 segment)) +
                "|";
  }
  EXPECT_THAT(verdicts, ::testing::HasSubstr("Please use ExclusiveStartKey with correct Segment. TotalSegments: 2"));
  EXPECT_THAT(verdicts, ::testing::HasSubstr("Key attributes must be scalars"));
}

}  // namespace
}  // namespace insula::operations
