// What requests must look like, and how it is said.
#include "iam/constraints.h"

#include <gtest/gtest.h>

#include <functional>

namespace insula::iam {
namespace {

std::string Said(const std::function<void(Constraints&)>& look) {
  Constraints constraints;
  look(constraints);
  const Result<void> verdict = constraints.Verdict();
  return verdict.ok() ? "ok" : verdict.error().message();
}

TEST(ConstraintsTest, NamesAreOfLettersDigitsAndAFewSigns) {
  const auto name = [](std::string text) { return Said([&](Constraints& c) { c.Name("roleName", text, 64); }); };
  for (const char* good : {"a", "A_b+c=d,e.f@g-h", "0"}) EXPECT_EQ(name(good), "ok") << good;
  EXPECT_EQ(name(std::string(64, 'x')), "ok");
  EXPECT_EQ(name(std::string(65, 'x')), "1 validation error detected: Value '" + std::string(65, 'x') +
                                            "' at 'roleName' failed to satisfy constraint: Member must have length "
                                            "less than or equal to 64");
  EXPECT_EQ(name(""),
            "1 validation error detected: Value '' at 'roleName' failed to satisfy constraint: Member must have length "
            "greater than or equal to 1");
  for (const char* bad : {"a b", "a/b", "a:b", "a*", "ä", "a\n", "<script>"}) {
    EXPECT_EQ(name(bad),
              "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the "
              "following: +=,.@_-")
        << bad;
  }
}

TEST(ConstraintsTest, PathsBeginAndEndWithASlash) {
  const auto path = [](std::string text) { return Said([&](Constraints& c) { c.Path("path", text); }); };
  for (const char* good : {"/", "/a/", "/a/b-c.d/", "//", "/~!/"}) EXPECT_EQ(path(good), "ok") << good;
  for (const char* bad : {"a", "/a", "a/", "/a b/", "/ä/", "/\x7f/"}) {
    EXPECT_EQ(path(bad),
              "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric "
              "characters and/or / characters.")
        << bad;
  }
  EXPECT_NE(path("/" + std::string(511, 'x') + "/"), "ok");
}

TEST(ConstraintsTest, AllThatIsWrongIsSaidAtOnce) {
  EXPECT_EQ(Said([](Constraints& c) {
              c.Name("roleName", "", 64);
              c.Range("maxSessionDuration", 3599, 3600, 43200);
            }),
            "2 validation errors detected: Value '' at 'roleName' failed to satisfy constraint: Member must have "
            "length greater than or equal to 1; Value '3599' at 'maxSessionDuration' failed to satisfy constraint: "
            "Member must have value greater than or equal to 3600");
}

TEST(ConstraintsTest, TagsAreOfLettersOfAnyScript) {
  const auto tag = [](std::string key, std::string value) {
    return Said([&](Constraints& c) { c.TagList({{"ok", ""}, {key, value}}); });
  };
  EXPECT_EQ(tag("Größe", "ключ 値 _.:/=+-@"), "ok");
  EXPECT_EQ(tag("", "x"),
            "1 validation error detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must "
            "have length greater than or equal to 1");
  EXPECT_EQ(tag("a#", "x"),
            "1 validation error detected: Value 'a#' at 'tags.2.member.key' failed to satisfy constraint: Member must "
            "satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+");
  EXPECT_EQ(tag("a", "x\n"),
            "1 validation error detected: Value 'x\n' at 'tags.2.member.value' failed to satisfy constraint: Member "
            "must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
  EXPECT_EQ(tag(std::string(128, 'k'), std::string(256, 'v')), "ok");
  EXPECT_NE(tag(std::string(129, 'k'), ""), "ok");
  EXPECT_NE(tag("k", std::string(257, 'v')), "ok");
  EXPECT_NE(tag("\xff", ""), "ok");
  EXPECT_EQ(Said([](Constraints& c) { c.TagList(Tags(51)); }),
            "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less "
            "than or equal to 50");
}

TEST(ConstraintsTest, DocumentsAreOfPrintableCharacters) {
  const auto document = [](std::string text) {
    return Said([&](Constraints& c) { c.Document("policyDocument", text); });
  };
  EXPECT_EQ(document("{\t\r\n \u00e4}"), "ok");
  for (const char* bad : {"{\u4e2d}", "{\x01}", "{\xff}"}) {
    EXPECT_EQ(document(bad),
              "The specified value for policyDocument is invalid. It must contain only printable ASCII characters.");
  }
  EXPECT_EQ(document(""),
            "1 validation error detected: Value '' at 'policyDocument' failed to satisfy constraint: Member must have "
            "length greater than or equal to 1");
  EXPECT_EQ(document(std::string(131073, 'x')),
            "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: Member must have "
            "length less than or equal to 131072");
}

TEST(ConstraintsTest, WhiteSpaceDoesntCount) {
  EXPECT_EQ(SizeWithoutBlanks("{ \"a\" :\t[\r\n] }"), 8u);
  EXPECT_EQ(SizeWithoutBlanks("\u00e4"), 1u);
}

}  // namespace
}  // namespace insula::iam
