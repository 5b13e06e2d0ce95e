// Statements that DynamoDB reads, and its words for those it doesn't.
#include "expression/partiql/statement.h"

#include <gtest/gtest.h>

#include "expression/print.h"
#include "expression/testing/expressions.h"

namespace insula::partiql {
namespace {

using namespace expression::testing;  // NOLINT
using expression::AttributeValues;

const std::string kNotWellFormed = "Statement wasn't well formed, can't be processed: ";
const std::string kLeftover = kNotWellFormed + "Unexpected token after expression";

std::string ErrorOf(std::string_view text, const std::vector<AttributeValue>& parameters = {}) {
  return MessageOf(Parse(text, parameters));
}

// `1:<column>:<length>` of the first `token` in `text` at or after `from`.
std::string At(const std::string& text, std::string_view token, std::size_t from = 0) {
  return "1:" + std::to_string(text.find(token, from) + 1) + ":" + std::to_string(token.size());
}

// A statement's condition, written out as an expression.
std::string Written(const Where& where, AttributeValues* values = nullptr) {
  if (where == nullptr) return "";
  expression::Printer printer;
  std::string text = printer.Print(*where);
  for (const auto& [placeholder, name] : printer.TakeNames()) {
    for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder)) {
      text.replace(at, placeholder.size(), name);
    }
  }
  if (values != nullptr) *values = printer.TakeValues();
  return text;
}

std::string WhereOf(const std::string& condition, const std::vector<AttributeValue>& parameters = {}) {
  auto statement = Parse("SELECT * FROM t WHERE " + condition, parameters);
  EXPECT_TRUE(statement.ok()) << condition << ": " << MessageOf(statement);
  return statement.ok() ? Written(std::get<SelectStatement>(*statement).where) : "";
}

TEST(Statement, Select) {
  auto parsed = Parse("SELECT * FROM \"my.table\".\"an-index\" WHERE pk = 'it''s' AND age > 20", {});
  ASSERT_TRUE(parsed.ok()) << MessageOf(parsed);
  const auto& select = std::get<SelectStatement>(*parsed);
  EXPECT_EQ(select.source.table, "my.table");
  EXPECT_EQ(select.source.index, "an-index");
  EXPECT_TRUE(select.columns.empty());
  AttributeValues values;
  EXPECT_EQ(Written(select.where, &values), "pk = :v0 AND age > :v1");
  EXPECT_EQ(values.at(":v0"), S("it's"));
  EXPECT_EQ(values.at(":v1"), N("20"));
  EXPECT_EQ(&SourceOf(*parsed), &select.source);
}

TEST(Statement, ColumnsAndOrder) {
  auto parsed = Parse("select pk, m.k[1], l[0], \"m.z\" from t order by sk desc, pk asc, x;", {});
  ASSERT_TRUE(parsed.ok()) << MessageOf(parsed);
  const auto& select = std::get<SelectStatement>(*parsed);
  std::vector<std::string> names;
  for (const auto& column : select.columns) names.push_back(column.name);
  EXPECT_EQ(names, (std::vector<std::string>{"pk", "k[1]", "l[0]", "m.z"}));
  ASSERT_EQ(select.order.size(), 3U);
  EXPECT_TRUE(select.order[0].descending);
  EXPECT_FALSE(select.order[1].descending);
  EXPECT_EQ(select.order[2].attribute, "x");
  const AttributeMap item = {
      {"pk", S("p")}, {"m", M({{"k", L({S("0"), S("1")})}})}, {"l", L({N("7")})}, {"q", S("no")}};
  EXPECT_EQ(ProjectColumns(select.columns, item), (AttributeMap{{"pk", S("p")}, {"k[1]", S("1")}, {"l[0]", N("7")}}));
  EXPECT_EQ(ProjectColumns({}, item), item);
}

