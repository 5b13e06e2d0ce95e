// What the tests of this room share.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "expression/expression.h"
#include "model/attribute_value.h"

namespace insula::expression::testing {

inline AttributeValue S(std::string s) { return AttributeValue::S(std::move(s)); }
inline AttributeValue B(std::string s) { return AttributeValue::B(std::move(s)); }
inline AttributeValue N(std::string_view n) {
  auto parsed = Number::Parse(n);
  EXPECT_TRUE(parsed.ok()) << n;
  return AttributeValue::N(*parsed);
}
inline AttributeValue Bool(bool b) { return AttributeValue::Bool(b); }
inline AttributeValue NullV() { return AttributeValue::NullValue(); }
inline AttributeValue L(AttributeList l) { return AttributeValue::L(std::move(l)); }
inline AttributeValue M(AttributeMap m) { return AttributeValue::M(std::move(m)); }
// Elements in ascending order.
inline AttributeValue SS(std::vector<std::string> e) {
  return AttributeValue(AttributeValue::Variant(StringSet{std::move(e)}));
}
inline AttributeValue NS(std::vector<std::string_view> e) {
  NumberSet set;
  for (const auto n : e) set.elements.push_back(*N(n).As<Number>());
  return AttributeValue(AttributeValue::Variant(std::move(set)));
}
inline AttributeValue BS(std::vector<std::string> e) {
  BinarySet set;
  for (auto& b : e) set.elements.push_back(Binary{std::move(b)});
  return AttributeValue(AttributeValue::Variant(std::move(set)));
}

// The message of an error, or "" where there is none.
template <class T>
std::string MessageOf(const Result<T>& result) {
  if (result.ok()) return "";
  EXPECT_EQ(result.error().code(), ErrorCode::kValidation);
  return result.error().message();
}

inline Result<Condition> ParseFilter(std::string_view text, const AttributeNames& names = {},
                                     const AttributeValues& values = {}) {
  Placeholders placeholders(names, values);
  return Condition::Parse(text, placeholders, "FilterExpression");
}
inline Result<Update> ParseUpdateText(std::string_view text, const AttributeNames& names = {},
                                      const AttributeValues& values = {}) {
  Placeholders placeholders(names, values);
  return Update::Parse(text, placeholders);
}
inline Result<ProjectionList> ParseProjection(std::string_view text, const AttributeNames& names = {}) {
  Placeholders placeholders(names, {});
  return ProjectionList::Parse(text, placeholders);
}
inline Result<KeyConditionExpression> ParseKeyCondition(std::string_view text, const AttributeValues& values = {},
                                                        const AttributeNames& names = {}) {
  Placeholders placeholders(names, values);
  return KeyConditionExpression::Parse(text, placeholders);
}

}  // namespace insula::expression::testing
