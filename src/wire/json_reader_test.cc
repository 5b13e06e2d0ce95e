// What comes from the network is read here first: whatever it is, the answer is a value or one error.
#include "wire/json_reader.h"

#include <gtest/gtest.h>

#include <limits>

namespace insula::wire {
namespace {

TEST(JsonReaderTest, EveryTypeOfValue) {
  Result<JsonDocument> document = JsonDocument::Parse(
      R"({"s":"a\u00e9\n","i":-5,"u":18446744073709551615,"d":1.75,"b":true,"n":null,"a":[1,2,3],"o":{}})");
  ASSERT_TRUE(document.ok());
  const JsonValue root = document->root();
  EXPECT_EQ(root.type(), JsonType::kObject);
  EXPECT_EQ(root.size(), 8u);
  EXPECT_EQ(root.Member("s").string(), "a\xc3\xa9\n");
  EXPECT_EQ(root.Member("i").integer(), -5);
  EXPECT_EQ(root.Member("u").integer(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(root.Member("d").decimal(), 1.75);
  EXPECT_EQ(root.Member("d").integer(), 1);
  EXPECT_TRUE(root.Member("b").boolean());
  EXPECT_TRUE(root.Member("n").is_null());
  EXPECT_TRUE(root.Member("missing").is_null());
  EXPECT_TRUE(root.Member("o").empty());
  std::int64_t sum = 0;
  for (JsonValue element : root.Member("a").elements()) sum += element.integer();
  EXPECT_EQ(sum, 6);
  std::string names;
  for (auto [name, value] : root.members()) names += name;
  EXPECT_EQ(names, "siudbnao");
}

TEST(JsonReaderTest, OfEqualNamesTheLastCounts) {
  Result<JsonDocument> document = JsonDocument::Parse(R"({"a":1,"b":2,"a":3})");
  EXPECT_EQ(document->root().Member("a").integer(), 3);
}

TEST(JsonReaderTest, LargeObjectsAreLookedIntoAsSmallOnesAre) {
  std::string text = R"({"twice":"first")";
  for (int i = 0; i < 200'000; ++i) text += ",\"n" + std::to_string(i) + "\":" + std::to_string(i);
  text += R"(,"twice":"last","nested":{"a":1}})";
  Result<JsonDocument> document = JsonDocument::Parse(text);
  ASSERT_TRUE(document.ok());
  const JsonValue root = document->root();
  // Each of them is a walk over all members where nothing remembers their places: minutes.
  for (int i = 0; i < 200'000; ++i) ASSERT_EQ(root.Member("n" + std::to_string(i)).integer(), i);
  EXPECT_EQ(root.Member("twice").string(), "last");
  EXPECT_EQ(root.Member("nested").Member("a").integer(), 1);
  EXPECT_TRUE(root.Member("n").is_null());
  EXPECT_TRUE(root.Member("").is_null());
  EXPECT_TRUE(root.Member("zzz").is_null());
}

TEST(JsonReaderTest, WhatIsNotJsonIsASerializationExceptionWithoutWords) {
  std::string nul = "{\"a\":\"x\"}";
  nul[6] = '\0';
  for (const std::string& text :
       {std::string(), std::string(" "), std::string("hi"), std::string("{"), std::string("{\"a\":1}}"),
        std::string("{'a':1}"), std::string("{\"a\":01}"), std::string("[1,]"), std::string("{\"a\":\"\xff\"}"),
        std::string("\"\xed\xa0\x80\""), std::string("{\"a\":\"\\ud800x\"}"), std::string("\"\t\""), std::string("NaN"),
        nul, std::string("{\"a\":123456789012345678901234567890}x")}) {
    Result<JsonDocument> document = JsonDocument::Parse(text);
    ASSERT_FALSE(document.ok()) << text;
    EXPECT_EQ(document.error().code(), ErrorCode::kSerialization);
    EXPECT_EQ(document.error().message(), "");
  }
}

TEST(JsonReaderTest, DepthIsBounded) {
  auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(JsonDocument::Parse(nested(900)).ok());
  EXPECT_FALSE(JsonDocument::Parse(nested(2000)).ok());
  EXPECT_FALSE(JsonDocument::Parse(std::string(1000000, '[')).ok());
}

TEST(JsonReaderTest, SizeIsBounded) {
  EXPECT_TRUE(JsonDocument::Parse('"' + std::string(kJsonSizeMax - 2, 'a') + '"').ok());
  EXPECT_FALSE(JsonDocument::Parse('"' + std::string(kJsonSizeMax - 1, 'a') + '"').ok());
}

TEST(JsonReaderTest, DocumentsDontDisturbOneAnother) {
  Result<JsonDocument> first = JsonDocument::Parse(R"({"a":"first"})");
  Result<JsonDocument> second = JsonDocument::Parse(R"({"a":"second"})");
  EXPECT_EQ(first->root().Member("a").string(), "first");
  EXPECT_EQ(second->root().Member("a").string(), "second");
  JsonDocument moved = std::move(*first);
  {
    Result<JsonDocument> third = JsonDocument::Parse(R"({"a":"third"})");
  }
  EXPECT_EQ(moved.root().Member("a").string(), "first");
}

}  // namespace
}  // namespace insula::wire
