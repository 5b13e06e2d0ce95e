// What DynamoDB says about conditions that are wrong, and which error it names when there are several.
#include <gtest/gtest.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

constexpr std::string_view kPrefix = "Invalid FilterExpression: ";

void ExpectFilterError(std::string_view text, const std::string& message, const AttributeNames& names = {},
                       const AttributeValues& values = {}) {
  EXPECT_EQ(MessageOf(ParseFilter(text, names, values)), std::string(kPrefix) + message) << text;
}

TEST(ConditionParser, Empty) {
  ExpectFilterError("", "The expression can not be empty;");
  ExpectFilterError("  \t\n", "The expression can not be empty;");
}

TEST(ConditionParser, SyntaxErrors) {
  for (const std::string_view text : {
           "things are not gonna be ok",
           "a > 4",
           "attribute_exists(Pictures-RearView)",
           "attribute_exists(\"Pictures.RearView\")",
           "attribute_exists(Pictures..RearView)",
           "attribute_exists(Pi#ctures.RearView)",
           "attribute_exists(asdf[a])",
           "a in b, c",
           "a > between",
           "a in b",
           "a in (b,c,)",
           "a in ()",
           "(a)between(b.(c.d))and(c)",
           "(a)between(b.c.d)and((c)",
           "#$.b > a",
           "a > :things.stuff",
           "b[:a] > a",
           "b[#_] > a",
           "\xC3\xBC > a",
           "(a)between(b.c[4.5].#d)and(:a)",
           "size(a).b > a",
           "(size(a)).b > a",
           "size(a)[0] > a",
           "(size(a))[0] > a",
           "a",
           "(a)",
           "NOT a",
           "a AND b = c",
           "a = b AND",
           "a = b OR c",
           "(a = b",
           "a = b)",
           "a = b c",
           "attribute_exists(a",
           "attribute_exists()",
           "a BETWEEN b",
           "a BETWEEN b OR c",
           "a.and > b",
           "a == b",
           "a = = b",
           "()",
           "a[-1] = b",
           "(a OR b = c)",
       }) {
    const std::string message = MessageOf(ParseFilter(text));
    EXPECT_TRUE(message.starts_with("Invalid FilterExpression: Syntax error; token: \"")) << text << ": " << message;
  }
  ExpectFilterError("attribute_exists(car_id) AND NOT #air", "Syntax error; token: \"<EOF>\", near: \"#air\"",
                    {{"#air", "x"}});
  ExpectFilterError("a AND b = :c", "Syntax error; token: \"AND\", near: \"a AND b\"");
  ExpectFilterError("a-b", "Syntax error; token: \"-\", near: \"a-b\"");
}

TEST(ConditionParser, Accepted) {
  const AttributeNames names = {{"#n", "name"}, {"#d", "a.b c"}};
  const AttributeValues values = {{":a", S("a")}, {":n", N("1")}, {":t", S("SS")}};
  for (const std::string_view text : {
           "a = :a",
           "#n=:a",
           "a<>:a",
           "(a = :a)",
           "(a) = (:a)",
           "NOT a = :a",
           "not(a = :a)",
           "NOT NOT a = :a",
           "a = :a and b < :n or not c >= :n",
           "(a = :a OR b = :a) AND c = :a",
           "a BETWEEN :a AND :a",
           "(a)between(:a)and(b)",
           "a IN (:a)",
           "a in (:a, b, (c))",
           "attribute_exists(a.b[0][1].#d)",
           "attribute_not_exists((a))",
           "attribute_type(a, :t)",
           "begins_with(a, :a)",
           "contains(a, b)",
           "size(a) > :n",
           "(size(a)) > :n",
           ":n < size(a)",
           "size(:a) > :n",
           "contains(a, size(b))",
           "(a.b).c = :a",
           "(a)[0] = :a",
           ":a = :a",
           "size(a) = size(a)",
           "a = :a AND (b = :a AND (c = :a))",
           "begins_with(:a, a)",
           "a_1.b2 = :a",
       }) {
    EXPECT_EQ(MessageOf(ParseFilter(text, names, values)), "") << text;
  }
}

