// Vector indexes as an application sees them: the same under every partition model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/backup_keeper.h"
#include "operations/testing/server.h"

namespace insula::operations {
namespace {

using ::testing::HasSubstr;
using testing::Invalid;
using ::testing::Not;
using testing::PartitionModel;
using testing::Server;

constexpr std::string_view kIndex =
    R"({"IndexName":"byMeaning","VectorAttribute":{"AttributeName":"v"},"Dimensions":2,
        "DistanceFunction":"EUCLIDEAN","Projection":{"ProjectionType":"ALL"}})";
constexpr std::string_view kScoped =
    R"({"IndexName":"byLabel","VectorAttribute":{"AttributeName":"v"},"Dimensions":2,
        "DistanceFunction":"COSINE","Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["title"]},
        "SearchSchema":[{"AttributeName":"label","SearchSchemaElementType":"HASH"},
                        {"AttributeName":"stars","SearchSchemaElementType":"INLINE_FILTER"}]})";

std::string Failure(std::string_view type, std::string_view message) {
  return fmt::format(R"(400 {{"__type":"com.amazonaws.dynamodb.v20120810#{}","message":"{}"}})", type, message);
}

class VectorOperations : public ::testing::TestWithParam<PartitionModel> {
 protected:
  VectorOperations() : server_(GetParam()) {}

  std::string Call(std::string_view operation, std::string_view body) { return server_.Call(operation, body); }
  void Settle() { server_.provisioner->WaitIdle(); }

  // CreateTable of "Songs" with these vector indexes.
  std::string Create(std::string_view indexes, std::string_view definitions = "",
                     std::string_view billing = "PAY_PER_REQUEST", std::string_view name = "Songs") {
    const std::string_view throughput =
        billing == "PROVISIONED" ? R"("ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1},)" : "";
    return Call("CreateTable", fmt::format(R"({{"TableName":"{}","BillingMode":"{}",{}
        "AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}}{}],
        "KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}],"VectorIndexes":[{}]}})",
                                           name, billing, throughput, definitions, indexes));
  }
  static constexpr std::string_view kScopedDefinitions =
      R"(,{"AttributeName":"label","AttributeType":"S"},{"AttributeName":"stars","AttributeType":"N"})";

  std::string Put(std::string_view pk, std::string_view vector, std::string_view more = "",
                  std::string_view parameters = "") {
    return Call("PutItem", fmt::format(R"({{"TableName":"Songs","Item":{{"pk":{{"S":"{}"}},"v":{}{}}}{}}})", pk, vector,
                                       more, parameters));
  }
  static std::string V(std::string_view a, std::string_view b) {
    return fmt::format(R"({{"L":[{{"N":"{}"}},{{"N":"{}"}}]}})", a, b);
  }
  std::string Search(std::string_view index, std::string_view more,
                     std::string_view vector = R"([{"N":"0"},{"N":"0"}])", std::string_view top_k = "2") {
    return Call("SearchVectors",
                fmt::format(R"({{"TableName":"Songs","IndexName":"{}","SearchVector":{},"TopK":{}{}}})", index, vector,
                            top_k, more));
  }

  Server server_;
};

INSTANTIATE_TEST_SUITE_P(Models, VectorOperations,
                         ::testing::Values(PartitionModel::kAccount, PartitionModel::kTable, PartitionModel::kIndex));

