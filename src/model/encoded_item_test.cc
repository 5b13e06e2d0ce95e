// The stored form of items: what goes in comes out, bytes from elsewhere are checked before they are trusted.
#include "model/encoded_item.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "model/item_size.h"
#include "model/testing/generators.h"

namespace insula {
namespace {

AttributeMap SampleItem() {
  return {{"pk", AttributeValue::S("user#1")},
          {"age", AttributeValue::N(42)},
          {"photo", AttributeValue::B(std::string("\0\xff", 2))},
          {"tags", AttributeValue(AttributeValue::Variant(StringSet{{"a", "b"}}))},
          {"doc", AttributeValue::M(
                      {{"list", AttributeValue::L({AttributeValue::NullValue(), AttributeValue::Bool(true)})}})}};
}

TEST(EncodedItemTest, BytesFollowTheGrammar) {
  const EncodedItem item = EncodedItem::From({{"n", AttributeValue::N(1)}, {"a", AttributeValue::S("xy")}});
  EXPECT_EQ(item.bytes(), std::string("\x01\x06\x02"
                                      "\x01"
                                      "a\x00\x02xy"
                                      "\x01"
                                      "n\x01\xc1\x02",
                                      14));
}

TEST(EncodedItemTest, SizeNeedsNoDecoding) {
  EXPECT_EQ(EncodedItem::From(SampleItem()).size(), SizeOf(SampleItem()));
  EXPECT_EQ(EncodedItem().size(), 0u);
  EXPECT_TRUE(EncodedItem().Decode().empty());
}

TEST(EncodedItemTest, PartsAreFoundWithoutTheWhole) {
  const EncodedItem item = EncodedItem::From(SampleItem());
  EXPECT_EQ(item.Find("age"), AttributeValue::N(42));
  EXPECT_EQ(item.Find("zzz"), std::nullopt);
  EXPECT_EQ(item.Find("aaa"), std::nullopt);
  const std::vector<std::string> names = {"tags", "none", "age"};
  EXPECT_EQ(item.Decode(names), (AttributeMap{{"age", AttributeValue::N(42)}, {"tags", *SampleItem().Find("tags")}}));
}

TEST(EncodedItemTest, EveryTruncationIsCorruption) {
  const std::string bytes = EncodedItem::From(SampleItem()).bytes();
  ASSERT_TRUE(CheckEncodedItem(bytes).ok());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    Result<void> check = CheckEncodedItem(std::string_view(bytes).substr(0, length));
    ASSERT_FALSE(check.ok()) << length;
    EXPECT_EQ(check.error().code(), ErrorCode::kCorruption);
  }
  EXPECT_FALSE(CheckEncodedItem(bytes + '\0').ok());
}

TEST(EncodedItemTest, WhatReadersNeedntKnowIsCheckedToo) {
  auto message = [](std::string_view bytes) {
    Result<void> check = CheckEncodedItem(bytes);
    return check.ok() ? std::string("ok") : check.error().message();
  };
  using namespace std::string_view_literals;
  EXPECT_EQ(message("\x01\x00\x00"sv), "ok");
  EXPECT_EQ(message("\x02\x00\x00"sv), "Malformed item: unknown version");
  EXPECT_EQ(message("\x01\x05\x00"sv), "Malformed item: the size is wrong");
  EXPECT_EQ(message("\x01\x80\x00\x00"sv), "Malformed item: an overlong length");
  EXPECT_EQ(message("\x01\x04\x02\x01"
                    "b\x04\x01"
                    "a\x04"sv),
            "Malformed item: names out of order");
  EXPECT_EQ(message("\x01\x02\x01\x01"
                    "b\x0b"sv),
            "Malformed item: an unknown type");
  EXPECT_EQ(message("\x01\x02\x01\x01"
                    "b\x03\x02"sv),
            "Malformed item: a malformed boolean");
  EXPECT_EQ(message("\x01\x01\x01\x01"
                    "b\x05\x00"sv),
            "Malformed item: an empty set");
  EXPECT_EQ(message("\x01\x02\x01\x01"
                    "b\x01\xc1\x01"sv),
            "Malformed item: a malformed number");
}

TEST(EncodedItemTest, DepthIsBounded) {
  std::string bytes = std::string(
      "\x01\x02\x01\x01"
      "b",
      5);
  for (int i = 0; i < 100000; ++i) bytes += std::string("\x08\x01", 2);
  EXPECT_EQ(CheckEncodedItem(bytes).error().message(), "Malformed item: nested too deep");
}

TEST(EncodedItemTest, SelectsWithoutDecoding) {
  const EncodedItem item = EncodedItem::From(SampleItem());
  const std::vector<std::string> names = {"aaa", "age", "doc", "nothing", "tags", "zzz"};
  AttributeMap expected;
  for (const char* name : {"age", "doc", "tags"}) expected.Set(name, *SampleItem().Find(name));
  EXPECT_EQ(item.Select(names).bytes(), EncodedItem::From(expected).bytes());
  EXPECT_EQ(item.Select({}).bytes(), EncodedItem::From({}).bytes());
  EXPECT_EQ(EncodedItem().Select(names).Decode(), AttributeMap());
  EXPECT_TRUE(item.FindEncoded("nothing").empty());
  EXPECT_TRUE(item.FindEncoded("zzz").empty());
  std::string_view value = item.FindEncoded("age");
  EXPECT_EQ(ConsumeEncodedValue(&value), AttributeValue::N(42));
}

TEST(EncodedItemProperty, SelectIsTheItemOfTheChosenAttributes) {
  EXPECT_TRUE(rc::check("Select", [](const AttributeMap& item, std::uint32_t chosen) {
    AttributeMap expected;
    std::vector<std::string> names;
    for (const auto& [name, value] : item) {
      if ((chosen >> (names.size() + expected.size()) % 32 & 1) == 0) continue;
      names.push_back(name);
      expected.Set(name, value);
    }
    RC_ASSERT(EncodedItem::From(item).Select(names).bytes() == EncodedItem::From(expected).bytes());
  }));
}

TEST(EncodedItemProperty, RoundTrips) {
  EXPECT_TRUE(rc::check("Decode(From(item)) == item", [](const AttributeMap& item) {
    const EncodedItem encoded = EncodedItem::From(item);
    RC_ASSERT(CheckEncodedItem(encoded.bytes()).ok());
    RC_ASSERT(encoded.Decode() == item);
    RC_ASSERT(encoded.size() == SizeOf(item));
    for (const auto& [name, value] : item) RC_ASSERT(encoded.Find(name) == value);
    ItemCursor cursor(encoded.bytes());
    RC_ASSERT(cursor.remaining() == item.size());
    for (const auto& [name, value] : item) {
      RC_ASSERT(cursor.NextName() == name);
      cursor.SkipValue();
    }
    RC_ASSERT(cursor.rest().empty());
  }));
}

}  // namespace
}  // namespace insula