TEST(ConditionParser, RedundantParentheses) {
  for (const std::string_view text :
       {"a=a and a > ((views))", "(a)between(((b.c)).d)and(c)", "a > whatever((:things), ((a)))",
        "a=a AND ((a=a AND a=a)) AND a=a", "a=a OR ((a=a OR a=a)) OR a=a", "a=a AND ((a=a AND (a=a AND a=a)))",
        "((a = :a))", "((attribute_exists(a)))", "(((a = :a)))"}) {
    ExpectFilterError(text, "The expression has redundant parentheses;");
  }
}

TEST(ConditionParser, FunctionsThatAreNone) {
  ExpectFilterError("a=a and whatever((:things)) > a", "Invalid function name; function: whatever");
  ExpectFilterError("attRIbute_exIsts((views), #a)", "Invalid function name; function: attRIbute_exIsts");
  ExpectFilterError("if_not_exists(a, b) = c",
                    "The function is not allowed in a condition expression; function: if_not_exists");
}

TEST(ConditionParser, FunctionsInTheWrongPlace) {
  const std::pair<std::string_view, std::string> cases[] = {
      {"a=a and attribute_exists((views), (#a)) > b", "attribute_exists"},
      {"attribute_not_exists(things) > b", "attribute_not_exists"},
      {"attribute_type(things, :a) > b", "attribute_type"},
      {"begins_with(things, a) > b", "begins_with"},
      {"contains(:things, c) > b", "contains"},
      {"size(contains(a, b)) > a", "contains"},
      {"size(things)", "size"},
      {"NOT size(a)", "size"},
      {"size(a) AND b = c", "size"},
      {"a between b and attribute_exists(things)", "attribute_exists"},
      {"a in (b, attribute_exists(things))", "attribute_exists"},
  };
  for (const auto& [text, function] : cases) {
    ExpectFilterError(text, "The function is not allowed to be used this way in an expression; function: " + function);
  }
}

TEST(ConditionParser, ReservedWords) {
  ExpectFilterError("attribute_exists(views, #a)", "Attribute name is a reserved keyword; reserved keyword: views");
  ExpectFilterError(":a < abOrT", "Attribute name is a reserved keyword; reserved keyword: abOrT");
  ExpectFilterError("a.name = :v", "Attribute name is a reserved keyword; reserved keyword: name");
}

TEST(ConditionParser, UndefinedNames) {
  const std::pair<std::string_view, std::string> cases[] = {
      {"attribute_exists(#Pictures.RearView, :a) and a=a", "#Pictures"},
      {"begins_with(Pictures.#RearView)", "#RearView"},
      {"(#P between :lo and :hi) and (#PC in (:cat1, :cat2))", "#P"},
      {"#4g > a", "#4g"},
      {"#_ > a", "#_"},
      {"(a)between(b.c[45].#d)and(:a)", "#d"},
  };
  for (const auto& [text, name] : cases) {
    ExpectFilterError(text,
                      "An expression attribute name used in the document path is not defined; attribute name: " + name);
  }
}

TEST(ConditionParser, UndefinedValues) {
  const std::pair<std::string_view, std::string> cases[] = {
      {"begins_with(:hello, #a, #b)", ":hello"}, {":a < :b", ":a"}, {":_ > a", ":_"}};
  for (const auto& [text, name] : cases) {
    ExpectFilterError(text,
                      "An expression attribute value used in expression is not defined; attribute value: " + name);
  }
}

TEST(ConditionParser, NumberOfOperands) {
  const std::pair<std::string_view, std::string> cases[] = {
      {"attribute_exists(things, a) and a=a", "attribute_exists, number of operands: 2"},
      {"attribute_not_exists(things, b)", "attribute_not_exists, number of operands: 2"},
      {"attribute_type(things)", "attribute_type, number of operands: 1"},
      {"begins_with(things)", "begins_with, number of operands: 1"},
      {"begins_with(things, size(a), b)", "begins_with, number of operands: 3"},
      {"contains(things)", "contains, number of operands: 1"},
      {"size(things, a) > b", "size, number of operands: 2"},
  };
  for (const auto& [text, what] : cases) {
    ExpectFilterError(text, "Incorrect number of operands for operator or function; operator or function: " + what);
  }
}