TEST_P(VectorOperations, ATableIsDescribedWithThem) {
  const std::string created = Create(fmt::format("{},{}", kIndex, kScoped), kScopedDefinitions);
  EXPECT_THAT(created, HasSubstr("200 "));
  EXPECT_THAT(created, HasSubstr(R"("IndexStatus":"CREATING")"));
  Settle();
  const std::string described = Call("DescribeTable", R"({"TableName":"Songs"})");
  EXPECT_THAT(
      described,
      HasSubstr(R"("VectorIndexes":[{"IndexName":"byMeaning","Projection":{"ProjectionType":"ALL"},)"
                R"("VectorAttribute":{"AttributeName":"v"},"Dimensions":2,"DistanceFunction":"EUCLIDEAN",)"
                R"("IndexStatus":"ACTIVE","IndexSizeBytes":0,"ItemCount":0,"IndexArn":"arn:aws:dynamodb:us-east-1:)"));
  EXPECT_THAT(
      described,
      HasSubstr(R"({"IndexName":"byLabel","SearchSchema":[{"AttributeName":"label","SearchSchemaElementType":"HASH"},)"
                R"({"AttributeName":"stars","SearchSchemaElementType":"INLINE_FILTER"}],"Projection":{)"
                R"("ProjectionType":"INCLUDE","NonKeyAttributes":["title"]},"VectorAttribute":{"AttributeName":"v"},)"
                R"("Dimensions":2,"DistanceFunction":"COSINE","IndexStatus":"ACTIVE")"));
  EXPECT_THAT(described, HasSubstr("/index/byLabel\""));
  EXPECT_THAT(described, Not(HasSubstr("GlobalSecondaryIndexes")));
}

TEST_P(VectorOperations, DefinitionsAreRefusedAsDynamoDbRefusesThem) {
  const auto changed = [](std::string_view index, std::string_view from, std::string_view to) {
    std::string text(index);
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  const std::string prefix = "One or more parameter values were invalid: ";
  EXPECT_EQ(Create(kIndex, "", "PROVISIONED"),
            Invalid(prefix + "Vector indexes are only supported for PAY_PER_REQUEST tables"));
  for (const char* dimensions : {"4097", "8192"}) {
    EXPECT_EQ(Create(changed(kIndex, R"("Dimensions":2)", fmt::format(R"("Dimensions":{})", dimensions))),
              Invalid(prefix + "Number of dimensions must be between 1 and 4096 inclusive."));
  }
  EXPECT_EQ(
      Create(changed(kIndex, "EUCLIDEAN", "HAMMING")),
      Invalid("1 validation error detected: Value 'HAMMING' at 'vectorIndexes.1.member.distanceFunction' failed to "
              "satisfy constraint: Member must satisfy enum value set: [DOT_PRODUCT, COSINE, EUCLIDEAN]"));
  std::string no_projection(kIndex);
  no_projection.resize(no_projection.find(R"(,"Projection")"));
  EXPECT_EQ(Create(no_projection + "}"),
            Invalid("1 validation error detected: Value null at 'vectorIndexes.1.member.projection' failed to satisfy "
                    "constraint: Member must not be null"));
  EXPECT_EQ(Create(changed(kIndex, R"("ALL")", R"("INCLUDE")")),
            Invalid(prefix + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"));
  EXPECT_EQ(Create(kScoped), Invalid(prefix + "One element in SearchSchema is not defined in attribute definitions"));
  EXPECT_EQ(Create(kIndex, R"(,{"AttributeName":"v","AttributeType":"S"})"),
            Invalid(prefix + "Conflicting attribute definition for 'v'. An attribute cannot be defined in "
                             "AttributeDefinitions when used as a VectorAttribute."));
  EXPECT_EQ(Create(kIndex, kScopedDefinitions),
            Invalid(prefix + "Some AttributeDefinitions are not used. AttributeDefinitions: [pk, label, stars], keys "
                             "used: [pk]"));
  EXPECT_EQ(Create(fmt::format("{0},{0}", kIndex)), Invalid(prefix + "Duplicate index name: byMeaning"));
  EXPECT_EQ(Create(changed(kScoped, "INLINE_FILTER", "HASH"), kScopedDefinitions),
            Invalid(prefix + "Value '2' at 'SearchSchema' failed to satisfy constraint: Member must have HASH count "
                             "less than or equal to 1"));
  std::string filters, definitions, indexes;
  for (int i = 0; i < 19; ++i) {
    filters += fmt::format(R"({}{{"AttributeName":"f{}","SearchSchemaElementType":"INLINE_FILTER"}})", i ? "," : "", i);
    definitions += fmt::format(R"(,{{"AttributeName":"f{}","AttributeType":"S"}})", i);
  }
  EXPECT_EQ(
      Create(changed(kIndex, R"("Dimensions")", fmt::format(R"("SearchSchema":[{}],"Dimensions")", filters)),
             definitions),
      Invalid(prefix + "Value '19' at 'SearchSchema' failed to satisfy constraint: Member must have INLINE_FILTER "
                       "count less than or equal to 18"));
  for (int i = 0; i < 6; ++i) indexes += (i ? "," : "") + changed(kIndex, "byMeaning", fmt::format("index{}", i));
  EXPECT_EQ(Create(indexes), Invalid(prefix + "VectorIndex count exceeds the per-table limit of 5"));
}

TEST_P(VectorOperations, TheNearestAreFoundAndShown) {
  EXPECT_THAT(Create(fmt::format("{},{}", kIndex, kScoped), kScopedDefinitions), HasSubstr("200 "));
  Settle();
  EXPECT_EQ(Put("far", V("3", "4"), R"(,"label":{"S":"jazz"},"stars":{"N":"5"},"title":{"S":"Far"},"x":{"S":"y"})"),
            "200 {}");
  EXPECT_EQ(Put("near", V("0.30000001192092896", "0"), R"(,"label":{"S":"jazz"},"stars":{"N":"4"})"), "200 {}");
  EXPECT_EQ(Put("none", R"({"S":"text"})"),
            Invalid("One or more parameter values are not valid. One or more parameter values were invalid . Invalid "
                    "type for parameter v, Expected: L, Actual: S. IndexName: byMeaning"));
  // All of the item, the vector as the index has it.
  EXPECT_EQ(Search("byMeaning", ""),
            R"(200 {"SearchResults":[{"Item":{"label":{"S":"jazz"},"pk":{"S":"near"},"stars":{"N":"4"},)"
            R"("v":{"L":[{"N":"0.3"},{"N":"0"}]}},"Score":0.30000001192092896},)"
            R"({"Item":{"label":{"S":"jazz"},"pk":{"S":"far"},"stars":{"N":"5"},"title":{"S":"Far"},)"
            R"("v":{"L":[{"N":"3"},{"N":"4"}]},"x":{"S":"y"}},"Score":5.0}]})");
  EXPECT_EQ(Search("byMeaning", R"(,"ProjectionExpression":"pk")", R"([{"N":"3"},{"N":"4"}])", "1"),
            R"(200 {"SearchResults":[{"Item":{"pk":{"S":"far"}},"Score":0.0}]})");
  EXPECT_EQ(Search("byMeaning", R"(,"ProjectionExpression":"v[1]","ReturnConsumedCapacity":"TOTAL")",
                   R"([{"N":"3"},{"N":"4"}])", "1"),
            R"(200 {"ConsumedCapacity":{"VectorSearchRequestBytes":1024.0},)"
            R"("SearchResults":[{"Item":{"v":{"L":[{"N":"4"}]}},"Score":0.0}]})");
  // What isn't projected isn't shown.
  constexpr std::string_view kJazz =
      R"(,"SearchConditionExpression":"label = :l","ExpressionAttributeValues":{":l":{"S":"jazz"}})";
  const std::string jazz = Search("byLabel", kJazz, R"([{"N":"1"},{"N":"1"}])");
  EXPECT_THAT(jazz, HasSubstr(R"({"Item":{"label":{"S":"jazz"},"pk":{"S":"far"},"stars":{"N":"5"},"title":{"S":"Far"},)"
                              R"("v":{"L":[{"N":"3"},{"N":"4"}]}})"));
  EXPECT_EQ(Search("byLabel",
                   R"(,"SearchConditionExpression":"label = :l AND stars = :s","ProjectionExpression":"pk",)"
                   R"("ExpressionAttributeValues":{":l":{"S":"jazz"},":s":{"N":"4"}})",
                   R"([{"N":"1"},{"N":"0"}])"),
            R"(200 {"SearchResults":[{"Item":{"pk":{"S":"near"}},"Score":0.0}]})");
  EXPECT_EQ(
      Search("byLabel", R"(,"SearchConditionExpression":"label = :l","ExpressionAttributeValues":{":l":{"S":"rock"}})"),
      R"(200 {"SearchResults":[]})");
}

TEST_P(VectorOperations, SearchesAreRefusedAsDynamoDbRefusesThem) {
  EXPECT_THAT(Create(fmt::format("{},{}", kIndex, kScoped), kScopedDefinitions), HasSubstr("200 "));
  Settle();
  EXPECT_EQ(Call("SearchVectors", R"({"TableName":"Songs","IndexName":"byMeaning","TopK":0})"),
            Invalid("missing field `SearchVector` at line 1 column 54"));
  EXPECT_EQ(Call("SearchVectors", R"({"TableName":"Songs","IndexName":"byMeaning","SearchVector":[],"TopK":0})"),
            Invalid("2 validation errors detected: Value '[]' at 'searchVector' failed to satisfy constraint: Member "
                    "must have length greater than or equal to 1; Value '0' at 'topK' failed to satisfy constraint: "
                    "Member must have value greater than or equal to 1"));
  EXPECT_EQ(Search("byMeaning", "", R"([{"N":"0"},{"N":"0"}])", "101"),
            Invalid("Provided TopK value '101' is out of valid range. The value must be between 1 and 100 inclusive"));
  for (const char* vector : {R"([{"N":"0"},{"S":"0"}])", R"([{"N":"0"},{"N":"4e38"}])"}) {
    EXPECT_EQ(
        Search("byMeaning", "", vector),
        Invalid(
            "Search vector contains invalid values. All values in the search vector must be a 32-bit floating-point "
            "number attribute"))
        << vector;
  }
  EXPECT_EQ(Search("byMeaning", "", R"([{"N":"0"}])"),
            Invalid("Input search vector dimension 1 does not match vector index dimension 2"));
  EXPECT_EQ(Search("byName", ""), Invalid("The table does not have the specified index: byName"));
  EXPECT_EQ(Search("byLabel", ""),
            Invalid("SearchConditionExpression must be provided when SearchSchema has a HASH key"));
  EXPECT_EQ(
      Search("byMeaning", R"(,"SearchConditionExpression":"x = :x","ExpressionAttributeValues":{":x":{"S":"x"}})"),
      Invalid("SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid "
              "attribute: x"));
  EXPECT_EQ(
      Call("SearchVectors", R"({"TableName":"None","IndexName":"byMeaning","SearchVector":[{"N":"0"}],"TopK":1})"),
      Failure("ResourceNotFoundException", "Requested resource not found"));
  // There is no other way to read one.
  EXPECT_EQ(Call("Scan", R"({"TableName":"Songs","IndexName":"byMeaning"})"),
            Invalid("The table does not have the specified index: byMeaning"));
  EXPECT_EQ(Call("ExecuteStatement", R"({"Statement":"SELECT * FROM \"Songs\".\"byMeaning\""})"),
            Invalid("The table does not have the specified index"));
}

TEST_P(VectorOperations, WritesAreHeldToTheIndexes) {
  EXPECT_THAT(Create(kScoped, kScopedDefinitions), HasSubstr("200 "));
  Settle();
  const std::string twice = "One or more parameter values are not valid. One or more parameter values were invalid . ";
  const std::string once = "One or more parameter values were invalid. ";
  EXPECT_EQ(Put("a", R"({"L":[{"N":"1"}]})"),
            Invalid(twice + "Invalid size for parameter v, Expected: 2, Actual: 1. IndexName: byLabel"));
  EXPECT_EQ(Put("a", R"({"L":[{"N":"1"},{"BOOL":true}]})"),
            Invalid(once + "Invalid type for parameter v[1], Expected: 32-bit floating point number, Actual: BOOL. "
                           "IndexName: byLabel"));
  EXPECT_EQ(Put("a", V("0", "3.5E38")),
            Invalid(twice + "Invalid value for parameter v[1], Value: 3.5E+38 is outside valid range [-3.4028235E38, "
                            "3.4028235E38]. IndexName: byLabel"));
  EXPECT_EQ(Put("a", V("0", "1"), R"(,"label":{"N":"1"})"),
            Invalid(once + "Attribute 'label' type mismatch. Expected: S, Actual: N. IndexName: byLabel"));
  EXPECT_EQ(Put("a", V("0", "1"), R"(,"stars":{"S":"five"})"),
            Invalid(once + "Attribute 'stars' type mismatch. Expected: N, Actual: S. IndexName: byLabel"));
  EXPECT_EQ(
      Put("a", V("0", "1"), R"(,"label":{"S":""})"),
      Invalid("One or more parameter values are not valid. A value specified for a secondary index key is not "
              "supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: "
              "byLabel, IndexKey: label"));
  EXPECT_EQ(Put("a", V("0", "1"), fmt::format(R"(,"label":{{"S":"{}"}})", std::string(2049, 'l'))),
            Invalid("One or more parameter values were invalid: Aggregate size for HASH key attributes exceeds the "
                    "maximum of 2048 bytes"));
  // An item may lack whatever it is searched by.
  EXPECT_EQ(Put("a", V("0", "1")), "200 {}");
  EXPECT_EQ(Call("PutItem", R"({"TableName":"Songs","Item":{"pk":{"S":"b"},"label":{"S":"l"}}})"), "200 {}");
  const auto update = [&](std::string_view expression, std::string_view value) {
    return Call("UpdateItem", fmt::format(R"({{"TableName":"Songs","Key":{{"pk":{{"S":"a"}}}},"UpdateExpression":"{}",
        "ExpressionAttributeValues":{{":n":{}}}}})",
                                          expression, value));
  };
  EXPECT_EQ(update("SET v = :n", R"({"L":[]})"),
            Invalid(twice + "Invalid size for parameter v, Expected: 2, Actual: 0. IndexName: byLabel"));
  EXPECT_EQ(update("SET v[1] = :n", R"({"S":"x"})"),
            Invalid(once + "Invalid type for parameter v[1], Expected: 32-bit floating point number, Actual: S. "
                           "IndexName: byLabel"));
  EXPECT_EQ(update("SET v[1] = :n", R"({"N":"2"})"), "200 {}");
  EXPECT_EQ(
      Call("TransactWriteItems",
           R"({"TransactItems":[{"Put":{"TableName":"Songs","Item":{"pk":{"S":"c"},"v":{"L":[{"N":"1"}]}}}}]})"),
      R"(400 {"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction )"
      R"(cancelled, please refer cancellation reasons for specific reasons [ValidationError]",)"
      R"("CancellationReasons":[{"Code":"ValidationError","Message":"One or more parameter values are not valid. )"
      R"(One or more parameter values were invalid . Invalid size for parameter v, Expected: 2, Actual: 1. )"
      R"(IndexName: byLabel"}]})");
}

