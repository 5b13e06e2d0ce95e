// How WHERE clauses become reads by key.
#include "expression/partiql/plan.h"

#include <gtest/gtest.h>

#include "expression/print.h"
#include "expression/testing/expressions.h"

namespace insula::partiql {
namespace {

using namespace expression::testing;  // NOLINT
using expression::Condition;
using expression::RangeOperator;

const KeySchema kSchema = {{{"pk", AttributeType::kS}}, {{"sk", AttributeType::kS}}};
const KeySchema kHashOnly = {{{"pk", AttributeType::kS}}, {}};

Where ParseWhereClause(const std::string& text) {
  auto parsed = Parse("SELECT * FROM t" + (text.empty() ? "" : " WHERE " + text), {});
  EXPECT_TRUE(parsed.ok()) << MessageOf(parsed);
  return parsed.ok() ? std::move(std::get<SelectStatement>(*parsed).where) : nullptr;
}

TEST(SplitByKey, TakesTheKeyOutOfTheCondition) {
  auto split = SplitByKey(ParseWhereClause("a = 1 AND sk = 's' AND 'p' = pk AND attribute_exists(b)"), kSchema);
  ASSERT_TRUE(split.ok()) << MessageOf(split);
  EXPECT_EQ(split->key.hash, S("p"));
  EXPECT_EQ(split->key.range, S("s"));
  ASSERT_NE(split->rest, nullptr);
  EXPECT_EQ(Condition(std::move(split->rest)).attributes(), (std::vector<std::string>{"a", "b"}));

  split = SplitByKey(ParseWhereClause("pk = 'p'"), kHashOnly);
  ASSERT_TRUE(split.ok()) << MessageOf(split);
  EXPECT_FALSE(split->key.range.has_value());
  EXPECT_EQ(split->rest, nullptr);

  split = SplitByKey(ParseWhereClause("pk = 'p' AND a > 1"), kHashOnly);
  ASSERT_TRUE(split.ok());
  const Condition rest(std::move(split->rest));
  EXPECT_TRUE(rest.Evaluate({{"a", N("2")}}));
  EXPECT_FALSE(rest.Evaluate({{"a", N("1")}}));
}

TEST(SplitByKey, LooksIntoParenthesesAndKnowsConflicts) {
  auto split = SplitByKey(ParseWhereClause("(pk = 'p' AND sk = 's') AND pk = 'p'"), kSchema);
  ASSERT_TRUE(split.ok()) << MessageOf(split);
  EXPECT_EQ(split->rest, nullptr);
  EXPECT_FALSE(split->conflicting.has_value());

  split = SplitByKey(ParseWhereClause("pk = 'p' AND sk = 's' AND pk = 'q'"), kSchema);
  ASSERT_TRUE(split.ok()) << MessageOf(split);
  EXPECT_EQ(split->key.hash, S("p"));
  EXPECT_EQ(split->conflicting, "pk");
  EXPECT_NE(split->rest, nullptr);
}

TEST(SplitByKey, OnlyReadsTakeAnInOfOneValue) {
  auto where = [] { return ParseWhereClause("pk IN ['p'] AND sk = 's'"); };
  EXPECT_TRUE(SplitByKey(where(), kSchema, KeyForm::kRead).ok());
  EXPECT_FALSE(SplitByKey(where(), kSchema).ok());
  EXPECT_FALSE(GivesKey(ParseWhereClause("pk IN ['p', 'q']"), kHashOnly, KeyForm::kRead));
  EXPECT_FALSE(GivesKey(nullptr, kHashOnly, KeyForm::kRead));
}

TEST(SplitByKey, NeedsEqualityOnAllOfTheKey) {
  for (const std::string text : {"", "pk = 'p'", "sk = 's'", "pk = 'p' AND sk > 's'", "pk = 'p' OR sk = 's'",
                                 "pk = 'p' AND (sk = 's' OR a = 1)", "pk = 'p' AND NOT sk = 's'", "pk = sk", "a = 1"}) {
    EXPECT_EQ(MessageOf(SplitByKey(ParseWhereClause(text), kSchema)),
              "Where clause does not contain a mandatory equality on all key attributes")
        << text;
  }
  EXPECT_EQ(MessageOf(SplitByKey(ParseWhereClause("pk = 5"), kHashOnly)),
            "Key attribute's data type should match its data type in table's schema: Key pk");
  EXPECT_EQ(MessageOf(SplitByKey(ParseWhereClause("pk = true"), kHashOnly)),
            "Key value must be of type S, N, or B. Key name: pk, Key type: BOOL");
}

// The reads of a plan, each as a key condition's text, with values for their placeholders.
std::vector<std::string> Reads(const std::string& text, const KeySchema& schema = kSchema) {
  auto plan = PlanRead(ParseWhereClause(text), schema);
  EXPECT_TRUE(plan.ok()) << text << ": " << MessageOf(plan);
  std::vector<std::string> out;
  if (!plan.ok()) return out;
  EXPECT_EQ(plan->filter.has_value(), !text.empty());
  for (const auto& read : plan->reads) {
    expression::Printer printer;
    std::string printed = printer.Print(read, schema);
    const auto replace = [&](const std::string& placeholder, const std::string& with) {
      printed.replace(printed.find(placeholder), placeholder.size(), with);
    };
    for (const auto& [placeholder, name] : printer.TakeNames()) replace(placeholder, name);
    for (const auto& [placeholder, value] : printer.TakeValues()) replace(placeholder, *value.As<std::string>());
    out.push_back(std::move(printed));
  }
  return out;
}

TEST(PlanRead, ByKey) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(Reads("pk = 'p'"), Texts{"pk = p"});
  EXPECT_EQ(Reads("pk = 'p' AND a = 1 AND sk > 's'"), Texts{"pk = p AND sk > s"});
  EXPECT_EQ(Reads("pk = 'p' AND 's' >= sk"), Texts{"pk = p AND sk <= s"});
  EXPECT_EQ(Reads("begins_with(sk, 's') AND pk = 'p'"), Texts{"pk = p AND begins_with(sk, s)"});
  EXPECT_EQ(Reads("pk = 'p' AND sk BETWEEN 'a' AND 'b'"), Texts{"pk = p AND sk BETWEEN a AND b"});
  // Of two conditions on the range key an equality is the better one; the filter does the rest.
  EXPECT_EQ(Reads("pk = 'p' AND sk > 'a' AND sk = 'b'"), Texts{"pk = p AND sk = b"});
  EXPECT_EQ(Reads("pk = 'p' AND sk > 'a' AND sk < 'b'"), Texts{"pk = p AND sk > a"});
  EXPECT_EQ(Reads("pk = 'p' AND NOT sk = 's'"), Texts{"pk = p"});
}

TEST(PlanRead, Alternatives) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(Reads("pk IN ['p', 'q', 'p']"), (Texts{"pk = p", "pk = q"}));
  EXPECT_EQ(Reads("pk = 'p' OR pk = 'q' AND sk > 'a'"), (Texts{"pk = p", "pk = q AND sk > a"}));
  EXPECT_EQ(Reads("pk = 'p' AND sk IN ['a', 'b']"), (Texts{"pk = p AND sk = a", "pk = p AND sk = b"}));
  EXPECT_EQ(Reads("pk IN ['p', 'q'] AND sk IN ['a', 'b']"),
            (Texts{"pk = p AND sk = a", "pk = p AND sk = b", "pk = q AND sk = a", "pk = q AND sk = b"}));
  EXPECT_EQ(Reads("pk = 'p' AND sk < 'b' OR pk = 'p' AND sk > 'b'"), (Texts{"pk = p AND sk < b", "pk = p AND sk > b"}));
  EXPECT_EQ(Reads("pk = 'p' AND begins_with(sk, 'a') OR pk = 'p' AND sk >= 'b'"),
            (Texts{"pk = p AND begins_with(sk, a)", "pk = p AND sk >= b"}));
}