TEST(ConditionParser, TypesOfOperands) {
  const AttributeValue string_set = SS({"1"});
  const struct {
    std::string_view text;
    AttributeValue value;
    std::string what;
  } cases[] = {
      {"attribute_type(a, size(a)) and a=a and a=:a", N("1"), "attribute_type, operand type: N"},
      {"attribute_type(a, :a)", N("1"), "attribute_type, operand type: N"},
      {"attribute_type(a, :a)", L({}), "attribute_type, operand type: L"},
      {"attribute_type(a, b) and c = :a", S("a"), "attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}"},
      {"begins_with(a, size(a)) and a=:a", N("1"), "begins_with, operand type: N"},
      {"begins_with(a, :a)", Bool(true), "begins_with, operand type: BOOL"},
      {"begins_with(a, :a)", NullV(), "begins_with, operand type: NULL"},
      {"begins_with(:a, a)", M({}), "begins_with, operand type: M"},
      {"begins_with(:a, a)", string_set, "begins_with, operand type: SS"},
      {"size(size(a)) > :a", N("1"), "size, operand type: N"},
      {"attribute_not_exists(size(:a))", N("1"), "size, operand type: N"},
      {"size(:a) > a", Bool(true), "size, operand type: BOOL"},
      {"size(:a) > a", NullV(), "size, operand type: NULL"},
      {"a < :a", Bool(true), "<, operand type: BOOL"},
      {":a >= a", string_set, ">=, operand type: SS"},
      {"a BETWEEN :a AND :a", Bool(true), "BETWEEN, operand type: BOOL"},
  };
  for (const auto& c : cases) {
    ExpectFilterError(c.text, "Incorrect operand type for operator or function; operator or function: " + c.what, {},
                      {{":a", c.value}});
  }
  // Equality is there for every type.
  for (const auto& value : {Bool(true), NullV(), L({}), M({}), string_set}) {
    EXPECT_EQ(MessageOf(ParseFilter("a = :a AND b <> :a AND c IN (:a)", {}, {{":a", value}})), "");
  }
}

TEST(ConditionParser, NameOfAType) {
  ExpectFilterError("attribute_type(a, :a)",
                    "Invalid attribute type name found; type: 1, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", {},
                    {{":a", S("1")}});
}

TEST(ConditionParser, NeedsADocumentPath) {
  ExpectFilterError("attribute_exists(:a) and a=a",
                    "Operator or function requires a document path; operator or function: attribute_exists", {},
                    {{":a", S("1")}});
  ExpectFilterError("attribute_not_exists(size(:a))",
                    "Operator or function requires a document path; operator or function: attribute_not_exists", {},
                    {{":a", S("1")}});
}

TEST(ConditionParser, OperandsMustBeDistinct) {
  const std::pair<std::string_view, std::string> cases[] = {
      {"a = a AND #a = b AND :views > a", "=, first operand: [a]"},
      {"#a <> a", "<>, first operand: [a]"},
      {"a > #a", ">, first operand: [a]"},
      {"((a=a) OR (a=a))", "=, first operand: [a]"},
      {"a IN (b, a)", "IN, first operand: [a]"},
      {"contains(ab.bc[1].a, ab.bc[1].#a)", "contains, first operand: [ab, bc, [1], a]"},
      {"begins_with(ab.bc[1].a, ab.bc[1].#a)", "begins_with, first operand: [ab, bc, [1], a]"},
      {"attribute_type(ab.bc[1].#a, ab.bc[1].a)", "attribute_type, first operand: [ab, bc, [1], a]"},
  };
  for (const auto& [text, what] : cases) {
    ExpectFilterError(text,
                      "The first operand must be distinct from the remaining operands for this operator or function; "
                      "operator: " +
                          what,
                      {{"#a", "a"}});
  }
}

TEST(ConditionParser, BetweenBounds) {
  ExpectFilterError("a BETWEEN :b AND :a",
                    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
                    "operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}",
                    {}, {{":a", S("a")}, {":b", S("b")}});
  ExpectFilterError("a BETWEEN :b AND :a",
                    "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
                    "AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}",
                    {}, {{":a", S("a")}, {":b", N("1")}});
}

// The first clause with an error is the one reported, whatever the kind of error.
TEST(ConditionParser, ErrorsOfTheFirstClauseComeFirst) {
  const AttributeValues values = {{":n", N("1")}};
  ExpectFilterError("a = :missing AND begins_with(b, :n)",
                    "An expression attribute value used in expression is not defined; attribute value: :missing", {},
                    values);
  ExpectFilterError(
      "begins_with(b, :n) AND a = :missing",
      "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N", {},
      values);
}