TEST_P(VectorOperations, WritesSayWhatTheIndexesCost) {
  EXPECT_THAT(Create(fmt::format("{},{}", kIndex, kScoped), kScopedDefinitions), HasSubstr("200 "));
  Settle();
  const std::string blob(2000, 'x');
  const auto put = [&](std::string_view show) {
    return Put("a", V("1", "2"), fmt::format(R"(,"label":{{"S":"l"}},"blob":{{"S":"{}"}})", blob),
               fmt::format(R"(,"ReturnConsumedCapacity":"{}")", show));
  };
  // pk, v's name and floats, label, blob; the scoped index has no blob and the least there is to pay.
  EXPECT_EQ(put("INDEXES"),
            R"(200 {"ConsumedCapacity":{"TableName":"Songs","CapacityUnits":2.0,"Table":{"CapacityUnits":2.0},)"
            R"("VectorIndexes":{"byMeaning":{"VectorWriteRequestBytes":2022.0},)"
            R"("byLabel":{"VectorWriteRequestBytes":1024.0}}}})");
  EXPECT_EQ(put("INDEXES"),  // nothing changed
            R"(200 {"ConsumedCapacity":{"TableName":"Songs","CapacityUnits":2.0,"Table":{"CapacityUnits":2.0}}})");
  EXPECT_EQ(put("TOTAL"), R"(200 {"ConsumedCapacity":{"TableName":"Songs","CapacityUnits":2.0}})");
  Settle();
  EXPECT_THAT(Call("DescribeTable", R"({"TableName":"Songs"})"),
              HasSubstr(R"("IndexStatus":"ACTIVE","IndexSizeBytes":2022,"ItemCount":1)"));
}

