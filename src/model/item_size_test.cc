// Sizes decide what fits into an item and what is billed, so they follow AWS's published rules to the byte.
#include "model/item_size.h"

#include <gtest/gtest.h>

namespace insula {
namespace {

TEST(ItemSizeTest, EachType) {
  EXPECT_EQ(SizeOf(AttributeValue::S("\xc3\xa9t\xc3\xa9")), 5u);  // UTF-8 bytes, not characters
  EXPECT_EQ(SizeOf(AttributeValue::S("")), 0u);
  EXPECT_EQ(SizeOf(AttributeValue::B(std::string(7, '\0'))), 7u);
  EXPECT_EQ(SizeOf(AttributeValue::N(-123)), 4u);
  EXPECT_EQ(SizeOf(AttributeValue::Bool(false)), 1u);
  EXPECT_EQ(SizeOf(AttributeValue::NullValue()), 1u);
  EXPECT_EQ(SizeOf(AttributeValue(AttributeValue::Variant(StringSet{{"a", "bc"}}))), 3u);
  EXPECT_EQ(SizeOf(AttributeValue(AttributeValue::Variant(NumberSet{{Number(1), Number(123)}}))), 5u);
  EXPECT_EQ(SizeOf(AttributeValue(AttributeValue::Variant(BinarySet{{{"abc"}}}))), 3u);
}

TEST(ItemSizeTest, ContainersCostThreeAndOnePerElement) {
  EXPECT_EQ(SizeOf(AttributeValue::L({})), 3u);
  EXPECT_EQ(SizeOf(AttributeValue::L({AttributeValue::S("ab"), AttributeValue::NullValue()})), 3u + 1 + 2 + 1 + 1);
  EXPECT_EQ(SizeOf(AttributeValue::M({})), 3u);
  EXPECT_EQ(SizeOf(AttributeValue::M({{"key", AttributeValue::S("ab")}})), 3u + 1 + 3 + 2);
}

TEST(ItemSizeTest, AnItemIsItsNamesAndValues) {
  EXPECT_EQ(SizeOf(AttributeMap{}), 0u);
  EXPECT_EQ(SizeOf(AttributeMap{{"pk", AttributeValue::S("abc")}, {"n", AttributeValue::N(5)}}), 2u + 3 + 1 + 2);
}

TEST(CapacityTest, ReadsGoInStepsOf4Kilobytes) {
  EXPECT_EQ(ReadCost(0, false).value(), 1);
  EXPECT_EQ(ReadCost(4096, false).value(), 1);
  EXPECT_EQ(ReadCost(4097, false).value(), 2);
  EXPECT_EQ(ReadCost(4097, true).value(), 4);
  EXPECT_EQ(ReadCost(400 * 1024, true).units(), 100.0);
}

TEST(CapacityTest, WritesGoInStepsOf1Kilobyte) {
  EXPECT_EQ(WriteCost(0).units(), 1.0);
  EXPECT_EQ(WriteCost(1024).units(), 1.0);
  EXPECT_EQ(WriteCost(1025).units(), 2.0);
}

}  // namespace
}  // namespace insula
