// CreateTable's refusals, each with DynamoDB's wording, and which of two comes first.
#include "operations/tables/table_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "operations/testing/definitions.h"

namespace insula::operations {
namespace {

using testing::Created;
using testing::InvalidParameters;
using testing::Verdict;

// `rest` is what follows TableName in the body.
std::string Create(std::string_view rest) {
  std::string body = fmt::format(R"({{"TableName":"abc",{}}})", rest);
  auto request = wire::DecodeRequest(body, wire::shapes::CreateTable());
  if (!request.ok()) return Verdict(request);
  return Verdict(CheckCreateTable(ReadCreateTable(request->root()), "us-east-1"));
}

constexpr std::string_view kHashA = R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],)"
                                    R"("KeySchema":[{"KeyType":"HASH","AttributeName":"a"}])";
constexpr std::string_view kRangeAb =
    R"("AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"N"}],)"
    R"("KeySchema":[{"KeyType":"HASH","AttributeName":"a"},{"KeyType":"RANGE","AttributeName":"b"}])";
constexpr std::string_view kOnDemand = R"("BillingMode":"PAY_PER_REQUEST")";
constexpr std::string_view kProvisioned = R"("ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5})";

std::string Join(std::initializer_list<std::string_view> parts) { return fmt::format("{}", fmt::join(parts, ",")); }

std::string Keys(std::string_view first, std::string_view first_type, std::string_view second = "",
                 std::string_view second_type = "") {
  std::string keys = fmt::format(R"({{"AttributeName":"{}","KeyType":"{}"}})", first, first_type);
  if (!second.empty()) keys += fmt::format(R"(,{{"AttributeName":"{}","KeyType":"{}"}})", second, second_type);
  return fmt::format(R"("KeySchema":[{}])", keys);
}
std::string Definitions(std::initializer_list<std::string_view> names) {
  std::string list;
  for (std::string_view name : names) {
    if (!list.empty()) list += ',';
    list += fmt::format(R"({{"AttributeName":"{}","AttributeType":"S"}})", name);
  }
  return fmt::format(R"("AttributeDefinitions":[{}])", list);
}
std::string Index(std::string_view name, std::string_view keys,
                  std::string_view projection = R"("ProjectionType":"ALL")", std::string_view more = "") {
  return fmt::format(R"({{"IndexName":"{}",{},"Projection":{{{}}}{}{}}})", name, keys, projection,
                     more.empty() ? "" : ",", more);
}
std::string Locals(std::initializer_list<std::string> indexes) {
  return fmt::format(R"("LocalSecondaryIndexes":[{}])", fmt::join(indexes, ","));
}
std::string Globals(const std::vector<std::string>& indexes) {
  return fmt::format(R"("GlobalSecondaryIndexes":[{}])", fmt::join(indexes, ","));
}

