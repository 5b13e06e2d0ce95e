// RapidCheck generators for the nouns of model/, for property tests in every room.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "model/attribute_value.h"
#include "model/number.h"

namespace insula::testing {

// All lengths of coefficient and all exponents, small integers often.
inline rc::Gen<Number> AnyNumber() {
  auto wide =
      rc::gen::map(rc::gen::tuple(rc::gen::container<std::string>(rc::gen::inRange('0', static_cast<char>('9' + 1))),
                                  rc::gen::inRange(-130, 126), rc::gen::arbitrary<bool>()),
                   [](const std::tuple<std::string, int, bool>& parts) {
                     const std::string digits = std::get<0>(parts).substr(0, 38);
                     const std::string text = (std::get<2>(parts) ? "-" : "") + (digits.empty() ? "0" : digits) + "e" +
                                              std::to_string(std::get<1>(parts));
                     Result<Number> number = Number::Parse(text);
                     return number.ok() ? *number : Number();
                   });
  auto integer = rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t value) { return Number(value); });
  return rc::gen::oneOf(wide, integer);
}

inline rc::Gen<AttributeValue> AnyScalar() {
  auto text =
      rc::gen::map(rc::gen::arbitrary<std::string>(), [](std::string s) { return AttributeValue::S(std::move(s)); });
  auto bytes =
      rc::gen::map(rc::gen::arbitrary<std::string>(), [](std::string s) { return AttributeValue::B(std::move(s)); });
  auto number = rc::gen::map(AnyNumber(), [](Number n) { return AttributeValue::N(n); });
  return rc::gen::oneOf(text, bytes, number);
}

inline rc::Gen<AttributeMap> AnyMap(int depth);

inline rc::Gen<AttributeValue> AnyValue(int depth) {
  auto small = rc::gen::map(rc::gen::arbitrary<int>(), [](int n) {
    return n % 2 == 0 ? AttributeValue::NullValue() : AttributeValue::Bool(n > 0);
  });
  auto string_set = rc::gen::map(rc::gen::nonEmpty<std::set<std::string>>(), [](const std::set<std::string>& s) {
    return AttributeValue(AttributeValue::Variant(StringSet{{s.begin(), s.end()}}));
  });
  auto binary_set = rc::gen::map(rc::gen::nonEmpty<std::set<std::string>>(), [](const std::set<std::string>& s) {
    BinarySet set;
    for (const std::string& bytes : s) set.elements.push_back({bytes});
    return AttributeValue(AttributeValue::Variant(std::move(set)));
  });
  auto number_set =
      rc::gen::map(rc::gen::nonEmpty<std::vector<Number>>(rc::gen::container<std::vector<Number>>(AnyNumber())),
                   [](std::vector<Number> numbers) {
                     std::sort(numbers.begin(), numbers.end());
                     numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
                     return AttributeValue(AttributeValue::Variant(NumberSet{std::move(numbers)}));
                   });
  if (depth == 0) return rc::gen::oneOf(AnyScalar(), small, string_set, number_set, binary_set);
  auto list = rc::gen::map(
      rc::gen::scale(0.3, rc::gen::container<AttributeList>(rc::gen::lazy([depth] { return AnyValue(depth - 1); }))),
      [](AttributeList l) { return AttributeValue::L(std::move(l)); });
  auto map = rc::gen::map(rc::gen::lazy([depth] { return AnyMap(depth - 1); }),
                          [](AttributeMap m) { return AttributeValue::M(std::move(m)); });
  return rc::gen::oneOf(AnyScalar(), small, string_set, number_set, binary_set, list, map);
}

inline rc::Gen<AttributeMap> AnyMap(int depth) {
  return rc::gen::map(
      rc::gen::scale(0.3, rc::gen::container<std::vector<AttributeMap::Entry>>(rc::gen::pair(
                              rc::gen::arbitrary<std::string>(), rc::gen::lazy([depth] { return AnyValue(depth); })))),
      [](std::vector<AttributeMap::Entry> entries) { return AttributeMap::FromUnsorted(std::move(entries)); });
}

}  // namespace insula::testing

namespace rc {
template <>
struct Arbitrary<insula::Number> {
  static Gen<insula::Number> arbitrary() { return insula::testing::AnyNumber(); }
};
template <>
struct Arbitrary<insula::AttributeValue> {
  static Gen<insula::AttributeValue> arbitrary() { return insula::testing::AnyValue(2); }
};
template <>
struct Arbitrary<insula::AttributeMap> {
  static Gen<insula::AttributeMap> arbitrary() { return insula::testing::AnyMap(2); }
};
}  // namespace rc