TEST_P(VectorOperations, OneIsAddedAndRemoved) {
  EXPECT_THAT(Create(kIndex), HasSubstr("200 "));
  Settle();
  EXPECT_EQ(Put("a", V("3", "4"), R"(,"label":{"S":"l"})"), "200 {}");
  EXPECT_EQ(Put("b", V("1", "0"), R"(,"label":{"N":"1"})"), "200 {}");  // will have no entry
  const auto update = [&](std::string_view updates, std::string_view more = "") {
    return Call("UpdateTable", fmt::format(R"({{"TableName":"Songs"{},"VectorIndexUpdates":[{}]}})", more, updates));
  };
  const auto create = [](std::string_view index) { return fmt::format(R"({{"Create":{}}})", index); };
  EXPECT_EQ(
      update(create(kScoped)),
      Invalid("One or more parameter values were invalid: One element in SearchSchema is not defined in attribute "
              "definitions"));
  EXPECT_EQ(update("{}"), Invalid("One or more parameter values were invalid: One of VectorIndexUpdate.Create, "
                                  "VectorIndexUpdate.Delete must not be null"));
  EXPECT_EQ(update(create(kIndex)), Invalid("Attempting to create an index which already exists"));
  EXPECT_EQ(update(R"({"Delete":{"IndexName":"none"}})"),
            Failure("ResourceNotFoundException", "Requested resource not found: Index none for table Songs"));
  const std::string definitions =
      fmt::format(R"(,"AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}}{}])", kScopedDefinitions);
  EXPECT_EQ(update(create(kScoped) + R"(,{"Delete":{"IndexName":"byMeaning"}})", definitions),
            Failure("LimitExceededException",
                    "Subscriber limit exceeded: Only 1 online index can be created or deleted "
                    "simultaneously per table"));
  const std::string adding = update(create(kScoped), definitions);
  EXPECT_THAT(adding, HasSubstr("200 "));
  EXPECT_THAT(adding, HasSubstr(R"("IndexStatus":"CREATING","Backfilling":false)"));
  Settle();
  const std::string described = Call("DescribeTable", R"({"TableName":"Songs"})");
  EXPECT_THAT(described, HasSubstr(R"("AttributeDefinitions":[{"AttributeName":"label","AttributeType":"S"},)"
                                   R"({"AttributeName":"pk","AttributeType":"S"},)"
                                   R"({"AttributeName":"stars","AttributeType":"N"}])"));
  EXPECT_EQ(Search("byLabel",
                   R"(,"ProjectionExpression":"pk","SearchConditionExpression":"label = :l",)"
                   R"("ExpressionAttributeValues":{":l":{"S":"l"}})",
                   R"([{"N":"3"},{"N":"4"}])"),
            R"(200 {"SearchResults":[{"Item":{"pk":{"S":"a"}},"Score":0.0}]})");
  // A table that has one stays billed by request.
  EXPECT_EQ(Call("UpdateTable", R"({"TableName":"Songs","BillingMode":"PROVISIONED",
      "ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}})"),
            Invalid("One or more parameter values were invalid: Vector indexes are only supported for PAY_PER_REQUEST "
                    "tables"));
  const std::string removing = update(R"({"Delete":{"IndexName":"byLabel"}})");
  EXPECT_THAT(removing, HasSubstr(R"("IndexStatus":"DELETING")"));
  Settle();
  const std::string left = Call("DescribeTable", R"({"TableName":"Songs"})");
  EXPECT_THAT(left, Not(HasSubstr("byLabel")));
  EXPECT_THAT(left, Not(HasSubstr(R"("AttributeName":"stars")")));
  EXPECT_EQ(Search("byLabel", ""), Invalid("The table does not have the specified index: byLabel"));
}

