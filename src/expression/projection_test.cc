// What projections keep, and what DynamoDB says about those that are wrong.
#include <gtest/gtest.h>

#include "expression/testing/expressions.h"

namespace insula::expression {
namespace {

using namespace testing;  // NOLINT

TEST(Projection, SyntaxErrors) {
  for (const std::string_view text : {"whatever(stuff)", ":a", "abort,", "a,,b", "a..b", "a[b]", "(a.b).c", "(a)",
                                      "(a),(b)", "(a,b)", "a-b", "a b", "a[1", "a.", ".a", "[0]"}) {
    const std::string message = MessageOf(ParseProjection(text));
    EXPECT_TRUE(message.starts_with("Invalid ProjectionExpression: Syntax error; token: \""))
        << text << ": " << message;
  }
  EXPECT_EQ(MessageOf(ParseProjection("!!! INVALID !!!")),
            "Invalid ProjectionExpression: Syntax error; token: \"!\", near: \"!!\"");
  EXPECT_EQ(MessageOf(ParseProjection("")), "Invalid ProjectionExpression: The expression can not be empty;");
}

TEST(Projection, Names) {
  EXPECT_EQ(MessageOf(ParseProjection("a.abORt")),
            "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: abORt");
  EXPECT_EQ(MessageOf(ParseProjection("#a,ABSoLUTE")),
            "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: ABSoLUTE");
  EXPECT_EQ(MessageOf(ParseProjection("a,b,a,#a")),
            "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; "
            "attribute name: #a");
  EXPECT_EQ(MessageOf(ParseProjection("a" +
                                      [] {
                                        std::string s;
                                        for (int i = 0; i < 32; ++i) s += ".b";
                                        return s;
                                      }())),
            "Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33");
}

TEST(Projection, PathsMustBeApart) {
  const AttributeNames names = {{"#a", "a"}, {"#b", "[3]"}};
  const struct {
    std::string_view text;
    std::string message;
  } cases[] = {
      {"b[1], b.a, #a.b, a",
       "overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]"},
      {"a, #a[1]",
       "overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, [1]]"},
      {"a.b, #a[1], #b",
       "conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]"},
      {"a.b[1], #a[1], #b",
       "conflict with each other; must remove or rewrite one of these paths; path one: [a, b, [1]], path two: [a, "
       "[1]]"},
      {"a[3].b, #a.#b.b",
       "conflict with each other; must remove or rewrite one of these paths; path one: [a, [3], b], path two: [a, [3], "
       "b]"},
      {"a, a", "overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(MessageOf(ParseProjection(c.text, names)),
              "Invalid ProjectionExpression: Two document paths " + c.message)
        << c.text;
  }
}

const AttributeMap& NestedItem() {
  static const AttributeMap item = {
      {"a", S("x")},
      {"b", M({{"a", S("a")}, {"b", S("b")}, {"c", M({{"d", N("1")}, {"e", N("2")}})}})},
      {"c", L({S("0"), S("1"), L({S("20"), S("21")}), M({{"k", S("v")}, {"l", S("w")}})})},
  };
  return item;
}

AttributeMap Kept(std::string_view text) {
  const auto projection = ParseProjection(text);
  EXPECT_TRUE(projection.ok()) << text << MessageOf(projection);
  if (!projection.ok()) return {};
  const AttributeMap kept = projection->Apply(NestedItem());
  // The stored form is projected to the same.
  EXPECT_EQ(projection->Apply(EncodedItem::From(NestedItem())).Decode(), kept) << text;
  return kept;
}

TEST(Projection, Keeps) {
  EXPECT_EQ(Kept("a"), (AttributeMap{{"a", S("x")}}));
  EXPECT_EQ(Kept("a, b.a"), (AttributeMap{{"a", S("x")}, {"b", M({{"a", S("a")}})}}));
  EXPECT_EQ(Kept("b.c.e,b.b,b.c.d"),
            (AttributeMap{{"b", M({{"b", S("b")}, {"c", M({{"d", N("1")}, {"e", N("2")}})}})}}));
  // Elements come in the order of the list, whatever the order of the paths.
  EXPECT_EQ(Kept("c[2],c[0]"), (AttributeMap{{"c", L({S("0"), L({S("20"), S("21")})})}}));
  EXPECT_EQ(Kept("c[3].l, c[2][1], c[1]"), (AttributeMap{{"c", L({S("1"), L({S("21")}), M({{"l", S("w")}})})}}));
}

TEST(Projection, LeavesOutWhatIsNotThere) {
  EXPECT_EQ(Kept("x"), AttributeMap());
  EXPECT_EQ(Kept("a.b, a2[0], b.x, b.c.d.e, c[9], c[0].x"), AttributeMap());
  EXPECT_EQ(Kept("b.a, b.x, c[0][1], c[9]"), (AttributeMap{{"b", M({{"a", S("a")}})}}));
}

TEST(Projection, OfNames) {
  const auto projection = ProjectionList::OfNames({"b", "a", "a", "missing"});
  EXPECT_EQ(projection.attributes(), (std::vector<std::string>{"a", "b", "missing"}));
  EXPECT_TRUE(projection.nested_attributes().empty());
  EXPECT_EQ(projection.Apply(AttributeMap{{"a", S("1")}, {"c", S("2")}}), (AttributeMap{{"a", S("1")}}));
  EXPECT_EQ(ProjectionList::OfNames({}).Apply(NestedItem()), AttributeMap());
}

TEST(Projection, NamesWhatItReads) {
  const auto projection = ParseProjection("b.c, a, d[0], b.d");
  ASSERT_TRUE(projection.ok());
  EXPECT_EQ(projection->attributes(), (std::vector<std::string>{"a", "b", "d"}));
  EXPECT_EQ(projection->nested_attributes(), (std::vector<std::string>{"b", "d"}));
}

}  // namespace
}  // namespace insula::expression
