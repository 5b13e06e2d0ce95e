// What DynamoDB says about update expressions that are wrong, and which error it names when there are several.
#include <gtest/gtest.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

void ExpectUpdateError(std::string_view text, const std::string& message, const AttributeNames& names = {},
                       const AttributeValues& values = {}) {
  EXPECT_EQ(MessageOf(ParseUpdateText(text, names, values)), "Invalid UpdateExpression: " + message) << text;
}

TEST(UpdateParser, Accepted) {
  const AttributeNames names = {{"#a", "a b"}, {"#n", "name"}};
  const AttributeValues values = {{":n", N("1")}, {":s", SS({"a"})}, {":l", L({})}, {":t", S("t")}};
  for (const std::string_view text : {
           "SET a = :t",
           "set #n=:t,#a.b[0] = a",
           "SET a = b + :n",
           "SET a = :n - b",
           "set a = (b + c)",
           "set a = ((b.c.d)+(e))",
           "set b.c=((c[1])+(b.a))",
           "SET a = if_not_exists(a, b)",
           "SET a = if_not_exists(a, b) + b",
           "SET a = if_not_exists(a, if_not_exists(b, :n)) - :n",
           "SET a = list_append(if_not_exists(a, :l), :l)",
           "SET a[1] = b",
           "SET a.b = b",
           "set a = (b)",
           "set a = ((b))",
           "SET a = (b) + c",
           "SET a = b, c = d",
           "REMOVE a, b[1], c.d",
           "ADD a :n, b :s",
           "DELETE a :s",
           "REMOVE a DELETE b :s ADD c :n, d :s SET e = :t",
           "ADD c :n SET e = :t REMOVE f",
       }) {
    EXPECT_EQ(MessageOf(ParseUpdateText(text, names, values)), "") << text;
  }
}

TEST(UpdateParser, Empty) { ExpectUpdateError("", "The expression can not be empty;"); }

TEST(UpdateParser, SyntaxErrors) {
  for (const std::string_view text : {
           "whatever",
           "set a",
           "add a",
           "delete a",
           "set a=set",
           "remove a = b",
           "add a = b",
           "delete a = b",
           "delete a b",
           "delete a if_not_exist(b)",
           "add abort b",
           "add a if_not_exist(b)",
           "remove a b",
           "set a b",
           "set :a = b",
           "add :a b",
           "delete :a b",
           "remove :a",
           "set a = b / c",
           "set a = b * c",
           "set a[1] = \"eight\"",
           "set a[1] = 1",
           "SET a = if_not_exist(a, 100)",
           "SET if_not_exist(a, b) = a",
           "set (a = (b + c))",
           "set a = (b.c).d + e",
           "set a = (b.c)[0] + e",
           "set a = b + c + d",
           "set",
           "set a = b,",
           "set a = b, remove c",
           "remove",
           "set a = list_append(b + c, d)",
           "set a = (b + c) + d",
           "set a = (b",
           "set a = b = c",
           "add a :v, ",
           "set a = f()",
       }) {
    const std::string message = MessageOf(ParseUpdateText(text));
    EXPECT_TRUE(message.starts_with("Invalid UpdateExpression: Syntax error; token: \"")) << text << ": " << message;
  }
  ExpectUpdateError("INVALID SYNTAX HERE", "Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\"");
}

TEST(UpdateParser, ReservedWords) {
  ExpectUpdateError(" set #c = :c set abOrt = true ", "Attribute name is a reserved keyword; reserved keyword: abOrt");
  ExpectUpdateError(" remove Absolute ", "Attribute name is a reserved keyword; reserved keyword: Absolute");
  ExpectUpdateError("SET status = :s, name = :n", "Attribute name is a reserved keyword; reserved keyword: status");
}

TEST(UpdateParser, UnknownFunctions) {
  ExpectUpdateError("set #c = if_not_exist(:c) set c = d", "Invalid function name; function: if_not_exist");
  // The texts of DynamoDB Local's validator; a list_append is for the whole of a value alone.
  ExpectUpdateError("set c = size(d)", "The function is not allowed in an update expression; function: size");
  for (const std::string_view text :
       {"set a = list_append(list_append(a, b), c)", "set a = list_append(c, list_append(a, b))",
        "set a = if_not_exists(a, list_append(a, b))", "set a = list_append(a, b) + c",
        "set a = c - (list_append(a, b))"}) {
    ExpectUpdateError(text, "The function is not allowed to be used this way in an expression; function: list_append");
  }
}

TEST(UpdateParser, EachSectionOnce) {
  const std::pair<std::string_view, std::string> cases[] = {{"set a = #c set c = :d", "SET"},
                                                            {"remove #d set a = b remove e", "REMOVE"},
                                                            {"add #d :e set a = b add e :f", "ADD"},
                                                            {"delete #d :e set a = b delete #e :f", "DELETE"}};
  for (const auto& [text, section] : cases) {
    ExpectUpdateError(text, "The \"" + section + "\" section can only be used once in an update expression;");
  }
}

TEST(UpdateParser, UndefinedPlaceholders) {
  ExpectUpdateError("SET #c = if_not_exists(:c)",
                    "An expression attribute name used in the document path is not defined; attribute name: #c");
  ExpectUpdateError("SET #a = if_not_exists(:c)",
                    "An expression attribute value used in expression is not defined; attribute value: :c",
                    {{"#a", "a"}});
  // Names before values, wherever they stand.
  ExpectUpdateError("SET a = :c REMOVE #b",
                    "An expression attribute name used in the document path is not defined; attribute name: #b");
}