TEST_P(VectorOperations, AnAttributeHasOneFormInAllOfThem) {
  EXPECT_THAT(Create(kIndex), HasSubstr("200 "));
  Settle();
  const auto add = [&](std::string_view index, std::string_view more = "") {
    return Call("UpdateTable",
                fmt::format(R"({{"TableName":"Songs"{},"VectorIndexUpdates":[{{"Create":{}}}]}})", more, index));
  };
  const auto index = [](std::string_view name, std::string_view attribute, int dimensions) {
    return fmt::format(R"({{"IndexName":"{}","VectorAttribute":{{"AttributeName":"{}"}},"Dimensions":{},
        "DistanceFunction":"COSINE","Projection":{{"ProjectionType":"KEYS_ONLY"}}}})",
                       name, attribute, dimensions);
  };
  EXPECT_EQ(add(index("other", "v", 16)),
            Invalid("One or more parameter values were invalid: Attributes cannot be redefined. Please check that your "
                    "attribute has the same type as previously defined. Existing schema: VectorIndexSchema:"
                    "[VectorAttribute: key{v:L:2}] New schema: VectorIndexSchema:[VectorAttribute: key{v:L:16}]"));
  EXPECT_EQ(add(index("other", "pk", 2)),
            Invalid("One or more parameter values were invalid: Attributes cannot be redefined. Please check that your "
                    "attribute has the same type as previously defined. Existing schema: Schema:[SchemaElement: "
                    "key{pk:S:HASH}] New schema: VectorIndexSchema:[VectorAttribute: key{pk:L:2}]"));
  EXPECT_EQ(
      add(index("other", "pk", 2), R"(,"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}])"),
      Invalid("One or more parameter values were invalid: Conflicting attribute definition for 'pk'. An attribute "
              "cannot be defined in AttributeDefinitions when used as a VectorAttribute."));
  for (int i = 2; i <= 5; ++i) {
    EXPECT_THAT(add(index(fmt::format("index{}", i), "v", 2)), HasSubstr("200 "));
    Settle();
  }
  EXPECT_EQ(add(index("index6", "v", 2)),
            Failure("LimitExceededException",
                    "Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit of 5"));
}

