// Which items satisfy which conditions.
#include <gtest/gtest.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

const AttributeMap& TestedItem() {
  static const AttributeMap item = {
      {"s", S("hello")},
      {"n", N("10")},
      {"b", B("\x01\x02\x03")},
      {"t", Bool(true)},
      {"z", NullV()},
      {"ss", SS({"a", "bc"})},
      {"ns", NS({"1", "2.5"})},
      {"bs", BS({"x", "yz"})},
      {"l", L({S("one"), N("2"), L({S("deep")}), M({{"k", S("v")}})})},
      {"m", M({{"x", N("1")}, {"y", M({{"z", S("nested")}})}})},
      {"e", S("")},
  };
  return item;
}

const AttributeValues& TestedValues() {
  static const AttributeValues values = {
      {":hello", S("hello")},
      {":hell", S("hell")},
      {":z", S("z")},
      {":empty", S("")},
      {":n9", N("9")},
      {":n10", N("10.0")},
      {":n11", N("11")},
      {":b", B("\x01\x02\x03")},
      {":b1", B("\x01")},
      {":b2", B("\x02\x03")},
      {":true", Bool(true)},
      {":null", NullV()},
      {":ss", SS({"a", "bc"})},
      {":a", S("a")},
      {":n1", N("1")},
      {":bx", B("x")},
      {":two", N("2")},
      {":one", S("one")},
      {":S", S("S")},
      {":L", S("L")},
      {":NULL", S("NULL")},
      {":l", L({S("deep")})},
      {":n5", N("5")},
      {":n3", N("3")},
      {":n2", N("2")},
      {":n4", N("4")},
      {":m", M({{"x", N("1")}, {"y", M({{"z", S("nested")}})}})},
      {":n0", N("0")},
      {":odd", S("ab\xC3\xBF\xF0\x9F\x98\x80")},  // four characters, the last beyond the basic plane
  };
  return values;
}

bool Holds(std::string_view text, const AttributeMap& item = TestedItem()) {
  const auto condition = ParseFilter(text, {}, TestedValues());
  EXPECT_TRUE(condition.ok()) << text << ": " << MessageOf(condition);
  if (!condition.ok()) return false;
  const bool holds = condition->Evaluate(item);
  EXPECT_EQ(condition->Evaluate(EncodedItem::From(item)), holds) << text;  // the stored form means the same
  return holds;
}

TEST(Condition, True) {
  for (const std::string_view text : {
           // Comparisons within one type; numbers by value, not by text.
           "s = :hello",
           "n = :n10",
           "b = :b",
           "t = :true",
           "z = :null",
           "ss = :ss",
           "m = :m",
           "l[2] = :l",
           "s <> :hell",
           "n < :n11",
           "n <= :n10",
           "n >= :n10",
           "n > :n9",
           "s > :hell",
           "s < :z",
           "b > :b1",
           "n BETWEEN :n9 AND :n11",
           "n BETWEEN :n10 AND :n10",
           "s IN (:z, :hello)",
           "m.x IN (n, :n1)",
           // Missing values and other types are unequal to everything.
           "absent <> :hello",
           "s <> :n10",
           "absent <> elsewhere",
           "size(t) <> :n1",
           // Existence.
           "attribute_exists(s)",
           "attribute_exists(m.y.z)",
           "attribute_exists(l[3].k)",
           "attribute_not_exists(l[4])",
           "attribute_not_exists(m.q)",
           "attribute_not_exists(s.x)",
           "attribute_not_exists(s[0])",
           "attribute_exists(z)",
           // Types.
           "attribute_type(s, :S)",
           "attribute_type(l, :L)",
           "attribute_type(z, :NULL)",
           // Prefixes.
           "begins_with(s, :hell)",
           "begins_with(s, :empty)",
           "begins_with(b, :b1)",
           "begins_with(:hello, s)",
           // Containment.
           "contains(s, :hell)",
           "contains(b, :b2)",
           "contains(ss, :a)",
           "contains(ns, :n1)",
           "contains(bs, :bx)",
           "contains(l, :two)",
           "contains(l, :one)",
           "contains(l, :l)",
           "contains(:hello, e)",
           // Sizes.
           "size(s) = :n5",
           "size(b) = :n3",
           "size(ss) = :n2",
           "size(ns) = :n2",
           "size(bs) = :n2",
           "size(l) = :n4",
           "size(m) = :n2",
           "size(e) = :n0",
           "size(:hello) = size(s)",
           "size(:odd) = :n5",
           // Logic.
           "s = :hello AND n = :n10",
           "s = :z OR n = :n10",
           "NOT s = :z",
           "NOT absent = :z",
           "NOT NOT s = :hello",
           "s = :z AND s = :z OR n = :n10",
           "s = :hello AND (s = :z OR n = :n10)",
           "NOT (s = :z AND n = :n10)",
       }) {
    EXPECT_TRUE(Holds(text)) << text;
  }
}

