// AttributeMap is what every item is while it is being worked on: order and uniqueness of names are what the
// stored form, sizes and comparisons rely on.
#include "model/attribute_value.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

namespace insula {
namespace {

std::vector<std::string> NamesOf(const AttributeMap& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

TEST(AttributeMapTest, KeepsNamesInByteOrder) {
  AttributeMap map{{"b", AttributeValue::N(2)}, {"\xc3\xa9", AttributeValue::N(3)}, {"A", AttributeValue::N(1)}};
  map.Set("a", AttributeValue::NullValue());
  EXPECT_EQ(NamesOf(map), (std::vector<std::string>{"A", "a", "b", "\xc3\xa9"}));
  EXPECT_EQ(*map.Find("b"), AttributeValue::N(2));
  EXPECT_EQ(map.Find("c"), nullptr);
}

TEST(AttributeMapTest, SetReplacesAndEraseRemoves) {
  AttributeMap map{{"a", AttributeValue::N(1)}};
  map.Set("a", AttributeValue::S("x"));
  EXPECT_EQ(map.size(), 1u);
  EXPECT_EQ(*map.Find("a"), AttributeValue::S("x"));
  EXPECT_TRUE(map.Erase("a"));
  EXPECT_FALSE(map.Erase("a"));
  EXPECT_TRUE(map.empty());
}

TEST(AttributeMapTest, OfEqualNamesTheLastStays) {
  AttributeMap map{{"a", AttributeValue::N(1)}, {"b", AttributeValue::N(2)}, {"a", AttributeValue::N(3)}};
  EXPECT_EQ(map, (AttributeMap{{"a", AttributeValue::N(3)}, {"b", AttributeValue::N(2)}}));
}

TEST(AttributeMapTest, BehavesAsAMapDoes) {
  EXPECT_TRUE(
      rc::check("AttributeMap against std::map", [](const std::vector<std::tuple<std::uint8_t, int, bool>>& steps) {
        AttributeMap map;
        std::map<std::string, int> model;
        for (const auto& [key, number, erase] : steps) {
          const std::string name(1, static_cast<char>(key));
          if (erase) {
            RC_ASSERT(map.Erase(name) == (model.erase(name) == 1));
          } else {
            map.Set(name, AttributeValue::N(number));
            model[name] = number;
          }
        }
        RC_ASSERT(map.size() == model.size());
        auto it = model.begin();
        for (const auto& [name, value] : map) {
          RC_ASSERT(name == it->first);
          RC_ASSERT(value == AttributeValue::N(it->second));
          ++it;
        }
      }));
}

TEST(AttributeTypeTest, NamesAreThoseOnTheWire) {
  EXPECT_EQ(NameOf(AttributeType::kS), "S");
  EXPECT_EQ(NameOf(AttributeType::kBool), "BOOL");
  EXPECT_EQ(NameOf(AttributeType::kM), "M");
  EXPECT_EQ(AttributeValue::L({}).type(), AttributeType::kL);
  EXPECT_EQ(AttributeValue::Bool(false).type(), AttributeType::kBool);
}

TEST(CompareScalarsTest, StringsByBytesNumbersByValue) {
  EXPECT_TRUE(CompareScalars(AttributeValue::S("Z"), AttributeValue::S("a")) < 0);
  EXPECT_TRUE(CompareScalars(AttributeValue::S("\xf0"), AttributeValue::S("z")) > 0);  // bytes are unsigned
  EXPECT_TRUE(CompareScalars(AttributeValue::N(10), AttributeValue::N(9)) > 0);
  EXPECT_TRUE(CompareScalars(AttributeValue::B("\xff"), AttributeValue::B("\xff")) == 0);
}

}  // namespace
}  // namespace insula