TEST_P(VectorOperations, ARestoredTableHasThem) {
  control::BackupKeeper keeper(*server_.world.catalog, *server_.engine);
  keeper.Start();
  const auto settle = [&] {
    for (int round = 0; round < 3; ++round) {  // each may leave something to the other
      Settle();
      keeper.WaitIdle();
    }
  };
  EXPECT_THAT(Create(fmt::format("{},{}", kIndex, kScoped), kScopedDefinitions), HasSubstr("200 "));
  settle();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Put(fmt::format("{}", i), V(fmt::format("{}", i), "1"), R"(,"label":{"S":"l"})"), "200 {}");
  }
  const std::string made = Call("CreateBackup", R"({"TableName":"Songs","BackupName":"nightly"})");
  const std::size_t at = made.find("arn:");
  const std::string arn = made.substr(at, made.find('"', at) - at);
  settle();
  EXPECT_THAT(Call("DescribeBackup", fmt::format(R"({{"BackupArn":"{}"}})", arn)),
              HasSubstr(R"("VectorIndexes":[{"IndexName":"byMeaning","Projection":{"ProjectionType":"ALL"},)"
                        R"("VectorAttribute":{"AttributeName":"v"},"Dimensions":2,"DistanceFunction":"EUCLIDEAN"},)"));
  const auto restore = [&](std::string_view target, std::string_view more) {
    return Call("RestoreTableFromBackup",
                fmt::format(R"({{"TargetTableName":"{}","BackupArn":"{}"{}}})", target, arn, more));
  };
  const auto found = [&](std::string_view table, std::string_view index, std::string_view more) {
    return Call("SearchVectors",
                fmt::format(R"({{"TableName":"{}","IndexName":"{}","TopK":2,"ProjectionExpression":"pk",
        "SearchVector":[{{"N":"7"}},{{"N":"1"}}]{}}})",
                            table, index, more));
  };
  EXPECT_THAT(restore("All", ""), HasSubstr("200 "));
  settle();
  EXPECT_EQ(found("All", "byMeaning", ""), found("Songs", "byMeaning", ""));
  EXPECT_THAT(found("All", "byMeaning", ""), HasSubstr(R"({"Item":{"pk":{"S":"7"}},"Score":0.0})"));
  constexpr std::string_view kLabel =
      R"(,"SearchConditionExpression":"label = :l","ExpressionAttributeValues":{":l":{"S":"l"}})";
  EXPECT_EQ(found("All", "byLabel", kLabel), found("Songs", "byLabel", kLabel));

  EXPECT_EQ(restore("One", fmt::format(R"(,"VectorIndexOverride":[{}])", kIndex)).substr(0, 4), "200 ");
  settle();
  EXPECT_EQ(found("One", "byMeaning", ""), found("Songs", "byMeaning", ""));
  const std::string described = Call("DescribeTable", R"({"TableName":"One"})");
  EXPECT_THAT(described, Not(HasSubstr("byLabel")));
  EXPECT_THAT(described, Not(HasSubstr(R"("AttributeName":"stars")")));
  std::string other(kIndex);
  other.replace(other.find("EUCLIDEAN"), 9, "COSINE");
  EXPECT_EQ(
      restore("Two", fmt::format(R"(,"VectorIndexOverride":[{}])", other)),
      Invalid("Invalid Request: Index byMeaning does not match a secondary index that existed in the source table and "
              "cannot be created during the restore operation"));
  EXPECT_EQ(restore("Two", R"(,"BillingModeOverride":"PROVISIONED","ProvisionedThroughputOverride":)"
                           R"({"ReadCapacityUnits":1,"WriteCapacityUnits":1})"),
            Invalid("One or more parameter values were invalid: Vector indexes are only supported for PAY_PER_REQUEST "
                    "tables"));
}

}  // namespace
}  // namespace insula::operations
