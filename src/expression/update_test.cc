// What updates do to items. All of an update reads the item as it was, and all indexes mean positions in it.
#include <gtest/gtest.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

const AttributeNames kNames = {{"#1", "1"}};

AttributeValues UpdateValues() {
  return {{":s", S("new")},        {":n", N("5")},          {":ss", SS({"b", "c"})},
          {":ns", NS({"2", "3"})}, {":bs", BS({"x"})},      {":l", L({S("p"), S("q")})},
          {":big", N("9e125")},    {":tiny", N("1e-130")},  {":m", M({{"k", S("v")}})},
          {":one", N("1")},        {":all", SS({"a", "b"})}};
}

Result<Update::Outcome> Applying(std::string_view text, const AttributeMap& item,
                                 Update::Report report = Update::Report::kBoth) {
  Placeholders placeholders(kNames, UpdateValues());
  auto update = Update::Parse(text, placeholders);
  EXPECT_TRUE(update.ok()) << text << ": " << MessageOf(update);
  if (!update.ok()) return update.error();
  return update->Apply(item, report);
}

AttributeMap Applied(std::string_view text, const AttributeMap& item) {
  auto outcome = Applying(text, item);
  EXPECT_TRUE(outcome.ok()) << text << ": " << MessageOf(outcome);
  return outcome.ok() ? outcome->item : AttributeMap();
}

AttributeValue List(std::initializer_list<const char*> elements) {
  AttributeList list;
  for (const char* element : elements) list.push_back(S(element));
  return L(std::move(list));
}

TEST(Update, Set) {
  EXPECT_EQ(Applied("SET a = :s", {}), (AttributeMap{{"a", S("new")}}));
  EXPECT_EQ(Applied("SET a = :s", {{"a", N("1")}, {"b", N("2")}}), (AttributeMap{{"a", S("new")}, {"b", N("2")}}));
  EXPECT_EQ(Applied("SET a = b", {{"b", SS({"x"})}}), (AttributeMap{{"a", SS({"x"})}, {"b", SS({"x"})}}));
  EXPECT_EQ(Applied("SET m.x.y = :s", {{"m", M({{"x", M({{"z", N("1")}})}})}}),
            (AttributeMap{{"m", M({{"x", M({{"y", S("new")}, {"z", N("1")}})}})}}));
}

TEST(Update, SetReadsTheOldItem) {
  EXPECT_EQ(Applied("SET a = b, b = a", {{"a", N("1")}, {"b", N("2")}}), (AttributeMap{{"a", N("2")}, {"b", N("1")}}));
  EXPECT_EQ(Applied("REMOVE a SET b = a", {{"a", N("1")}}), (AttributeMap{{"b", N("1")}}));
  EXPECT_EQ(Applied("SET l[0] = l[1], l[1] = l[0]", {{"l", List({"a", "b"})}}),
            (AttributeMap{{"l", List({"b", "a"})}}));
}

