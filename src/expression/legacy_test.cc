// The legacy parameters: DynamoDB's checks, and where their meaning is their own.
#include "expression/legacy.h"

#include <gtest/gtest.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

constexpr std::string_view kInvalid = "One or more parameter values were invalid: ";

std::string FilterError(ComparisonOperator op, std::vector<AttributeValue> arguments) {
  const std::string message = MessageOf(FromFilter({{"a", {op, arguments}}}, ConditionalOperator::kAnd));
  // KeyConditions and Expected are checked alike.
  EXPECT_EQ(MessageOf(FromKeyConditions({{"a", {op, arguments}}})), message);
  return message;
}

TEST(Legacy, NumberOfArguments) {
  const AttributeValue a = S("a");
  const struct {
    std::string_view name;
    std::vector<std::size_t> wrong;
  } cases[] = {
      {"EQ", {0, 2}},         {"NE", {0, 2}},       {"LE", {0, 2}},           {"LT", {0, 2}},          {"GE", {0, 2}},
      {"GT", {0, 2}},         {"CONTAINS", {0, 2}}, {"NOT_CONTAINS", {0, 2}}, {"BEGINS_WITH", {0, 2}}, {"IN", {0}},
      {"BETWEEN", {0, 1, 3}}, {"NULL", {1, 2}},     {"NOT_NULL", {1, 2}},
  };
  for (const auto& c : cases) {
    const auto op = ComparisonOperatorOf(c.name);
    ASSERT_TRUE(op.has_value()) << c.name;
    EXPECT_EQ(NameOf(*op), c.name);
    for (const std::size_t count : c.wrong) {
      EXPECT_EQ(FilterError(*op, std::vector<AttributeValue>(count, a)),
                std::string(kInvalid) + "Invalid number of argument(s) for the " + std::string(c.name) +
                    " ComparisonOperator");
    }
  }
  EXPECT_FALSE(ComparisonOperatorOf("eq").has_value());
}

