// Encoded keys are what storage orders by and what Scan segments cut, so their bytes are fixed for good.
#include "model/primary_key.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "model/testing/generators.h"

namespace insula {
namespace {

KeySchema SchemaOf(const PrimaryKey& key) {
  KeySchema schema;
  schema.hash = {{"pk", key.hash.type()}};
  if (key.range) schema.range = {{"sk", key.range->type()}};
  return schema;
}

TEST(PrimaryKeyTest, BytesOfAKeyNeverChange) {
  const std::string bytes = EncodeKey({AttributeValue::S("user#1"), AttributeValue::N(7)});
  EXPECT_EQ(bytes.substr(8), std::string("\x00\x06user#1\xc1\x0e", 10));
  std::string hash;
  for (unsigned char c : bytes.substr(0, 8)) hash += "0123456789abcdef"[c >> 4], hash += "0123456789abcdef"[c & 15];
  EXPECT_EQ(hash, "c6720c04a524bdc7");
}

TEST(PrimaryKeyTest, KeyOfAnItemAndBack) {
  const KeySchema schema{{{"pk", AttributeType::kS}}, {{"sk", AttributeType::kN}}};
  const AttributeMap item{{"a", AttributeValue::N(1)}, {"pk", AttributeValue::S("p")}, {"sk", AttributeValue::N(2)}};
  const PrimaryKey key = KeyOf(item, schema);
  EXPECT_EQ(key.hash, AttributeValue::S("p"));
  EXPECT_EQ(key.range, AttributeValue::N(2));
  AttributeMap rebuilt{{"a", AttributeValue::N(1)}};
  AddKeyTo(&rebuilt, key, schema);
  EXPECT_EQ(rebuilt, item);
}

TEST(PrimaryKeyTest, MalformedBytesAreCorruption) {
  const KeySchema schema{{{"pk", AttributeType::kS}}, {}};
  const std::string good = EncodeKey({AttributeValue::S("p"), std::nullopt});
  ASSERT_TRUE(DecodeKey(good, schema).ok());
  std::string flipped = good;
  flipped[10] = 'q';
  std::string longer = good;
  longer[9] = 5;
  for (const std::string& bytes : {std::string(), good.substr(0, 9), good + "x", flipped, longer}) {
    Result<PrimaryKey> key = DecodeKey(bytes, schema);
    ASSERT_FALSE(key.ok());
    EXPECT_EQ(key.error().code(), ErrorCode::kCorruption);
  }
  const KeySchema number{{{"pk", AttributeType::kN}}, {}};
  EXPECT_FALSE(DecodeKey(good, number).ok());
}

TEST(PrimaryKeyProperty, RoundTrips) {
  EXPECT_TRUE(rc::check("DecodeKey(EncodeKey(k)) == k", [] {
    PrimaryKey key{*testing::AnyScalar(), std::nullopt};
    if (*rc::gen::arbitrary<bool>()) key.range = *testing::AnyScalar();
    Result<PrimaryKey> again = DecodeKey(EncodeKey(key), SchemaOf(key));
    RC_ASSERT(again.ok());
    RC_ASSERT(*again == key);
  }));
}

TEST(PrimaryKeyProperty, WithinAHashKeyTheRangeOrders) {
  EXPECT_TRUE(rc::check("byte order is range order", [] {
    const AttributeValue hash = *testing::AnyScalar();
    const AttributeValue a = *testing::AnyScalar();
    const AttributeValue b =
        *rc::gen::suchThat(testing::AnyScalar(), [&](const AttributeValue& v) { return v.type() == a.type(); });
    RC_ASSERT((EncodeKey({hash, a}) <=> EncodeKey({hash, b})) == CompareScalars(a, b));
    std::string prefix;
    AppendHashPrefix(hash, &prefix);
    RC_ASSERT(EncodeKey({hash, a}).starts_with(prefix));
  }));
}

}  // namespace
}  // namespace insula