TEST(Update, Arithmetic) {
  EXPECT_EQ(Applied("SET a = a + :n", {{"a", N("10")}}), (AttributeMap{{"a", N("15")}}));
  EXPECT_EQ(Applied("SET a = :n - a", {{"a", N("10.5")}}), (AttributeMap{{"a", N("-5.5")}}));
  EXPECT_EQ(Applied("SET a = if_not_exists(a, :n) + :one", {}), (AttributeMap{{"a", N("6")}}));
  EXPECT_EQ(MessageOf(Applying("SET a = :big + :big", {})),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

TEST(Update, Functions) {
  EXPECT_EQ(Applied("SET a = if_not_exists(a, :s)", {{"a", N("1")}}), (AttributeMap{{"a", N("1")}}));
  EXPECT_EQ(Applied("SET a = if_not_exists(b, c)", {{"c", N("1")}}), (AttributeMap{{"a", N("1")}, {"c", N("1")}}));
  EXPECT_EQ(Applied("SET a = list_append(a, :l)", {{"a", List({"o"})}}), (AttributeMap{{"a", List({"o", "p", "q"})}}));
  EXPECT_EQ(Applied("SET a = list_append(:l, a)", {{"a", List({"o"})}}), (AttributeMap{{"a", List({"p", "q", "o"})}}));
  EXPECT_EQ(Applied("SET a = list_append(if_not_exists(a, :l), :l)", {}),
            (AttributeMap{{"a", List({"p", "q", "p", "q"})}}));
}

TEST(Update, ListElements) {
  const AttributeMap item = {{"l", List({"a", "b", "c", "d"})}};
  EXPECT_EQ(Applied("SET l[1] = :s", item), (AttributeMap{{"l", List({"a", "new", "c", "d"})}}));
  // Beyond the end: appended, in the order of the indexes.
  EXPECT_EQ(Applied("SET l[9] = l[0], l[7] = :s", item), (AttributeMap{{"l", List({"a", "b", "c", "d", "new", "a"})}}));
  EXPECT_EQ(Applied("SET l[0] = :s", {{"l", L({})}}), (AttributeMap{{"l", List({"new"})}}));
  EXPECT_EQ(Applied("REMOVE l[1]", item), (AttributeMap{{"l", List({"a", "c", "d"})}}));
  EXPECT_EQ(Applied("REMOVE l[0], l[3], l[2]", item), (AttributeMap{{"l", List({"b"})}}));
  EXPECT_EQ(Applied("REMOVE l[4]", item), item);
  EXPECT_EQ(Applied("REMOVE l[0] SET l[1] = :s, l[8] = :s", item),
            (AttributeMap{{"l", List({"new", "c", "d", "new"})}}));
  const AttributeMap nested = {{"l", L({List({"a", "b"}), List({"c", "d"})})}};
  EXPECT_EQ(Applied("REMOVE l[0], l[1][0]", nested), (AttributeMap{{"l", L({List({"d"})})}}));
}

TEST(Update, AddNumbers) {
  EXPECT_EQ(Applied("ADD a :n", {{"a", N("-2")}}), (AttributeMap{{"a", N("3")}}));
  EXPECT_EQ(Applied("ADD a :n", {}), (AttributeMap{{"a", N("5")}}));
  EXPECT_EQ(Applied("ADD m.a :n", {{"m", M({})}}), (AttributeMap{{"m", M({{"a", N("5")}})}}));
  EXPECT_EQ(Applied("ADD l[0] :n, l[6] :one", {{"l", L({N("1")})}}), (AttributeMap{{"l", L({N("6"), N("1")})}}));
  EXPECT_EQ(MessageOf(Applying("ADD a :big", {{"a", N("9e125")}})),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

TEST(Update, AddAndDeleteElements) {
  EXPECT_EQ(Applied("ADD a :ss", {{"a", SS({"a", "b"})}}), (AttributeMap{{"a", SS({"a", "b", "c"})}}));
  EXPECT_EQ(Applied("ADD a :ns", {{"a", NS({"1", "3"})}}), (AttributeMap{{"a", NS({"1", "2", "3"})}}));
  EXPECT_EQ(Applied("ADD a :bs", {}), (AttributeMap{{"a", BS({"x"})}}));
  EXPECT_EQ(Applied("DELETE a :ss", {{"a", SS({"a", "b"})}}), (AttributeMap{{"a", SS({"a"})}}));
  // A set that becomes empty goes, wherever it is.
  EXPECT_EQ(Applied("DELETE a :all", {{"a", SS({"a", "b"})}, {"k", N("1")}}), (AttributeMap{{"k", N("1")}}));
  EXPECT_EQ(Applied("DELETE m.a :all", {{"m", M({{"a", SS({"b"})}})}}), (AttributeMap{{"m", M({})}}));
  EXPECT_EQ(Applied("DELETE l[0] :all", {{"l", L({SS({"b"}), S("x")})}}), (AttributeMap{{"l", L({S("x")})}}));
  EXPECT_EQ(Applied("DELETE a :ss", {}), AttributeMap());
}

TEST(Update, Remove) {
  EXPECT_EQ(Applied("REMOVE a", {{"a", N("1")}, {"b", N("1")}}), (AttributeMap{{"b", N("1")}}));
  EXPECT_EQ(Applied("REMOVE a", {}), AttributeMap());
  EXPECT_EQ(Applied("REMOVE m.a", {{"m", M({{"a", N("1")}, {"b", N("1")}})}}),
            (AttributeMap{{"m", M({{"b", N("1")}})}}));
  EXPECT_EQ(Applied("REMOVE m.c", {{"m", M({{"a", N("1")}})}}), (AttributeMap{{"m", M({{"a", N("1")}})}}));
}

TEST(Update, ParentThatIsNotThere) {
  const AttributeMap item = {{"b", S("x")}, {"c", M({{"1", S("a")}})}, {"d", L({S("a"), S("b")})}};
  for (const std::string_view path : {"b.a", "b[1]", "y.a", "y[1]", "c[1]", "d.#1", "y.a.b", "d[5].a"}) {
    for (const std::string& text : {"SET " + std::string(path) + " = :s", "REMOVE " + std::string(path),
                                    "ADD " + std::string(path) + " :ss", "DELETE " + std::string(path) + " :ss"}) {
      EXPECT_EQ(MessageOf(Applying(text, item)),
                "The document path provided in the update expression is invalid for update")
          << text;
    }
  }
}

TEST(Update, OperandsOfTheWrongType) {
  const AttributeMap item = {{"a", S("x")}, {"b", M({{"a", SS({"1"})}})}, {"c", N("1")}, {"d", NS({"1"})}};
  for (const std::string_view text :
       {"DELETE d :ss", "DELETE b :ns", "DELETE b.a :ns", "DELETE b.a :bs", "DELETE c :ns", "ADD b :ns", "ADD d :n",
        "SET e = a + :n", "SET e = b - :n", "SET e = :n + a", "SET e = list_append(d, if_not_exists(f, :l))",
        "SET e = list_append(:l, c)"}) {
    EXPECT_EQ(MessageOf(Applying(text, item)), "An operand in the update expression has an incorrect data type")
        << text;
  }
}

TEST(Update, AttributesThatAreNotThere) {
  for (const std::string_view text : {"SET c = b", "SET e = list_append(b, c)", "SET c = b + :n", "SET c = :n + b",
                                      "SET c = if_not_exists(d, b)", "SET c = m.x"}) {
    EXPECT_EQ(MessageOf(Applying(text, {{"m", M({})}})),
              "The provided expression refers to an attribute that does not exist in the item")
        << text;
  }
}

// scylladb/scylladb#5862: an item comes of SET and ADD.
TEST(Update, MakesAnItemUnlessItOnlyRemoves) {
  for (const auto& [text, makes] : {std::pair{"REMOVE a, m.x", false},
                                    {"DELETE d :ss", false},
                                    {"REMOVE a DELETE d :ss", false},
                                    {"REMOVE a SET b = :n", true},
                                    {"DELETE d :ss ADD b :n", true}}) {
    Placeholders placeholders({}, {{":ss", SS({"a"})}, {":n", N("1")}});
    const auto update = Update::Parse(text, placeholders);
    ASSERT_TRUE(update.ok()) << text;
    EXPECT_EQ(update->MakesItem(), makes) << text;
  }
}

TEST(Update, ReportsWhatItTouched) {
  const AttributeMap item = {{"k", S("key")}, {"a", N("1")}, {"m", M({{"x", N("1")}, {"y", N("2")}})}};
  auto outcome = Applying("SET a = :n, m.x = :s, b = :s REMOVE m.y", item);
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->updated_old, (AttributeMap{{"a", N("1")}, {"m", M({{"x", N("1")}, {"y", N("2")}})}}));
  EXPECT_EQ(outcome->updated_new, (AttributeMap{{"a", N("5")}, {"b", S("new")}, {"m", M({{"x", S("new")}})}}));
  outcome = Applying("SET a = :n", item, Update::Report::kUpdatedNew);
  EXPECT_TRUE(outcome->updated_old.empty());
  EXPECT_EQ(outcome->updated_new, (AttributeMap{{"a", N("5")}}));
  outcome = Applying("SET a = :n", item, Update::Report::kNone);
  EXPECT_TRUE(outcome->updated_new.empty());
}

// UPDATED_NEW has what the new item holds at the paths that the update named: the element that moved in where one was
// removed, too (paritysuite/dynamodb-conformance, CHANGELOG 2.1.0, #102).
TEST(Update, ReportsListElementsByTheirPaths) {
  const AttributeMap item = {{"l", List({"a", "b", "c"})}, {"s", SS({"a", "b"})}, {"m", L({L({S("x"), S("y")})})}};
  const auto updated_new = [&](std::string_view text) {
    auto outcome = Applying(text, item);
    EXPECT_TRUE(outcome.ok()) << text << MessageOf(outcome);
    return outcome.ok() ? outcome->updated_new : AttributeMap();
  };
  EXPECT_EQ(updated_new("SET l[1] = :s"), (AttributeMap{{"l", List({"new"})}}));
  EXPECT_EQ(updated_new("SET l[3] = :s"), (AttributeMap{{"l", List({"new"})}}));
  EXPECT_EQ(updated_new("SET l[9] = :s"), AttributeMap());
  EXPECT_EQ(updated_new("SET l[9] = :n, l[1] = :s, l[4] = :n"), (AttributeMap{{"l", L({S("new"), N("5")})}}));
  EXPECT_EQ(updated_new("SET l[9] = :n, l[1] = :s REMOVE l[0]"), (AttributeMap{{"l", L({S("new"), S("c")})}}));
  EXPECT_EQ(updated_new("REMOVE l[0]"), (AttributeMap{{"l", List({"b"})}}));
  EXPECT_EQ(updated_new("REMOVE l[2]"), AttributeMap());
  EXPECT_EQ(updated_new("REMOVE l[2], l[0]"), (AttributeMap{{"l", List({"b"})}}));
  EXPECT_EQ(updated_new("REMOVE m[0][0]"), (AttributeMap{{"m", L({L({S("y")})})}}));
  EXPECT_EQ(updated_new("DELETE s :all"), AttributeMap());
  EXPECT_EQ(updated_new("SET m[0][1] = :s REMOVE m[0][0]"), (AttributeMap{{"m", L({L({S("new")})})}}));
}

TEST(Update, DepthOfTheItem) {
  std::string path = "m";
  AttributeValue value = M({});
  for (int i = 0; i < 29; ++i) {
    path += ".m";
    value = M({{"m", value}});
  }
  const AttributeMap item = {{"m", value}};  // 30 levels
  EXPECT_TRUE(Applying("SET " + path + ".x = :s", item).ok());
  EXPECT_TRUE(Applying("SET " + path + ".x = :m", item).ok());
  for (const std::string& text : {"SET " + path + ".x = list_append(:l, l)", std::string("SET m = n")}) {
    AttributeMap deep = item;
    deep.Set("l", L({L({L({})})}));
    deep.Set("n", M({{"x", L({L({L({value})})})}}));
    EXPECT_EQ(MessageOf(Applying(text, deep)),
              "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond "
              "supported limit")
        << text;
  }
}

TEST(Update, NestedEverythingAtOnce) {
  const AttributeMap item = {
      {"a", N("0")}, {"b", M({{"a", N("1")}, {"b", N("2")}, {"c", N("4")}})}, {"c", L({N("5"), N("6"), N("7")})}};
  EXPECT_EQ(
      Applied("set b.c=((c[1])+(b.a)),b.a = a,c[1] = a, c[6] = b.a - b.b, c[5] = b.c add c[8] :n, c[7] :one", item),
      (AttributeMap{{"a", N("0")},
                    {"b", M({{"a", N("0")}, {"b", N("2")}, {"c", N("7")}})},
                    {"c", L({N("5"), N("0"), N("7"), N("4"), N("-1"), N("1"), N("5")})}}));
}

}  // namespace
}  // namespace insula::expression
