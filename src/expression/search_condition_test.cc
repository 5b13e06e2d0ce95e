#include "expression/search_condition.h"

#include <gtest/gtest.h>

namespace insula::expression {
namespace {

AttributeValue S(std::string text) { return AttributeValue::S(std::move(text)); }

std::string Refusal(std::string_view text) {
  Placeholders placeholders({{"#n", "name"}}, {{":a", S("a")}, {":b", S("b")}});
  const auto terms = ParseSearchCondition(text, placeholders);
  return terms.ok() ? "" : terms.error().message();
}

IndexSchema Index() {
  IndexSchema index;
  index.kind = IndexKind::kVector;
  index.key.hash = {{"part", AttributeType::kS}};
  index.vector.filters = {{"color", AttributeType::kS}, {"weight", AttributeType::kN}};
  return index;
}

std::string Unresolved(const std::vector<SearchTerm>& terms, const IndexSchema& index = Index()) {
  const auto condition = ResolveSearchTerms(terms, index);
  return condition.ok() ? "" : condition.error().message();
}

TEST(SearchCondition, IsEqualitiesJoinedByAnd) {
  Placeholders placeholders({{"#n", "name"}}, {{":a", S("a")}, {":b", S("b")}});
  const auto terms = ParseSearchCondition("#n = :a AND (:b = color)", placeholders);
  ASSERT_TRUE(terms.ok()) << terms.error().message();
  ASSERT_EQ(terms->size(), 2u);
  EXPECT_EQ((*terms)[0].attribute, "name");
  EXPECT_EQ((*terms)[0].value, S("a"));
  EXPECT_EQ((*terms)[1].attribute, "color");
  EXPECT_EQ((*terms)[1].value, S("b"));
  EXPECT_TRUE(placeholders.CheckAllUsed().ok());
}

TEST(SearchCondition, RefusesEveryOtherForm) {
  for (const char* text : {"x < :a", "x <> :a", "x >= :a"}) {
    EXPECT_EQ(Refusal(text), "Invalid SearchConditionExpression: Invalid comparator used in SearchConditionExpression")
        << text;
  }
  for (const char* text : {"x = :a OR y = :b", "NOT x = :a", "x BETWEEN :a AND :b", "x IN (:a, :b)", "x = y",
                           "attribute_exists(x)", "begins_with(x, :a)", "contains(x, :a)", "size(x) = :a"}) {
    EXPECT_EQ(Refusal(text), "Invalid SearchConditionExpression: Invalid operator used in SearchConditionExpression")
        << text;
  }
  for (const char* text : {"x.y = :a", "x[0] = :a"}) {
    EXPECT_EQ(
        Refusal(text),
        "Invalid SearchConditionExpression: SearchConditionExpression cannot have conditions on nested attributes")
        << text;
  }
  EXPECT_EQ(
      Refusal("x = :a AND x = :b"),
      "Invalid SearchConditionExpression: SearchConditionExpression must only contain one condition per attribute");
  EXPECT_EQ(Refusal("x = :c"),
            "Invalid SearchConditionExpression: An expression attribute value used in expression is not defined; "
            "attribute value: :c");
  EXPECT_EQ(Refusal(""), "Invalid SearchConditionExpression: The expression can not be empty;");
  std::string many = "a0 = :a";
  for (int i = 1; i < 22; ++i) many += " AND a" + std::to_string(i) + " = :a";
  EXPECT_EQ(
      Refusal(many),
      "Invalid SearchConditionExpression: SearchConditionExpression cannot have more than 1 partition key and more "
      "than 20 inline filter key attributes");
}

TEST(SearchCondition, ResolvesAgainstTheSearchSchema) {
  const auto condition = ResolveSearchTerms({{"weight", AttributeValue::N(3)}, {"part", S("p")}}, Index());
  ASSERT_TRUE(condition.ok()) << condition.error().message();
  EXPECT_EQ(condition->partition, S("p"));
  EXPECT_EQ(condition->filters, (std::vector<std::optional<AttributeValue>>{std::nullopt, AttributeValue::N(3)}));

  IndexSchema whole = Index();
  whole.key.hash.clear();
  EXPECT_EQ(Unresolved({}, whole), "");
  EXPECT_EQ(Unresolved({}), "SearchConditionExpression must be provided when SearchSchema has a HASH key");
  EXPECT_EQ(Unresolved({{"color", S("c")}}), "SearchConditionExpression must have all HASH attributes");
  EXPECT_EQ(Unresolved({{"part", S("p")}, {"other", S("o")}}),
            "SearchConditionExpression must not contain any attributes that is not in SearchSchema. Invalid attribute: "
            "other");
  EXPECT_EQ(Unresolved({{"part", S("p")}, {"weight", S("heavy")}}),
            "Search condition value for attribute 'weight' does not match type in search schema");
  EXPECT_EQ(Unresolved({{"part", AttributeValue::N(1)}}),
            "Search condition value for attribute 'part' does not match type in search schema");
}

}  // namespace
}  // namespace insula::expression
