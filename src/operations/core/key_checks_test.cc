// The wording of every refusal of a key is DynamoDB's contract; so is which of two wrong things is told first.
#include "operations/core/key_checks.h"

#include <gtest/gtest.h>

#include "operations/testing/schemas.h"
#include "rules/item_rules.h"

namespace insula::operations {
namespace {

const AttributeValue kText = AttributeValue::S("a");
const TableSchema kHashOnly = SchemaOf(AttributeType::kS);
const TableSchema kBoth = SchemaOf(AttributeType::kS, {AttributeType::kB});

std::string MessageOf(const Result<PrimaryKey>& key) { return key.ok() ? "ok" : key.error().message(); }
std::string MessageOf(const Result<void>& result) { return result.ok() ? "ok" : result.error().message(); }

TEST(KeyFrom, TakesExactlyTheKey) {
  Result<PrimaryKey> key = KeyFrom({{"pk", kText}, {"sk", AttributeValue::B("b")}}, kBoth.key);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->hash, kText);
  EXPECT_EQ(key->range, AttributeValue::B("b"));
}

TEST(KeyFrom, AnythingElseDoesNotMatchTheSchema) {
  const std::string mismatch = "The provided key element does not match the schema";
  EXPECT_EQ(MessageOf(KeyFrom({}, kHashOnly.key)), mismatch);
  EXPECT_EQ(MessageOf(KeyFrom({{"other", kText}}, kHashOnly.key)), mismatch);
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", AttributeValue::N(1)}}, kHashOnly.key)), mismatch);
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", AttributeValue::L({kText})}}, kHashOnly.key)), mismatch);
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", kText}, {"more", kText}}, kHashOnly.key)), mismatch);
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", kText}}, kBoth.key)), mismatch);
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", kText}, {"sk", kText}}, kBoth.key)), mismatch);
}

TEST(KeyFrom, RefusesEmptyAndLargeValues) {
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", AttributeValue::S("")}}, kHashOnly.key)),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty string value. Key: pk");
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", kText}, {"sk", AttributeValue::B("")}}, kBoth.key)),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty binary value. Key: sk");
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", AttributeValue::S(std::string(2048, 'a'))}}, kHashOnly.key)), "ok");
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", AttributeValue::S(std::string(2049, 'a'))}}, kHashOnly.key)),
            "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 "
            "bytes");
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", kText}, {"sk", AttributeValue::B(std::string(1024, 'a'))}}, kBoth.key)), "ok");
  EXPECT_EQ(MessageOf(KeyFrom({{"pk", kText}, {"sk", AttributeValue::B(std::string(1025, 'a'))}}, kBoth.key)),
            "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit "
            "of 1024 bytes");
}

TEST(KeyOfPut, NamesWhatIsMissingOrOfTheWrongType) {
  EXPECT_EQ(MessageOf(KeyOfPut({{"other", kText}}, kHashOnly)),
            "One or more parameter values were invalid: Missing the key pk in the item");
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", kText}}, kBoth)),
            "One or more parameter values were invalid: Missing the key sk in the item");
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", AttributeValue::N(5)}}, kHashOnly)),
            "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N");
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", AttributeValue::NullValue()}}, kHashOnly)),
            "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: NULL");
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", AttributeValue::S("")}}, kHashOnly)),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
            "empty string value. Key: pk");
}

TEST(KeyOfPut, IndexKeysMayBeAbsentButNotWrong) {
  TableSchema schema = kHashOnly;
  schema.indexes = {LocalIndex(1, "local", "l"), GlobalIndex(2, "global", "g")};
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", kText}}, schema)), "ok");
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", kText}, {"g", kText}, {"l", kText}}, schema)), "ok");
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", kText}, {"l", AttributeValue::N(1)}}, schema)),
            "One or more parameter values were invalid: Type mismatch for Index Key l Expected: S Actual: N "
            "IndexName: local");
  // Global indexes are looked at first.
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", kText}, {"l", AttributeValue::N(1)}, {"g", AttributeValue::N(1)}}, schema)),
            "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N "
            "IndexName: global");
  EXPECT_EQ(MessageOf(KeyOfPut({{"pk", kText}, {"g", AttributeValue::S("")}}, schema)),
            "One or more parameter values are not valid. A value specified for a secondary index key is not "
            "supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: "
            "global, IndexKey: g");
}

TEST(CheckNoEmptyKey, SeesOnlyEmptiness) {
  TableSchema schema = kHashOnly;
  schema.indexes = {GlobalIndex(1, "global", "g")};
  EXPECT_EQ(MessageOf(rules::CheckNoEmptyKey({}, schema, true)), "ok");
  EXPECT_EQ(MessageOf(rules::CheckNoEmptyKey({{"pk", AttributeValue::N(1)}}, schema, true)), "ok");
  EXPECT_NE(MessageOf(rules::CheckNoEmptyKey({{"pk", AttributeValue::S("")}}, schema, false)), "ok");
  EXPECT_EQ(MessageOf(rules::CheckNoEmptyKey({{"g", AttributeValue::S("")}}, schema, false)), "ok");
  EXPECT_NE(MessageOf(rules::CheckNoEmptyKey({{"g", AttributeValue::S("")}}, schema, true)), "ok");
}

TEST(CheckUpdatesNoKey, NamesTheKeyAttribute) {
  std::vector<std::string> names = {"a", "sk"};
  EXPECT_EQ(MessageOf(CheckUpdatesNoKey(names, kHashOnly.key)), "ok");
  EXPECT_EQ(MessageOf(CheckUpdatesNoKey(names, kBoth.key)),
            "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the "
            "key");
}

TEST(CheckNoNestedKey, TellsKeysFromIndexKeys) {
  TableSchema schema = kHashOnly;
  schema.indexes = {GlobalIndex(1, "global", "g")};
  std::vector<std::string> other = {"a"}, key = {"a", "pk"}, index_key = {"g"};
  EXPECT_EQ(MessageOf(CheckNoNestedKey(other, schema)), "ok");
  EXPECT_EQ(MessageOf(CheckNoNestedKey(key, schema)),
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk");
  EXPECT_EQ(MessageOf(CheckNoNestedKey(index_key, schema)),
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: g");
}

}  // namespace
}  // namespace insula::operations
