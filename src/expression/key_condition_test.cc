// Which conditions look up keys, and what DynamoDB says of the others.
#include <gtest/gtest.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

const KeySchema kHashOnly = {{{"a", AttributeType::kS}}, {}};
const KeySchema kComposite = {{{"a", AttributeType::kS}}, {{"b", AttributeType::kN}}};
const KeySchema kMulti = {{{"h", AttributeType::kS}, {"i", AttributeType::kS}},
                          {{"a", AttributeType::kS}, {"b", AttributeType::kS}, {"c", AttributeType::kS}}};

AttributeValues KeyValues() {
  return {{":s", S("x")}, {":t", S("y")},        {":n", N("1")}, {":m", N("2")},
          {":e", S("")},  {":bool", Bool(true)}, {":b", B("x")}};
}

std::string ErrorOf(std::string_view text, const KeySchema& schema) {
  auto parsed = ParseKeyCondition(text, KeyValues());
  if (!parsed.ok()) return MessageOf(parsed);
  return MessageOf(parsed->Resolve(schema));
}

TEST(KeyCondition, Forms) {
  const struct {
    std::string_view text;
    std::string message;
  } cases[] = {
      {"a > b and size(b) > c or a > c", "Invalid operator used in KeyConditionExpression: OR"},
      {"a in (b, size(c), d)", "Invalid operator used in KeyConditionExpression: IN"},
      {"attribute_exists(a)", "Invalid operator used in KeyConditionExpression: attribute_exists"},
      {"attribute_not_exists(a)", "Invalid operator used in KeyConditionExpression: attribute_not_exists"},
      {"contains(a.d, b)", "Invalid operator used in KeyConditionExpression: contains"},
      {"not a > b", "Invalid operator used in KeyConditionExpression: NOT"},
      {"a <> b", "Invalid operator used in KeyConditionExpression: <>"},
      {":s between size(b) and size(a) and b > :t",
       "Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first "
       "operand"},
      {"begins_with(:s, b) and a > :t",
       "Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first "
       "operand"},
      {"size(b) > a AND a.b > b AND b > c", "KeyConditionExpressions cannot contain nested operations"},
      {"a > size(b.d)", "KeyConditionExpressions cannot contain nested operations"},
      {"a between size(b) and size(a)", "KeyConditionExpressions cannot contain nested operations"},
      {"b > a.b", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"},
      {"b between c[1] and d",
       "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"},
      {"a between b and size(a)",
       "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"},
      {"begins_with(a, b)",
       "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"},
      {"b.d > a AND c.d > e.f", "KeyConditionExpressions cannot have conditions on nested attributes"},
      {"b[0] > a", "KeyConditionExpressions cannot have conditions on nested attributes"},
      {":s > :t AND a < :s", "Invalid condition in KeyConditionExpression: No key attribute specified"},
      {":n > b AND :n < :m", "Invalid condition in KeyConditionExpression: No key attribute specified"},
      {"b > :n AND b < :n and c = :n and d = :n",
       "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"},
      {"(a > :n and b > :n) and (b > :n and c > :n)",
       "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key"},
  };
  for (const auto& c : cases) {
    auto parsed = ParseKeyCondition(c.text, KeyValues());
    ASSERT_TRUE(parsed.ok()) << c.text << MessageOf(parsed);
    EXPECT_EQ(MessageOf(parsed->Validate()), c.message) << c.text;
    EXPECT_EQ(MessageOf(parsed->Resolve(kComposite)), c.message) << c.text;
  }
}

// Errors of the grammar come while parsing, before the table is looked up.
TEST(KeyCondition, ErrorsOfTheGrammar) {
  EXPECT_EQ(MessageOf(ParseKeyCondition("")), "Invalid KeyConditionExpression: The expression can not be empty;");
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {"a = :s AND begins_with(b, :n)", "begins_with, operand type: N"},
           {"a = :s AND b < :bool", "<, operand type: BOOL"},
           {"a = :s AND :bool >= b", ">=, operand type: BOOL"},
           {"a = :s AND b BETWEEN :bool AND :bool", "BETWEEN, operand type: BOOL"},
       }) {
    EXPECT_EQ(
        MessageOf(ParseKeyCondition(text, KeyValues())),
        "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: " +
            what);
  }
}