TEST(Condition, False) {
  for (const std::string_view text : {
           "s = :hell",
           "s = :n10",
           "absent = :hello",
           "absent = elsewhere",
           "n <> :n10",
           "n > :n10",
           // Order is only within one type, and only of S, N and B.
           "s < :n10",
           "n < :hello",
           "absent < :n10",
           "absent >= :n10",
           "ss < l",
           "t <= z",
           "n BETWEEN :n11 AND :n11",
           "s BETWEEN :n9 AND :n11",
           "absent BETWEEN :n9 AND :n11",
           "s IN (:z)",
           "absent IN (:z)",
           "attribute_exists(absent)",
           "attribute_exists(l[4])",
           "attribute_exists(m.q)",
           "attribute_not_exists(s)",
           "attribute_type(s, :L)",
           "attribute_type(absent, :S)",
           "begins_with(s, :z)",
           "begins_with(n, :hell)",
           "begins_with(s, :b1)",
           "begins_with(absent, :hell)",
           "begins_with(s, n)",
           "contains(s, :z)",
           "contains(s, :n1)",
           "contains(ss, :hell)",
           "contains(ss, :n1)",
           "contains(ns, :a)",
           "contains(n, :n1)",
           "contains(m, :a)",
           "contains(l, :z)",
           "contains(absent, :a)",
           "contains(ss, :ss)",
           "size(n) = :n2",
           "size(t) = :n1",
           "size(absent) > :n1",
           "NOT s = :hello",
           "s = :z AND (s = :z OR n = :n10)",
       }) {
    EXPECT_FALSE(Holds(text)) << text;
  }
}

// A condition on an item that doesn't exist is evaluated on an empty one.
TEST(Condition, NoItem) {
  EXPECT_TRUE(Holds("attribute_not_exists(s)", {}));
  EXPECT_TRUE(Holds("s <> :hello", {}));
  EXPECT_FALSE(Holds("s = :hello", {}));
  EXPECT_FALSE(Holds("attribute_exists(s)", {}));
}

// size counts UTF-16 units, neither bytes nor code points.
TEST(Condition, SizeOfTextIsInUtf16Units) {
  EXPECT_TRUE(Holds("size(s) = :n1", {{"s", S("\xC3\xBC")}}));
  EXPECT_TRUE(Holds("size(s) = :n3", {{"s", S("\xC3\xA9\xF0\x9D\x84\x9E")}}));
}

// A parsed condition keeps the request's values alive by itself.
TEST(Condition, OutlivesItsPlaceholders) {
  Result<Condition> condition = ValidationError("");
  {
    Placeholders placeholders({{"#s", "s"}}, {{":v", S(std::string(100, 'x'))}});
    condition = Condition::Parse("#s = :v", placeholders, "ConditionExpression");
  }
  ASSERT_TRUE(condition.ok());
  EXPECT_TRUE(condition->Evaluate({{"s", S(std::string(100, 'x'))}}));
}

}  // namespace
}  // namespace insula::expression