TEST(Statement, Insert) {
  auto parsed = Parse(
      "INSERT INTO t VALUE {'pk': 'a', 'n': -7.32e2, 'b': true, 'z': NULL, 'l': [1, [], 'x'], 'm': {'k': {}}, "
      "'ss': <<'b', 'a'>>, 'ns': <<2, 1>>, 'p': ?}",
      {B("\x01")});
  ASSERT_TRUE(parsed.ok()) << MessageOf(parsed);
  EXPECT_EQ(std::get<InsertStatement>(*parsed).item, (AttributeMap{{"pk", S("a")},
                                                                   {"n", N("-732")},
                                                                   {"b", Bool(true)},
                                                                   {"z", NullV()},
                                                                   {"l", L({N("1"), L({}), S("x")})},
                                                                   {"m", M({{"k", M({})}})},
                                                                   {"ss", SS({"a", "b"})},
                                                                   {"ns", NS({"1", "2"})},
                                                                   {"p", B("\x01")}}));
  EXPECT_EQ(ErrorOf("INSERT INTO t VALUE 5"),
            "Unsupported format in item expression. Please use struct format {...} to express item values for insert "
            "statement.");
  EXPECT_EQ(ErrorOf("INSERT INTO t VALUE {'a': 1} RETURNING ALL OLD *"), kLeftover);
}

TEST(Statement, Update) {
  for (const std::string_view text :
       {"UPDATE t SET a = ? SET m.x = list_append(l, [1]), c = d + 1 REMOVE e[0] SET s = set_add(s, <<'x'>>) "
        "SET r = SET_DELETE(r, <<1>>) WHERE pk = 'k' RETURNING MODIFIED OLD *",
        "FROM t WHERE pk = 'k' SET a = ? SET m.x = list_append(l, [1]), c = d + 1 REMOVE e[0] "
        "SET s = set_add(s, <<'x'>>) SET r = SET_DELETE(r, <<1>>) RETURNING MODIFIED OLD *"}) {
    auto parsed = Parse(text, {S("v")});
    ASSERT_TRUE(parsed.ok()) << MessageOf(parsed);
    auto& update = std::get<UpdateStatement>(*parsed);
    EXPECT_EQ(Written(update.where), "pk = :v0");
    EXPECT_EQ(update.returning, Returning::kModifiedOld);
    const auto outcome = expression::Update(std::move(update.update))
                             .Apply({{"m", M({})},
                                     {"l", L({S("o")})},
                                     {"d", N("2")},
                                     {"e", L({S("x"), S("y")})},
                                     {"s", SS({"a"})},
                                     {"r", NS({"1"})}});
    ASSERT_TRUE(outcome.ok()) << MessageOf(outcome);
    EXPECT_EQ(outcome->item, (AttributeMap{{"a", S("v")},
                                           {"c", N("3")},
                                           {"d", N("2")},
                                           {"e", L({S("y")})},
                                           {"l", L({S("o")})},
                                           {"m", M({{"x", L({S("o"), N("1")})}})},
                                           {"s", SS({"a", "x"})}}));
  }
}

TEST(Statement, DeleteAndExists) {
  auto parsed = Parse("DELETE FROM \"t\" WHERE pk = 'k' RETURNING ALL OLD *", {});
  ASSERT_TRUE(parsed.ok()) << MessageOf(parsed);
  EXPECT_EQ(std::get<DeleteStatement>(*parsed).returning, Returning::kAllOld);
  parsed = Parse("EXISTS(SELECT * FROM t WHERE pk = 'k' AND a = 1)", {});
  ASSERT_TRUE(parsed.ok()) << MessageOf(parsed);
  EXPECT_EQ(Written(std::get<ExistsStatement>(*parsed).select.where), "pk = :v0 AND a = :v1");
}

TEST(Statement, Conditions) {
  const std::pair<std::string, std::string> cases[] = {
      {"a = 1", "a = :v0"},
      {"a <> 1 OR a != 2 AND b >= 'x'", "a <> :v0 OR a <> :v1 AND b >= :v2"},
      {"NOT (a = 1 OR b = 2)", "NOT (a = :v0 OR b = :v1)"},
      {"((a = 1))", "a = :v0"},
      {"a BETWEEN 1 AND 2 AND b = 3", "a BETWEEN :v0 AND :v1 AND b = :v2"},
      {"a NOT BETWEEN 1 AND 2", "NOT a BETWEEN :v0 AND :v1"},
      {"a IN [1, 2]", "a IN (:v0, :v1)"},
      {"a IN (1)", "a IN (:v0)"},
      {"NOT a IN (1)", "NOT a IN (:v0)"},
      {"a NOT IN (1)", "NOT a IN (:v0)"},
      {"a IS MISSING", "attribute_not_exists(a)"},
      {"a IS NOT MISSING", "NOT attribute_not_exists(a)"},
      {"a IS NULL", "attribute_type(a, :v0)"},
      {"a IS NOT NULL", "NOT attribute_type(a, :v0)"},
      {"a IS STRING", "attribute_type(a, :v0)"},
      {"a IS DOUBLE PRECISION", "attribute_type(a, :v0)"},
      {"a IS BAG", "attribute_type(a, :v0) OR attribute_type(a, :v1) OR attribute_type(a, :v2)"},
      {"begins_with(\"sk\", 'p')", "begins_with(sk, :v0)"},
      {"CONTAINS(a.b[0], 'p')", "contains(a.b[0], :v0)"},
      {"attribute_type(a, 'SS')", "attribute_type(a, :v0)"},
      {"Attribute_Exists(m.sub) = true", "attribute_exists(m.sub)"},
      {"attribute_exists(a) = FALSE", "NOT attribute_exists(a)"},
      {"attribute_not_exists(a)", "attribute_not_exists(a)"},
      {"size(s) = 3", "size(s) = :v0"},
      {"a['b'].c = -.5", "a.b.c = :v0"},
      {"a = b", "a = b"},
      {"a = [1, {'k': <<'x'>>}]", "a = :v0"},
      {"a = 1 -- note\n AND /* b */ b = 2", "a = :v0 AND b = :v1"},
  };
  for (const auto& [text, written] : cases) EXPECT_EQ(WhereOf(text), written) << text;
}