TEST(Legacy, TypesOfArguments) {
  const std::vector<AttributeValue> others = {Bool(true), NullV(), SS({"a"}), NS({"1"}), BS({"b"}), M({}), L({})};
  for (const auto op : {ComparisonOperator::kLt, ComparisonOperator::kLe, ComparisonOperator::kGt,
                        ComparisonOperator::kGe, ComparisonOperator::kIn, ComparisonOperator::kBetween}) {
    for (const auto& value : others) {
      const std::vector<AttributeValue> arguments(op == ComparisonOperator::kBetween ? 2 : 1, value);
      EXPECT_EQ(FilterError(op, arguments), std::string(kInvalid) + "ComparisonOperator " + std::string(NameOf(op)) +
                                                " is not valid for " + std::string(insula::NameOf(value.type())) +
                                                " AttributeValue type");
    }
  }
  for (const auto& value : {SS({"a"}), NS({"1"}), BS({"b"}), M({}), L({})}) {
    EXPECT_EQ(FilterError(ComparisonOperator::kContains, {value}),
              std::string(kInvalid) + "ComparisonOperator CONTAINS is not valid for " +
                  std::string(insula::NameOf(value.type())) + " AttributeValue type");
  }
  EXPECT_EQ(FilterError(ComparisonOperator::kBeginsWith, {N("1")}),
            std::string(kInvalid) + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type");
  for (const auto& value : others) EXPECT_EQ(FilterError(ComparisonOperator::kEq, {value}), "");
  EXPECT_EQ(FilterError(ComparisonOperator::kIn, {S("b"), N("1")}),
            std::string(kInvalid) + "AttributeValues inside AttributeValueList must be of same type");
  EXPECT_EQ(FilterError(ComparisonOperator::kBetween, {S("b"), S("a")}),
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
}

TEST(Legacy, Expected) {
  const auto error = [](ExpectedAttribute attribute) {
    return MessageOf(FromExpected({{"a", std::move(attribute)}}, ConditionalOperator::kAnd));
  };
  const std::string invalid(kInvalid);
  const std::vector<AttributeValue> list = {S("a")};
  EXPECT_EQ(error({}), invalid + "Value must be provided when Exists is null for Attribute: a");
  EXPECT_EQ(error({.exists = true}), invalid + "Value must be provided when Exists is true for Attribute: a");
  EXPECT_EQ(error({.value = S("a"), .exists = false}),
            invalid + "Value cannot be used when Exists is false for Attribute: a");
  EXPECT_EQ(error({.comparison = ComparisonOperator::kLt}),
            invalid + "Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a");
  EXPECT_EQ(error({.exists = true, .comparison = ComparisonOperator::kLt}),
            invalid + "Exists and ComparisonOperator cannot be used together for Attribute: a");
  EXPECT_EQ(error({.value = S("a"), .comparison = ComparisonOperator::kLt, .attribute_value_list = list}),
            invalid + "Value and AttributeValueList cannot be used together for Attribute: a");
  EXPECT_EQ(error({.attribute_value_list = list}),
            invalid + "AttributeValueList can only be used with a ComparisonOperator for Attribute: a");
  EXPECT_EQ(error({.exists = true, .attribute_value_list = list}),
            invalid + "AttributeValueList can only be used with a ComparisonOperator for Attribute: a");
  EXPECT_EQ(error({.value = S("a"), .comparison = ComparisonOperator::kNull}),
            invalid + "Invalid number of argument(s) for the NULL ComparisonOperator");
  EXPECT_EQ(error({.value = S("a"), .exists = true}), "");
  EXPECT_EQ(error({.exists = false}), "");
  EXPECT_EQ(error({.value = S("a"), .comparison = ComparisonOperator::kGe}), "");
  EXPECT_EQ(error({.comparison = ComparisonOperator::kNotNull}), "");
}

bool Holds(ComparisonOperator op, std::vector<AttributeValue> arguments, const AttributeMap& item) {
  const auto condition = FromFilter({{"a", {op, std::move(arguments)}}}, ConditionalOperator::kAnd);
  EXPECT_TRUE(condition.ok());
  return condition->Evaluate(item);
}

TEST(Legacy, Meaning) {
  const AttributeMap text = {{"a", S("hello")}};
  const AttributeMap set = {{"a", SS({"hello", "x"})}};
  const AttributeMap none;
  EXPECT_TRUE(Holds(ComparisonOperator::kEq, {S("hello")}, text));
  EXPECT_FALSE(Holds(ComparisonOperator::kEq, {S("hello")}, none));
  EXPECT_TRUE(Holds(ComparisonOperator::kNe, {S("x")}, text));
  EXPECT_TRUE(Holds(ComparisonOperator::kNe, {S("x")}, none));
  EXPECT_TRUE(Holds(ComparisonOperator::kLt, {S("i")}, text));
  EXPECT_TRUE(Holds(ComparisonOperator::kLe, {S("hello")}, text));
  EXPECT_TRUE(Holds(ComparisonOperator::kGe, {S("hello")}, text));
  EXPECT_FALSE(Holds(ComparisonOperator::kGt, {S("hello")}, text));
  EXPECT_TRUE(Holds(ComparisonOperator::kNull, {}, none));
  EXPECT_TRUE(Holds(ComparisonOperator::kNotNull, {}, text));
  EXPECT_TRUE(Holds(ComparisonOperator::kContains, {S("ell")}, text));
  EXPECT_FALSE(Holds(ComparisonOperator::kContains, {S("ell")}, set));
  EXPECT_FALSE(Holds(ComparisonOperator::kNotContains, {S("ell")}, text));
  EXPECT_TRUE(Holds(ComparisonOperator::kNotContains, {S("ell")}, set));
  EXPECT_FALSE(Holds(ComparisonOperator::kNotContains, {S("ell")}, none));
  EXPECT_TRUE(Holds(ComparisonOperator::kBeginsWith, {S("he")}, text));
  EXPECT_TRUE(Holds(ComparisonOperator::kIn, {S("x"), S("hello")}, text));
  EXPECT_TRUE(Holds(ComparisonOperator::kBetween, {S("h"), S("i")}, text));
}

TEST(Legacy, ConditionalOperator) {
  const std::map<std::string, LegacyCondition> filter = {{"a", {ComparisonOperator::kEq, {S("1")}}},
                                                         {"b", {ComparisonOperator::kEq, {S("2")}}}};
  const AttributeMap one = {{"a", S("0")}, {"b", S("2")}};
  EXPECT_FALSE(FromFilter(filter, ConditionalOperator::kAnd)->Evaluate(one));
  EXPECT_TRUE(FromFilter(filter, ConditionalOperator::kOr)->Evaluate(one));
}

TEST(Legacy, AttributeUpdatesChecks) {
  const auto error = [](AttributeUpdate update) { return MessageOf(FromAttributeUpdates({{"a", std::move(update)}})); };
  EXPECT_EQ(error({std::nullopt, AttributeAction::kPut}),
            std::string(kInvalid) + "Only DELETE action is allowed when no attribute value is specified");
  EXPECT_EQ(error({std::nullopt, AttributeAction::kAdd}),
            std::string(kInvalid) + "Only DELETE action is allowed when no attribute value is specified");
  EXPECT_EQ(error({S("a"), AttributeAction::kDelete}),
            std::string(kInvalid) + "DELETE action with value is not supported for the type S");
  EXPECT_EQ(error({S("a"), AttributeAction::kAdd}),
            std::string(kInvalid) + "ADD action is not supported for the type S");
  EXPECT_EQ(error({L({}), AttributeAction::kAdd}), "");
}

Result<Update::Outcome> Updated(const AttributeMap& item, AttributeAction action, std::optional<AttributeValue> value) {
  const auto update = FromAttributeUpdates({{"a", {std::move(value), action}}});
  EXPECT_TRUE(update.ok());
  return update->Apply(item);
}

TEST(Legacy, AttributeUpdates) {
  EXPECT_EQ(Updated({}, AttributeAction::kPut, S("x"))->item, (AttributeMap{{"a", S("x")}}));
  EXPECT_EQ(Updated({{"a", S("x")}}, AttributeAction::kDelete, std::nullopt)->item, AttributeMap());
  EXPECT_EQ(Updated({}, AttributeAction::kDelete, std::nullopt)->item, AttributeMap());
  EXPECT_EQ(Updated({{"a", SS({"x", "y"})}}, AttributeAction::kDelete, SS({"x"}))->item,
            (AttributeMap{{"a", SS({"y"})}}));
  EXPECT_EQ(Updated({{"a", SS({"x"})}}, AttributeAction::kDelete, SS({"x"}))->item, AttributeMap());
  EXPECT_EQ(Updated({{"a", N("1")}}, AttributeAction::kAdd, N("2"))->item, (AttributeMap{{"a", N("3")}}));
  EXPECT_EQ(Updated({}, AttributeAction::kAdd, N("2"))->item, (AttributeMap{{"a", N("2")}}));
  // Unlike in an expression, ADD appends to a list.
  EXPECT_EQ(Updated({{"a", L({S("x")})}}, AttributeAction::kAdd, L({S("x")}))->item,
            (AttributeMap{{"a", L({S("x"), S("x")})}}));
  for (const auto& [action, value] :
       std::vector<std::pair<AttributeAction, AttributeValue>>{{AttributeAction::kDelete, NS({"1"})},
                                                               {AttributeAction::kAdd, NS({"1"})},
                                                               {AttributeAction::kAdd, N("1")}}) {
    EXPECT_EQ(MessageOf(Updated({{"a", SS({"x"})}}, action, value)), "Type mismatch for attribute to update");
  }
}

TEST(Legacy, KeyConditions) {
  const KeySchema schema = {{{"a", AttributeType::kS}}, {{"b", AttributeType::kS}}};
  const auto resolve = [&](const std::map<std::string, LegacyCondition>& conditions) {
    auto parsed = FromKeyConditions(conditions);
    EXPECT_TRUE(parsed.ok());
    return parsed->Resolve(schema);
  };
  const auto condition =
      resolve({{"a", {ComparisonOperator::kEq, {S("x")}}}, {"b", {ComparisonOperator::kBetween, {S("p"), S("q")}}}});
  ASSERT_TRUE(condition.ok());
  EXPECT_EQ(condition->hash, std::vector<AttributeValue>{S("x")});
  EXPECT_EQ(condition->op, RangeOperator::kBetween);
  EXPECT_EQ(condition->low, S("p"));
  EXPECT_EQ(condition->high, S("q"));
  EXPECT_EQ(MessageOf(resolve({{"a", {ComparisonOperator::kLe, {S("x")}}}})), "Query key condition not supported");
  EXPECT_EQ(MessageOf(resolve({{"a", {ComparisonOperator::kEq, {S("x")}}}, {"b", {ComparisonOperator::kNull, {}}}})),
            "Attempted conditional constraint is not an indexable operation");
  EXPECT_EQ(MessageOf(resolve({{"b", {ComparisonOperator::kEq, {S("x")}}}})),
            "Query condition missed key schema element: a");
  EXPECT_EQ(MessageOf(FromKeyConditions({})), "Conditions can be of length 1 or 2 only");
}

}  // namespace
}  // namespace insula::expression