TEST(ConditionParser, Limits) {
  ExpectFilterError(std::string(4200, 'a'),
                    "Expression size has exceeded the maximum allowed size; expression size: 4200");
  std::string at_limit = "a = :v";
  at_limit.resize(4096, ' ');
  EXPECT_EQ(MessageOf(ParseFilter(at_limit, {}, {{":v", S("")}})), "");

  std::string many = "a<b";
  for (int i = 0; i < 150; ++i) many += " AND a<b";  // 151 comparisons and 150 ANDs
  ExpectFilterError(many, "The expression contains too many operators; operator count: 301");
  many.resize(many.size() - std::string(" AND a<b").size());
  EXPECT_EQ(MessageOf(ParseFilter(many)), "");

  std::string in = "a IN (:v";
  for (int i = 0; i < 100; ++i) in += ",:v";
  ExpectFilterError(in + ")", "The IN operator is provided with too many operands; number of operands: 101", {},
                    {{":v", S("")}});

  std::string path = "a";
  for (int i = 0; i < 31; ++i) path += ".b";
  EXPECT_EQ(MessageOf(ParseFilter("attribute_exists(" + path + ")")), "");
  ExpectFilterError("attribute_exists(" + path + ".b)",
                    "The document path has too many nesting levels; nesting levels: 33");
  ExpectFilterError("attribute_exists(a[4294967295])",
                    "List index is not within the allowable range; index: [4294967295]");
  ExpectFilterError("attribute_exists(a[2147483648])",
                    "List index is not within the allowable range; index: [2147483648]");
}

// However deep a text nests, the parser's stack stays small.
TEST(ConditionParser, DeepNesting) {
  ExpectFilterError(std::string(2000, '(') + "a=b" + std::string(2000, ')'),
                    "The expression has redundant parentheses;");
  ExpectFilterError("a = " + std::string(2000, '(') + "b" + std::string(2000, ')'),
                    "The expression has redundant parentheses;");
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "NOT ";
  ExpectFilterError(text + "a=b", "The expression contains too many operators; operator count: 301");
  text.clear();
  for (int i = 0; i < 800; ++i) text += "size(";
  ExpectFilterError(text, "The expression contains too many operators; operator count: 301");
}

TEST(Placeholders, UnusedOnes) {
  Placeholders placeholders({{"#a", "a"}, {"#b", "b"}, {"#c", "c"}}, {{":a", S("a")}, {":b", S("b")}});
  ASSERT_TRUE(Condition::Parse("#b = :a AND #b <> :a", placeholders, "FilterExpression").ok());
  EXPECT_EQ(MessageOf(placeholders.CheckAllUsed()),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #c}");
  ASSERT_TRUE(ProjectionList::Parse("#a, #c", placeholders).ok());
  EXPECT_EQ(MessageOf(placeholders.CheckAllUsed()),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}");
  ASSERT_TRUE(Condition::Parse("#b = :b", placeholders, "FilterExpression").ok());
  EXPECT_EQ(MessageOf(placeholders.CheckAllUsed()), "");
}

TEST(Placeholders, Keys) {
  EXPECT_EQ(MessageOf(CheckAttributeNames({})), "ExpressionAttributeNames must not be empty");
  EXPECT_EQ(MessageOf(CheckAttributeNames({{"a", "a"}})),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\"");
  EXPECT_EQ(MessageOf(CheckAttributeNames({{"#", "a"}})),
            "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#\"");
  EXPECT_EQ(MessageOf(CheckAttributeNames({{"#0_z", "any thing"}})), "");
  EXPECT_EQ(MessageOf(CheckAttributeValueNames({})), "ExpressionAttributeValues must not be empty");
  EXPECT_EQ(MessageOf(CheckAttributeValueNames({{"b", S("a")}})),
            "ExpressionAttributeValues contains invalid key: Syntax error; key: \"b\"");
  EXPECT_EQ(MessageOf(CheckAttributeValueNames({{":b", S("a")}})), "");
}

TEST(Condition, NamesWhatItReads) {
  const auto condition =
      ParseFilter("b.c = :v AND NOT a[0] IN (d, size(e)) OR attribute_exists(b)", {}, {{":v", S("")}});
  ASSERT_TRUE(condition.ok());
  EXPECT_EQ(condition->attributes(), (std::vector<std::string>{"a", "b", "d", "e"}));
  EXPECT_EQ(condition->nested_attributes(), (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace insula::expression