TEST(UpdateParser, PathsThatOverlap) {
  const struct {
    std::string_view text;
    std::string one;
    std::string two;
  } cases[] = {
      {"set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)", "[c, [1], a]", "[c]"},
      {"set #c[3].#d = a, #c[3] = a", "[c, [3], [3]]", "[c, [3]]"},
      {"set a = b remove a", "[a]", "[a]"},
      {"set a.b = c, a = d", "[a, b]", "[a]"},
  };
  for (const auto& c : cases) {
    ExpectUpdateError(
        c.text,
        "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: " + c.one +
            ", path two: " + c.two,
        {{"#c", "c"}, {"#d", "[3]"}});
  }
}

TEST(UpdateParser, PathsThatConflict) {
  const struct {
    std::string_view text;
    std::string one;
    std::string two;
  } cases[] = {
      {"set #c[3].#d = a, #c.#d[3] = if_not_exists(a)", "[c, [3], [3]]", "[c, [3], [3]]"},
      {"remove a.#c set a[1] = #d", "[a, c]", "[a, [1]]"},
  };
  for (const auto& c : cases) {
    ExpectUpdateError(
        c.text,
        "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: " + c.one +
            ", path two: " + c.two,
        {{"#c", "c"}, {"#d", "[3]"}});
  }
}

// hectorvent/floci, DynamoDbAddDeleteOperandIntegrationTest, captured in eu-west-2 on 2026-09-17.
TEST(UpdateParser, OperandsOfAddAndDelete) {
  const struct {
    std::string_view text;
    AttributeValue value;
    std::string what;
  } cases[] = {
      {"set b = list_append(:a, a), c = if_not_exists(a) add a.b :a", S("a"), "ADD, operand type: STRING"},
      {"delete a.b :a", S("a"), "DELETE, operand type: STRING"},
      {"add a.b :a", NullV(), "ADD, operand type: NULL"},
      {"add a.b :a", Bool(false), "ADD, operand type: BOOL"},
      {"delete a.b :a", B("a"), "DELETE, operand type: BINARY"},
      {"add a.b :a", M({}), "ADD, operand type: MAP"},
      {"add a.b :a", L({}), "ADD, operand type: LIST"},
      {"delete a.b :a", N("1"), "DELETE, operand type: NUMBER"},
  };
  for (const auto& c : cases) {
    ExpectUpdateError(
        c.text,
        "Incorrect operand type for operator or function; operator: " + c.what + ", typeSet: ALLOWED_FOR_ADD_OPERAND",
        {}, {{":a", c.value}});
  }
}

TEST(UpdateParser, OperandsOfFunctions) {
  ExpectUpdateError(
      "set a = if_not_exists(c)",
      "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of "
      "operands: 1");
  ExpectUpdateError(
      "set a = list_append(c)",
      "Incorrect number of operands for operator or function; operator or function: list_append, number of "
      "operands: 1");
  ExpectUpdateError("set a = if_not_exists(:a, c)",
                    "Operator or function requires a document path; operator or function: if_not_exists", {},
                    {{":a", S("a")}});
  ExpectUpdateError("set a = if_not_exists(if_not_exists(a, b), c)",
                    "Operator or function requires a document path; operator or function: if_not_exists");
  const struct {
    std::string_view text;
    AttributeValue value;
    std::string what;
  } cases[] = {
      {"set a = list_append(:a, a)", S("a"), "list_append, operand type: S"},
      {"set a = list_append(a, :a)", SS({"a"}), "list_append, operand type: SS"},
      {"set a = a + :a", S("a"), "+, operand type: S"},
      {"set a = :a + a", B("a"), "+, operand type: B"},
      {"set a = a - :a", L({}), "-, operand type: L"},
      {"set a = a - :a", NullV(), "-, operand type: NULL"},
  };
  for (const auto& c : cases) {
    ExpectUpdateError(c.text, "Incorrect operand type for operator or function; operator or function: " + c.what, {},
                      {{":a", c.value}});
  }
}

TEST(UpdateParser, Limits) {
  std::string text = "SET a0 = b + c";
  for (int i = 1; i <= 300; ++i) text += ",a" + std::to_string(i) + "=b+c";
  text.resize(std::min<std::size_t>(text.size(), 4096));
  ExpectUpdateError(text, "The expression contains too many operators; operator count: 301");
  ExpectUpdateError("SET a = " + std::string(2000, '(') + "b",
                    "The expression contains too many operators; operator count: 301");
  ExpectUpdateError(std::string(5167, 'x'),
                    "Expression size has exceeded the maximum allowed size; expression size: 5167");
}

TEST(Update, NamesWhatItTouches) {
  const auto update = ParseUpdateText("SET b.c = d.e, f = g REMOVE a ADD h :n", {}, {{":n", N("1")}});
  ASSERT_TRUE(update.ok());
  EXPECT_EQ(update->attributes(), (std::vector<std::string>{"a", "b", "f", "h"}));
  EXPECT_EQ(update->nested_attributes(), (std::vector<std::string>{"b", "d"}));
}

}  // namespace
}  // namespace insula::expression
