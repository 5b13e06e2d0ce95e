// The words and the order in which DynamoDB refuses an item for its keys.
#include "rules/item_rules.h"

#include <gtest/gtest.h>

namespace insula::rules {
namespace {

AttributeValue S(std::string text) { return AttributeValue::S(std::move(text)); }

TableSchema Schema() {
  TableSchema schema;
  schema.key.hash = {{"pk", AttributeType::kS}};
  schema.key.range = {{"sk", AttributeType::kB}};
  IndexSchema index;
  index.name = "gsi1";
  index.key.hash = {{"gsi1pk", AttributeType::kS}};
  index.key.range = {{"gsi1sk", AttributeType::kN}};
  schema.indexes = {index};
  return schema;
}

std::string Refusal(const AttributeMap& item) {
  Result<void> result = CheckPutKeys(item, Schema());
  return result.ok() ? "" : result.error().message();
}

TEST(ItemRules, PutKeys) {
  const AttributeValue sk = AttributeValue::B("b");
  EXPECT_EQ(Refusal({{"pk", S("a")}, {"sk", sk}}), "");
  EXPECT_EQ(Refusal({{"pk", S("a")}, {"sk", sk}, {"gsi1pk", S("x")}, {"gsi1sk", AttributeValue::N(1)}}), "");
  EXPECT_EQ(Refusal({{"sk", sk}}), "One or more parameter values were invalid: Missing the key pk in the item");
  EXPECT_EQ(Refusal({{"pk", S("a")}, {"sk", S("b")}}),
            "One or more parameter values were invalid: Type mismatch for key sk expected: B actual: S");
  EXPECT_EQ(
      Refusal({{"pk", S("")}, {"sk", sk}}),
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
      "string value. Key: pk");
  EXPECT_EQ(
      Refusal({{"pk", S("a")}, {"sk", AttributeValue::B("")}}),
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
      "binary value. Key: sk");
  EXPECT_EQ(
      Refusal({{"pk", S(std::string(2049, 'a'))}, {"sk", sk}}),
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
  EXPECT_EQ(
      Refusal({{"pk", S("a")}, {"sk", AttributeValue::B(std::string(1025, 'a'))}}),
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of "
      "1024 bytes");
  EXPECT_EQ(Refusal({{"pk", S("a")}, {"sk", sk}, {"gsi1pk", AttributeValue::N(1)}}),
            "One or more parameter values were invalid: Type mismatch for Index Key gsi1pk Expected: S Actual: N "
            "IndexName: gsi1");
  EXPECT_EQ(
      Refusal({{"pk", S("a")}, {"sk", sk}, {"gsi1pk", S("")}}),
      "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The "
      "AttributeValue for a key attribute cannot contain an empty string value. IndexName: gsi1, IndexKey: gsi1pk");
  // The table's keys come first.
  EXPECT_EQ(Refusal({{"pk", S("a")}, {"gsi1pk", AttributeValue::N(1)}}),
            "One or more parameter values were invalid: Missing the key sk in the item");
}

TEST(ItemRules, UpdatesAreJudgedByWhatTheyWrote) {
  const AttributeMap item{{"pk", S("a")}, {"gsi1pk", AttributeValue::N(1)}};
  const std::vector<std::string> other{"v"}, key{"gsi1pk"};
  EXPECT_TRUE(CheckUpdatedIndexKeys(item, other, Schema()).ok());
  EXPECT_EQ(CheckUpdatedIndexKeys(item, key, Schema()).error().message(),
            "The update expression attempted to update the secondary index key to unsupported type");
  EXPECT_EQ(
      CheckUpdatedIndexKeys({{"gsi1pk", S("")}}, key, Schema()).error().message(),
      "One or more parameter values are not valid. The update expression attempted to update a secondary index key to "
      "a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.");
}

TEST(ItemRules, Sizes) {
  const std::string most(kItemSizeMax - 1, 'x');
  EXPECT_TRUE(CheckPutSize({{"v", S(most)}}).ok());
  EXPECT_EQ(CheckPutSize({{"v", S(most + "x")}}).error().message(), "Item size has exceeded the maximum allowed size");
  EXPECT_TRUE(CheckUpdatedSize(kItemSizeMax).ok());
  EXPECT_EQ(CheckUpdatedSize(kItemSizeMax + 1).error().message(),
            "Item size to update has exceeded the maximum allowed size");
}

TEST(ItemRules, IndexesHoldWhatHasAllTheirKeys) {
  const IndexSchema index = Schema().indexes[0];
  const AttributeValue n = AttributeValue::N(1);
  EXPECT_TRUE(BelongsToIndex({{"gsi1pk", S("a")}, {"gsi1sk", n}}, index));
  EXPECT_FALSE(BelongsToIndex({{"gsi1pk", S("a")}}, index));
  EXPECT_FALSE(BelongsToIndex({{"gsi1pk", n}, {"gsi1sk", n}}, index));
  EXPECT_FALSE(BelongsToIndex({{"gsi1pk", S("")}, {"gsi1sk", n}}, index));
  EXPECT_FALSE(BelongsToIndex({{"gsi1pk", S(std::string(2049, 'x'))}, {"gsi1sk", n}}, index));
}

}  // namespace
}  // namespace insula::rules
