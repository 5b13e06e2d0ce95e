// What counts as a time at which an item expires, and what doesn't.
#include "model/expiry_time.h"

#include <gtest/gtest.h>

#include "model/encoded_item.h"

namespace insula {
namespace {

std::optional<std::int64_t> Of(std::string_view number) { return ExpirySecond(*Number::Parse(number)); }

TEST(ExpiryTime, IsTheFirstSecondThatIsNotBeforeTheValue) {
  EXPECT_EQ(Of("1700000000"), 1'700'000'000);
  EXPECT_EQ(Of("1700000000.25"), 1'700'000'001);
  EXPECT_EQ(Of("1700000000.9999"), 1'700'000'001);
  EXPECT_EQ(Of("1.7E9"), 1'700'000'000);
  EXPECT_EQ(Of("0"), 0);
  EXPECT_EQ(Of("0.5"), 1);
  EXPECT_EQ(Of("1E-130"), 1);
}

TEST(ExpiryTime, OfWhatIsNoTimeIsNone) {
  EXPECT_EQ(Of("-1"), std::nullopt);
  EXPECT_EQ(Of("-0.5"), std::nullopt);
  EXPECT_EQ(Of("9223372036854775807"), 9'223'372'036'854'775'807);
  EXPECT_EQ(Of("9223372036854775808"), std::nullopt);
  EXPECT_EQ(Of("9223372036854775807.5"), std::nullopt);
  EXPECT_EQ(Of("9223372036854775808.5"), std::nullopt);
  EXPECT_EQ(Of("9.99E+125"), std::nullopt);
}

TEST(ExpiryTime, OfAnItemIsThatOfItsTopLevelNumber) {
  AttributeMap nested;
  nested.Set("ttl", AttributeValue::N(5));
  AttributeMap item;
  item.Set("a", AttributeValue::S("x"));
  item.Set("ttl", AttributeValue::N(1'700'000'000));
  item.Set("text", AttributeValue::S("1700000000"));
  item.Set("nested", AttributeValue::M(nested));
  item.Set("z", AttributeValue::N(7));
  const EncodedItem encoded = EncodedItem::From(item);
  EXPECT_EQ(ExpirySecond(encoded.bytes(), "ttl"), 1'700'000'000);
  EXPECT_EQ(ExpirySecond(encoded.bytes(), "z"), 7);
  EXPECT_EQ(ExpirySecond(encoded.bytes(), "text"), std::nullopt);
  EXPECT_EQ(ExpirySecond(encoded.bytes(), "nested"), std::nullopt);
  EXPECT_EQ(ExpirySecond(encoded.bytes(), "nested.ttl"), std::nullopt);
  EXPECT_EQ(ExpirySecond(encoded.bytes(), "none"), std::nullopt);
}

TEST(ExpiryTime, SecondsAreWholeOnesGoneBy) {
  EXPECT_EQ(EpochSecond(WallTime{std::chrono::milliseconds{1'999}}), 1);
  EXPECT_EQ(EpochSecond(WallTime{std::chrono::milliseconds{2'000}}), 2);
  EXPECT_EQ(EpochSecond(WallTime{std::chrono::milliseconds{-1}}), -1);
}

}  // namespace
}  // namespace insula