TEST(PlanRead, Scans) {
  for (const std::string text : {"", "sk = 's'", "a = 1", "pk = 'p' OR a = 1", "NOT pk = 'p'", "pk <> 'p'", "pk > 'p'",
                                 "attribute_exists(pk)", "pk IN [a]", "pk.x = 'p'"}) {
    EXPECT_TRUE(Reads(text).empty()) << text;
  }
}

TEST(PlanRead, OverlappingAlternatives) {
  for (const std::string text :
       {"pk = 'p' AND x = '1' OR pk = 'p' AND sk = '2'", "pk = 'p' AND x <> '1' OR pk = 'p' AND sk = '2'",
        "pk = 'p' AND sk > 'a' OR pk = 'p' AND sk < 'b'",
        "pk = 'p' AND begins_with(sk, 'a') OR pk = 'p' AND sk = 'ab'"}) {
    EXPECT_EQ(MessageOf(PlanRead(ParseWhereClause(text), kSchema)),
              "Overlapping conditions with range keys are not supported in where clause")
        << text;
  }
  // A negated condition on the range key may overlap: the hash key is read once.
  for (const std::string text :
       {"pk = 'p' AND NOT sk = '1' OR pk = 'p' AND sk = '2'", "pk = 'p' AND sk <> '1' OR pk = 'p' AND sk = '2'",
        "pk = 'p' AND NOT begins_with(sk, 'x') OR pk = 'p' AND sk = '2'",
        "pk = 'p' AND NOT sk IN ['1', '3'] OR pk = 'p' AND sk = '2'", "pk = 'p' OR pk = 'p' AND NOT sk = '1'"}) {
    EXPECT_EQ(Reads(text), std::vector<std::string>{"pk = p"}) << text;
  }
}

TEST(PlanRead, Limits) {
  const auto in = [](int count) {
    std::string out = "pk IN ['0'";
    for (int i = 1; i < count; ++i) out += ", '" + std::to_string(i) + "'";
    return out + "]";
  };
  EXPECT_EQ(Reads(in(50)).size(), 50U);
  EXPECT_EQ(MessageOf(PlanRead(ParseWhereClause(in(51)), kSchema)),
            "Too many decomposed read operations for a given query.");
  EXPECT_EQ(MessageOf(PlanRead(ParseWhereClause(in(26) + " AND sk IN ['1', '2']"), kSchema)),
            "Too many decomposed read operations for a given query.");
  EXPECT_TRUE(Reads(in(51) + " OR flag = 'one'").empty());
}

TEST(PlanRead, TypesOfKeys) {
  EXPECT_EQ(MessageOf(PlanRead(ParseWhereClause("pk = 5"), kSchema)),
            "Key attribute's data type should match its data type in table's schema: Key pk");
  EXPECT_EQ(MessageOf(PlanRead(ParseWhereClause("pk = 'p' AND sk > 5"), kSchema)),
            "Key attribute's data type should match its data type in table's schema: Key sk");
}

}  // namespace
}  // namespace insula::partiql