TEST(Statement, NumberLiterals) {
  for (const std::string text : {"7.31e6", "7.31E6", "7.31e+6", "731e4", "73100000e-1", "+7310000"}) {
    auto parsed = Parse("SELECT * FROM t WHERE a = " + text, {});
    ASSERT_TRUE(parsed.ok()) << MessageOf(parsed);
    AttributeValues values;
    Written(std::get<SelectStatement>(*parsed).where, &values);
    EXPECT_EQ(values.at(":v0"), N("7310000")) << text;
  }
}

TEST(Statement, NotWellFormed) {
  const std::pair<std::string, std::string> cases[] = {
      {"SELECT * FROM t WHERE pk = 1 foo", "Unexpected token after expression"},
      {"SELECT * FROM t WHERE pk = 1 e5", "Unexpected token after expression"},
      {"INSERT INTO t VALUE {'pk': 1} foo", "Unexpected token after expression"},
      {"UPDATE t SET a = 9 WHERE pk = 1 foo", "Unexpected token after expression"},
      {"DELETE FROM t WHERE pk = 1 foo", "Unexpected token after expression"},
      {"SELECT * FROM t WHERE pk = 1)", "Unexpected token after expression"},
      {"DELETE FROM t WHERE pk = 1 ORDER BY pk", "Unexpected token after expression"},
      {"SELECT * FROM t ORDER BY pk WHERE pk = 1", "Unexpected token after expression"},
      {"INSERT INTO t u VALUE {'pk': 'x'}", "Unexpected token after expression"},
      {"FROM t SET c = 1 WHERE pk = 'x'", "Unexpected token after expression"},
      {"SELECTT * FROMM t", "Unexpected token after expression"},
      {"SELECT * FROM t; SELECT * FROM t", "Unexpected token after expression"},
      {"SELECT * FROM t WHERE pk = 1e2147483648", ""},
      {"SELECT * FROM t WHERE pk = 1e99999999999", ""},
      {"SELECT * FROM t WHERE pk = 1.5e-2147483647", ""},
      {"SELECT * FROM t WHERE pk = 1 # note", ""},
      {"SELECT * FROM t WHERE pk = 1 /* note", ""},
      {"SELECT * FROM t WHERE pk = 'open", ""},
      {"SELECT * FROM t WHERE", "Unexpected term"},
      {"SELECT * FROM t WHERE;", "Unexpected term"},
      {"SELECT * FROM t WHERE   ", "Unexpected term"},
      {"UPDATE t SET a = 1 WHERE", "Unexpected term"},
      {"DELETE FROM t WHERE", "Unexpected term"},
      {"SELECT * FROM t WHERE NOT", "Unexpected term"},
      {"SELECT * FROM t WHERE (", "Unexpected term"},
      {"SELECT * FROM", "Unexpected term"},
      {"", "Unexpected term"},
      {"SELECT * FROM t WHERE pk = 'p1' AND", "Missing right-hand side expression of infix operator"},
      {"SELECT * FROM t WHERE pk = 'p1' OR", "Missing right-hand side expression of infix operator"},
      {"SELECT * FROM t WHERE ORDER BY pk", "Unexpected keyword"},
      {"SELECT * FROM t WHERE pad = 'x'", "Unexpected keyword"},
      {"SELECT * FROM t WHERE pk = 'a' AND x IS FOO", "Expected type name"},
      {"SELECT * FROM t WHERE IS NULL", "Unexpected operator"},
      {"SELECT * FROM t WHERE pk = LIKE", "Unexpected operator"},
      {"DELETE FROM", "Expected identifier for simple path"},
      {"DELETE FROM;", "Expected identifier for simple path"},
      {"DELETE FROM WHERE pk = 'a'", "Expected identifier for simple path"},
      {"SELECT * FROM t WHERE attribute_exists(m.inner)", "Invalid path dot component"},
      {"UPDATE t SET m.inner = set_add(m.inner, <<'y'>>) WHERE pk = 'x'", "Invalid path dot component"},
  };
  for (const auto& [text, detail] : cases) EXPECT_EQ(ErrorOf(text), kNotWellFormed + detail) << text;
}