TEST(KeyCondition, AgainstASchema) {
  const struct {
    std::string_view text;
    const KeySchema& schema;
    std::string message;
  } cases[] = {
      {"b = :n", kComposite, "Query condition missed key schema element: a"},
      {"c = :n", kComposite, "Query condition missed key schema element: a"},
      {"c = :n AND d = :n", kComposite, "Query condition missed key schema element: a"},
      {"a = :s AND c = :n", kComposite, "Query condition missed key schema element: b"},
      {"a = :s AND b > :n AND c = :n", kComposite,
       "The number of query conditions (3) exceeds the number of key attributes defined in the schema (2)"},
      {"a = :s AND b = :n", kHashOnly,
       "The number of query conditions (2) exceeds the number of key attributes defined in the schema (1)"},
      {"a > :s", kHashOnly, "Query key condition not supported"},
      {":s <= a", kHashOnly, "Query key condition not supported"},
      {"begins_with(a, :s)", kHashOnly, "Query key condition not supported"},
      {"a between :s and :s", kHashOnly, "Query key condition not supported"},
      {":n > a", kHashOnly,
       "One or more parameter values were invalid: Condition parameter type does not match schema type"},
      {"a = :s AND b = :s", kComposite,
       "One or more parameter values were invalid: Condition parameter type does not match schema type"},
      {"a = :s AND b = :bool", kComposite,
       "One or more parameter values were invalid: Condition parameter type does not match schema type"},
      {"a = :s AND begins_with(b, :s)", kComposite,
       "One or more parameter values were invalid: Condition parameter type does not match schema type"},
      {"a = :e", kHashOnly,
       "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
       "string value. Key: a"},
      {"h = :s AND a = :s", kMulti, "Query condition missed key schema element: i"},
      {"h = :s AND i = :s AND a = :s AND c = :s", kMulti,
       "RANGE key attributes b must have equality conditions specified in the query because a condition is present on "
       "key attribute c"},
      {"h = :s AND i = :s AND a = :s AND b > :s AND c = :s", kMulti,
       "RANGE key attributes b must have equality conditions specified in the query because a condition is present on "
       "key attribute c"},
      {"h = :s AND i = :s AND b = :s", kMulti,
       "RANGE key attributes a must have equality conditions specified in the query because a condition is present on "
       "key attribute b"},
      {"h = :s AND i = :s AND x = :s", kMulti, "Query condition missed key schema element: a"},
  };
  for (const auto& c : cases) EXPECT_EQ(ErrorOf(c.text, c.schema), c.message) << c.text;
}

KeyCondition Resolved(std::string_view text, const KeySchema& schema) {
  auto parsed = ParseKeyCondition(text, KeyValues());
  EXPECT_TRUE(parsed.ok()) << MessageOf(parsed);
  auto resolved = parsed->Resolve(schema);
  EXPECT_TRUE(resolved.ok()) << text << MessageOf(resolved);
  return resolved.ok() ? *resolved : KeyCondition();
}

TEST(KeyCondition, Resolves) {
  auto condition = Resolved("a = :s", kComposite);
  EXPECT_EQ(condition.hash, std::vector<AttributeValue>{S("x")});
  EXPECT_EQ(condition.op, RangeOperator::kNone);

  const std::pair<std::string_view, RangeOperator> cases[] = {
      {"b = :n", RangeOperator::kEqual},           {"b < :n", RangeOperator::kLess},
      {"b <= :n", RangeOperator::kLessOrEqual},    {"b > :n", RangeOperator::kGreater},
      {"b >= :n", RangeOperator::kGreaterOrEqual}, {":n < b", RangeOperator::kGreater},
      {":n <= b", RangeOperator::kGreaterOrEqual}, {":n > b", RangeOperator::kLess},
      {":n >= b", RangeOperator::kLessOrEqual},    {":n = b", RangeOperator::kEqual},
  };
  for (const auto& [text, op] : cases) {
    for (const std::string& whole : {"a = :s AND " + std::string(text), "(" + std::string(text) + ") AND (:s = a)",
                                     "(a = :s AND (" + std::string(text) + "))"}) {
      condition = Resolved(whole, kComposite);
      EXPECT_EQ(condition.hash, std::vector<AttributeValue>{S("x")});
      EXPECT_EQ(condition.op, op) << whole;
      EXPECT_EQ(condition.low, N("1"));
    }
  }
  condition = Resolved("b BETWEEN :n AND :m AND a = :s", kComposite);
  EXPECT_EQ(condition.op, RangeOperator::kBetween);
  EXPECT_EQ(condition.low, N("1"));
  EXPECT_EQ(condition.high, N("2"));
}

TEST(KeyCondition, ResolvesKeysOfSeveralAttributes) {
  auto condition = Resolved("h = :s AND i = :t", kMulti);
  EXPECT_EQ(condition.hash, (std::vector<AttributeValue>{S("x"), S("y")}));
  EXPECT_EQ(condition.op, RangeOperator::kNone);
  condition = Resolved("b = :t AND i = :t AND begins_with(c, :s) AND a = :s AND h = :s", kMulti);
  EXPECT_EQ(condition.hash, (std::vector<AttributeValue>{S("x"), S("y")}));
  EXPECT_EQ(condition.range_prefix, (std::vector<AttributeValue>{S("x"), S("y")}));
  EXPECT_EQ(condition.op, RangeOperator::kBeginsWith);
  EXPECT_EQ(condition.low, S("x"));
}

}  // namespace
}  // namespace insula::expression