TEST(CreateTableRules, BillingComesFirst) {
  EXPECT_EQ(Create(Join({kHashA, kOnDemand})), "ok");
  EXPECT_EQ(Create(Join({kHashA, kProvisioned})), "ok");
  EXPECT_EQ(Create(Join({kHashA, kOnDemand, kProvisioned})),
            InvalidParameters("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
                              "PAY_PER_REQUEST"));
  for (std::string_view mode : {R"("BillingMode":"PROVISIONED")", R"("TableClass":"STANDARD")"}) {
    EXPECT_EQ(Create(Join({Definitions({}), Keys("a", "HASH"), mode})),
              InvalidParameters("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
                                "PROVISIONED"));
  }
  EXPECT_EQ(Create(Join({Definitions({}), Keys("a", "HASH"),
                         R"("ProvisionedThroughput":{"ReadCapacityUnits":1000000000001,"WriteCapacityUnits":1})"})),
            "Given value 1000000000001 for ReadCapacityUnits is out of bounds");
  EXPECT_EQ(Create(Join({Definitions({}), Keys("a", "HASH"),
                         R"("ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1000000000001})"})),
            "Given value 1000000000001 for WriteCapacityUnits is out of bounds");
}

TEST(CreateTableRules, KeysAndTheirDefinitions) {
  struct Case {
    std::string definitions, keys, expected;
  };
  const Case cases[] = {
      {Definitions({}), Keys("a", "HASH"), "Invalid KeySchema: Some index key attribute have no definition"},
      {Definitions({"a"}), Keys("a", "HASH", "a", "RANGE"),
       "Invalid KeySchema: Some index key attribute have no definition"},
      {Definitions({"b"}), Keys("a", "HASH"),
       InvalidParameters(
           "Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: "
           "[b]")},
      {Definitions({"a", "b"}), Keys("a", "HASH", "c", "RANGE"),
       InvalidParameters(
           "Some index key attributes are not defined in AttributeDefinitions. Keys: [a, c], AttributeDefinitions: "
           "[a, b]")},
      {Definitions({"a", "b"}), Keys("a", "HASH", "a", "HASH"),
       "Both the Hash Key and the Range Key element in the KeySchema have the same name"},
      {Definitions({"a"}), Keys("a", "RANGE"), "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {Definitions({"a", "b"}), Keys("a", "HASH", "b", "HASH"),
       "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"},
      {Definitions({"a", "b"}), Keys("a", "HASH"),
       InvalidParameters("Number of attributes in KeySchema does not exactly match number of attributes defined in "
                         "AttributeDefinitions")},
      {Definitions({"a", "a"}), Keys("a", "HASH"), "Attribute Name is duplicated: a"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(Create(Join({each.definitions, each.keys, kOnDemand})), each.expected) << each.definitions << each.keys;
  }
}

TEST(CreateTableRules, LocalIndexes) {
  const std::string ab = Keys("a", "HASH", "b", "RANGE");
  struct Case {
    std::string_view table;
    std::string indexes, expected;
  };
  const Case cases[] = {
      {kRangeAb, Locals({}), InvalidParameters("List of LocalSecondaryIndexes is empty")},
      {kHashA, Locals({Index("abc", ab)}),
       InvalidParameters(
           "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")},
      {kRangeAb, Locals({Index("abc", Keys("a", "HASH", "c", "RANGE"))}),
       InvalidParameters(
           "Some index key attributes are not defined in AttributeDefinitions. Keys: [a, c], AttributeDefinitions: "
           "[a, b]")},
      {kRangeAb, Locals({Index("abc", Keys("a", "HASH"))}),
       InvalidParameters("Index KeySchema does not have a range key for index: abc")},
      {kRangeAb, Locals({Index("abc", Keys("b", "HASH", "a", "RANGE"))}),
       InvalidParameters(
           "Index KeySchema does not have the same leading hash key as table KeySchema for index: abc. index hash "
           "key: b, table hash key: a")},
      {kRangeAb, Locals({Index("abc", ab, "")}), InvalidParameters("Unknown ProjectionType: null")},
      {kRangeAb, Locals({Index("abc", ab, R"("ProjectionType":"ALL","NonKeyAttributes":["x"])")}),
       InvalidParameters("ProjectionType is ALL, but NonKeyAttributes is specified")},
      {kRangeAb, Locals({Index("abc", ab, R"("ProjectionType":"INCLUDE")")}),
       InvalidParameters("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")},
      {kRangeAb, Locals({Index("abc", ab, R"("ProjectionType":"INCLUDE","NonKeyAttributes":["x","x"])")}),
       InvalidParameters("Duplicate element in NonKeyAttributes: x")},
      {kRangeAb, Locals({Index("abc", ab), Index("abc", ab)}), InvalidParameters("Duplicate index name: abc")},
      {kRangeAb,
       Locals({Index("abc", ab), Index("abd", ab), Index("abe", ab), Index("abf", ab), Index("abg", ab),
               Index("abh", ab)}),
       InvalidParameters("Number of LocalSecondaryIndexes exceeds per-table limit of 5")},
      {kRangeAb, Locals({Index("abc", ab)}), "ok"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(Create(Join({each.table, each.indexes, kOnDemand})), each.expected) << each.indexes;
  }
}

TEST(CreateTableRules, GlobalIndexes) {
  const std::string a = Keys("a", "HASH");
  struct Case {
    std::string indexes, expected;
  };
  const Case cases[] = {
      {Globals({}), InvalidParameters("List of GlobalSecondaryIndexes is empty")},
      {Globals({Index("abc", Keys("c", "HASH"))}),
       InvalidParameters(
           "Some index key attributes are not defined in AttributeDefinitions. Keys: [c], AttributeDefinitions: [a, "
           "b]")},
      {Globals({Index("abc", Keys("a", "RANGE"))}),
       "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
      {Globals({Index("abc", Keys("a", "HASH", "a", "RANGE"))}),
       "Both the Hash Key and the Range Key element in the KeySchema have the same name"},
      {Globals({Index("abc", a, "")}), InvalidParameters("Unknown ProjectionType: null")},
      {Globals({Index("abc", a, R"("ProjectionType":"KEYS_ONLY","NonKeyAttributes":["x"])")}),
       InvalidParameters("ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified")},
      {Globals({Index("abc", a, R"("ProjectionType":"ALL")", kProvisioned)}),
       InvalidParameters(
           "ProvisionedThroughput should not be specified for index: abc when BillingMode is PAY_PER_REQUEST")},
      {Globals({Index("abc", a), Index("abc", a)}), InvalidParameters("Duplicate index name: abc")},
      {Globals({Index("abc", a)}), "ok"},
      // Several hash attributes are for global indexes alone.
      {Globals({Index("abc", Keys("a", "HASH", "b", "HASH"))}), "ok"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(Create(Join({kRangeAb, each.indexes, kOnDemand})), each.expected) << each.indexes;
  }
  EXPECT_EQ(Create(Join({kRangeAb, Locals({Index("abc", Keys("a", "HASH", "b", "RANGE"))}), Globals({Index("abc", a)}),
                         kOnDemand})),
            InvalidParameters("Duplicate index name: abc"));
  EXPECT_EQ(Create(Join({kRangeAb, Globals({Index("abc", a)}), kProvisioned})),
            InvalidParameters("ProvisionedThroughput is not specified for index: abc"));

  std::string many;
  for (int i = 0; i < 21; ++i) many += (i == 0 ? "" : ",") + Index(fmt::format("index{}", i), a);
  EXPECT_EQ(Create(Join({kRangeAb, fmt::format(R"("GlobalSecondaryIndexes":[{}])", many), kOnDemand})),
            InvalidParameters("GlobalSecondaryIndex count exceeds the per-table limit of 20"));
}

TEST(CreateTableRules, EveryDefinitionIsUsedOnce) {
  const std::string global = Globals({Index("abc", Keys("b", "HASH"))});
  EXPECT_EQ(
      Create(Join({Definitions({"c", "a", "b"}), Keys("a", "HASH"), global, kOnDemand})),
      InvalidParameters("Some AttributeDefinitions are not used. AttributeDefinitions: [c, a, b], keys used: [a, b]"));
  EXPECT_EQ(Create(Join({Definitions({"a", "b", "b"}), Keys("a", "HASH"), global, kOnDemand})),
            "Attribute Name is duplicated: b");
  // Before what else is wrong with an index: aws-controllers-k8s/dynamodb-controller, docs/api-quirks, TABLE-127.
  EXPECT_EQ(Create(Join({Definitions({"c", "a", "b"}), Keys("a", "HASH"),
                         Globals({Index("abc", Keys("b", "HASH"), "")}), kOnDemand})),
            InvalidParameters("Some AttributeDefinitions are not used. AttributeDefinitions: [c, a, b], keys used: [a, "
                              "b]"));
}

TEST(CreateTableRules, ProjectedAttributesAreCountedOverAllIndexes) {
  auto include = [](int from, int count) {
    std::string names;
    for (int i = 0; i < count; ++i) names += fmt::format("{}\"x{}\"", i == 0 ? "" : ",", from + i);
    return fmt::format(R"("ProjectionType":"INCLUDE","NonKeyAttributes":[{}])", names);
  };
  const std::string a = Keys("a", "HASH");
  const auto create = [&](int extra) {
    std::vector<std::string> indexes;
    for (int i = 0; i < 5; ++i) indexes.push_back(Index(fmt::format("abc{}", i), a, include(0, 20)));
    if (extra > 0) indexes.push_back(Index("more", a, include(0, extra)));
    return Create(Join({kHashA, Globals(indexes), kOnDemand}));
  };
  EXPECT_EQ(create(0), "ok");
  EXPECT_THAT(create(1), ::testing::HasSubstr("exceeds per-table limit of 100"));
  EXPECT_THAT(create(21), ::testing::HasSubstr("Member must have length less than or equal to 20"));
}

TEST(CreateTableRules, Settings) {
  struct Case {
    std::string_view setting;
    std::string expected;
  };
  const Case cases[] = {
      {R"("StreamSpecification":{"StreamEnabled":true})",
       InvalidParameters("Table is being created with a stream enabled, UpdateViewType is required")},
      {R"("StreamSpecification":{"StreamEnabled":false,"StreamViewType":"NEW_IMAGE"})",
       InvalidParameters("Table is being created with a stream disabled, UpdateViewType should not be specified")},
      {R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"})", "ok"},
      {R"("SSESpecification":{"Enabled":false,"SSEType":"KMS"})",
       InvalidParameters("SSEType can not be specified if Enabled is false")},
      {R"("SSESpecification":{"Enabled":false,"KMSMasterKeyId":"k"})",
       InvalidParameters("KMSMasterKeyId can not be specified if Enabled is false")},
      {R"("SSESpecification":{"Enabled":true,"SSEType":"AES256"})",
       InvalidParameters("SSEType AES256 is not supported")},
      {R"("SSESpecification":{"Enabled":true,"KMSMasterKeyId":"k"})",
       InvalidParameters("SSEType KMS is required if KMSMasterKeyId is specified")},
      {R"("OnDemandThroughput":{"MaxReadRequestUnits":0})",
       InvalidParameters("Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range")},
      {R"("OnDemandThroughput":{"MaxWriteRequestUnits":-1})",
       InvalidParameters("Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of valid range")},
      {R"("OnDemandThroughput":{"MaxWriteRequestUnits":10})", "ok"},
      {R"("Tags":[{"Key":"aws:x","Value":"y"}])", "Tag Key cannot be prefixed with aws:, Key: aws:x"},
      {R"("Tags":[{"Key":"x!","Value":"y"}])", "The Tag Key provided is invalid, Key: x!"},
      {R"("Tags":[{"Key":"x","Value":"y"},{"Key":"x","Value":"z"}])",
       "Duplicate Tag Keys provided as input: Duplicate Tag Key found x"},
      {R"("Tags":[{"Key":"größe","Value":""}])", "ok"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(Create(Join({kHashA, kOnDemand, each.setting})), each.expected) << each.setting;
  }
  EXPECT_EQ(
      Create(Join({kHashA, kProvisioned, R"("OnDemandThroughput":{"MaxReadRequestUnits":5})"})),
      InvalidParameters("MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is "
                        "PROVISIONED."));
  EXPECT_EQ(
      Create(Join({kHashA, kProvisioned, R"("WarmThroughput":{"ReadUnitsPerSecond":4})"})),
      InvalidParameters("Requested ReadUnitsPerSecond for WarmThroughput for table is lower than ReadCapacityUnits of "
                        "ProvisionedThroughput"));
}

TEST(CreateTableRules, QuotasComeLast) {
  EXPECT_EQ(Create(Join({kHashA, R"("ProvisionedThroughput":{"ReadCapacityUnits":40001,"WriteCapacityUnits":1})"})),
            "LimitExceededException: The requested ReadCapacityUnits, 40001, is above the per table maximum for the "
            "account in us-east-1. Per table maximum: 40000. Refer to the Amazon DynamoDB Developer Guide for current "
            "limits and how to request higher limits.");
}

TEST(CreateTableRules, DefinitionHoldsWhatWasAskedFor) {
  TableDefinition definition = Created(
      R"({"TableName":"Orders",
          "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
                                  {"AttributeName":"g","AttributeType":"B"}],
          "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
          "GlobalSecondaryIndexes":[{"IndexName":"byG","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
            "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["x"]},
            "ProvisionedThroughput":{"ReadCapacityUnits":3,"WriteCapacityUnits":4}}],
          "ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":2},
          "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"OLD_IMAGE"},
          "Tags":[{"Key":"a","Value":"b"}],"DeletionProtectionEnabled":true})");
  EXPECT_EQ(definition.name, "Orders");
  EXPECT_EQ(definition.schema->hash().name, "pk");
  EXPECT_EQ(definition.schema->range()->type, AttributeType::kN);
  EXPECT_EQ(definition.schema->FindIndex("byG")->key.hash[0].type, AttributeType::kB);
  EXPECT_TRUE(definition.schema->log_changes);
  EXPECT_EQ(definition.throughput, (Throughput{1, 2}));
  EXPECT_EQ(definition.warm, (Throughput{1, 2}));
  EXPECT_EQ(definition.index_settings.at("byG").throughput, (Throughput{3, 4}));
  EXPECT_TRUE(definition.stream.enabled);
  EXPECT_EQ(definition.stream.view, StreamViewType::kOldImage);
  EXPECT_TRUE(definition.deletion_protection);
  EXPECT_EQ(definition.tags.at("a"), "b");
}

}  // namespace
}  // namespace insula::operations