TEST(Statement, WhatDynamoDbDoesNotSupport) {
  const std::pair<std::string, std::string> cases[] = {
      {"SELECT * FROM t u WHERE pk = 'x'", "Aliasing is not supported"},
      {"SELECT * FROM t AS u WHERE pk = 'x'", "Aliasing is not supported"},
      {"UPDATE t u SET a = 3 WHERE pk = 'x'", "Aliasing is not supported"},
      {"DELETE FROM t u WHERE pk = 'x'", "Aliasing is not supported"},
      {"SELECT a AS b FROM t", "Aliasing is not supported"},
      {"SELECT m.z, z FROM t", "Duplicate identifiers in select clause: z"},
      {"SELECT *, a FROM t", "Other attributes should not be present in the projection when '*' is used."},
      {"SELECT * FROM t, u", "Only select from a single table or index is supported."},
      {"SELECT * FROM t LIMIT 5", "Unsupported clause: LIMIT"},
      {"SELECT * FROM t.i.x WHERE pk = 'x'", "A path may contain at most 2 components in the FROM clause"},
      {"INSERT INTO t.i VALUE {'pk': 'x'}",
       "FROM clause may only contain a single table name in data manipulation statements"},
      {"UPDATE t.i SET a = 1 WHERE pk = 'x'", "This operation is not supported on an index"},
      {"DELETE FROM t.i WHERE pk = 'x'", "This operation is not supported on an index"},
      {"x IS INT4", "Unsupported operation: IsType"},
      {"x IS CHARACTER VARYING", "Unsupported operation: IsType"},
      {"SELECT * FROM t WHERE a = MISSING", "MISSING must be compared using IS operator"},
      {"SELECT * FROM t WHERE a = <<>>", "Empty bags are not supported"},
      {"SELECT * FROM t WHERE a = <<1, 'x'>>", "DynamoDB only supports either numbers or strings in bags"},
      {"SELECT * FROM t WHERE a = <<'x', 'x'>>",
       "One or more parameter values were invalid: Input collection [x, x] contains duplicates."},
      {"SELECT * FROM t WHERE a < true",
       "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL"},
      {"SELECT * FROM t WHERE a BETWEEN true AND false",
       "Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: BOOL"},
      {"SELECT * FROM t WHERE attribute_exists('ss')",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"SELECT * FROM t WHERE attribute_exists()",
       "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of "
       "operands: 0"},
      {"SELECT * FROM t WHERE a IN []",
       "IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq with "
       "at least one member"},
      {"UPDATE t SET a = 1 SET a = 2 WHERE pk = 'x'",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path "
       "two: "
       "[a]"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(ErrorOf(text), message) << text;
}

TEST(Statement, PointsAtWhatIsWrong) {
  std::string text = "SELECT attribute_exists(ss) FROM t WHERE pk = 'x'";
  EXPECT_EQ(ErrorOf(text), "Unexpected path component at " + At(text, "attribute_exists"));
  text = "SELECT * FROM t WHERE pk = 'x' AND EXISTS(ss)";
  EXPECT_EQ(ErrorOf(text), "Unrecognized function: exists at " + At(text, "EXISTS"));
  text = "SELECT * FROM t WHERE set_add(ss, <<'x'>>) = ss";
  EXPECT_EQ(ErrorOf(text), "Unrecognized function: set_add at " + At(text, "set_add"));
  text = "UPDATE t SET t = set_add(ss, <<'x'>>) WHERE pk = 'x'";
  EXPECT_EQ(ErrorOf(text), "The first argument to SET_ADD must equal the assignment value at " + At(text, "set_add"));
  text = "UPDATE t SET ss = set_add(<<'a'>>, <<'b'>>) WHERE pk = 'x'";
  EXPECT_EQ(ErrorOf(text), "The first argument to SET_ADD must equal the assignment value at " + At(text, "set_add"));
  text = "UPDATE t SET ss = set_delete(ss, 'a') WHERE pk = 'x'";
  EXPECT_EQ(ErrorOf(text), "The second argument to SET_DELETE must be a value with type SET at " +
                               At(text, "ss", text.find("set_delete(")));
  text = "UPDATE t SET ss = set_add(ss) WHERE pk = 'x'";
  EXPECT_EQ(ErrorOf(text), "SET_ADD must have exactly two arguments at " + At(text, "set_add"));
  text = "INSERT INTO t VALUE {'pk': 'x', 'ss': set_add(<<'a'>>, <<'b'>>)}";
  EXPECT_EQ(ErrorOf(text), "Unsupported data type: set_add under key root at " + At(text, "set_add"));
  text = "SELECT l[-1] FROM t";
  EXPECT_EQ(ErrorOf(text), "List index is not within the allowable range; index: [-1] at 1:10:1");
  EXPECT_EQ(ErrorOf("SELECT * FROM t\n  WHERE f\xC3\xBC = 1\n AND no(x)"), "Unrecognized function: no at 3:6:2");
}

TEST(Statement, NumbersOutOfRangeNameTheirPlace) {
  const std::string overflow =
      "Number overflow. Attempting to store a number with magnitude larger than supported range";
  EXPECT_EQ(ErrorOf("SELECT * FROM t WHERE pk = 1e126"), overflow + " under root");
  EXPECT_EQ(ErrorOf("SELECT * FROM t WHERE pk = 123456789012345678901234567890123456789"),
            "Attempting to store more than 38 significant digits in a Number under root");
  EXPECT_EQ(ErrorOf("UPDATE t SET a = 1e-131 WHERE pk = 1"),
            "Number underflow. Attempting to store a number with magnitude smaller than supported range under root");
  EXPECT_EQ(ErrorOf("INSERT INTO t VALUE {'pk': 1e126}"), overflow + " under root");
  EXPECT_EQ(ErrorOf("INSERT INTO t VALUE {'pk': 1, 'm': {'x': 1e126}}"), overflow + " under root.x");
  EXPECT_EQ(ErrorOf("INSERT INTO t VALUE {'pk': 1, 'l': [1, 1e126]}"), overflow + " under root[1]");
}

TEST(Statement, Parameters) {
  EXPECT_EQ(ErrorOf("SELECT * FROM t WHERE a = ? AND b = ?", {S("x")}),
            "Number of parameters in request and statement don't match.");
  EXPECT_EQ(ErrorOf("SELECT * FROM t WHERE a = '?'"), "");
  EXPECT_EQ(ErrorOf("INSERT INTO t VALUE {'a': <<?>>}", {S("x")}), "Unsupported data type in Bag");
  EXPECT_EQ(ErrorOf("SELECT * FROM t WHERE attribute_exists(?)", {S("ss")}),
            "Operator or function requires a document path; operator or function: attribute_exists");
}

TEST(Statement, Limits) {
  std::string in = "SELECT * FROM t WHERE a IN [1";
  for (int i = 0; i < 100; ++i) in += ",1";
  EXPECT_EQ(ErrorOf(in + "]"), "The IN operator is provided with too many operands; number of operands: 101");
  // However deep a text nests, the parser's stack stays small.
  EXPECT_NE(ErrorOf("SELECT * FROM t WHERE " + std::string(8000, '(')), "");
  EXPECT_NE(ErrorOf("SELECT * FROM t WHERE a = " + std::string(8000, '[')), "");
  EXPECT_NE(ErrorOf("UPDATE t SET a = " + std::string(8000, '(') + " WHERE b = 1"), "");
  std::string calls;
  for (int i = 0; i < 1500; ++i) calls += "size(";
  EXPECT_NE(ErrorOf("SELECT * FROM t WHERE " + calls), "");
  std::string nots;
  for (int i = 0; i < 2000; ++i) nots += "NOT ";
  EXPECT_NE(ErrorOf("SELECT * FROM t WHERE " + nots + "a = 1"), "");
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  EXPECT_EQ(ErrorOf("SELECT * FROM t WHERE a = " + deep),
            "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
            "limit");
}

}  // namespace
}  // namespace insula::partiql
