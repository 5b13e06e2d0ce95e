// Patterns decide what a policy is about, so that each of their forms is here with what it nearly matches; and hostile
// ones, which are to cost no more than others.
#include "policy/pattern.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "policy/arn_pattern.h"
#include "policy/context_entries.h"
#include "policy/testing/cases.h"

namespace insula::policy {
namespace {

class PatternTest : public ::testing::Test {
 protected:
  PatternTest() {
    context_.Add("aws:PrincipalTag/tenant", "acme");
    context_.Add("aws:PrincipalTag/star", "a*");
    context_.Add("aws:UserAgent", "a\xff");
    context_.AddSet("aws:TagKeys", {"tenant"});
    context_.Add("sts:ExternalId", std::string(20'000, 'x'));
  }

  Match Matching(std::string_view pattern, std::string_view value, PatternForm form) const {
    const std::optional<Pattern> parsed = Pattern::Parse(pattern, form);
    EXPECT_TRUE(parsed) << pattern;
    return parsed ? parsed->Matches(value, facts_) : Match::kNo;
  }

  ContextEntries context_;
  Action action_{"dynamodb:GetItem"};
  Principal principal_;
  Request request_{action_, "*", "", WallTime{}, context_};
  Facts facts_{principal_, request_};
};

TEST_F(PatternTest, Wildcards) {
  constexpr PatternForm kForm{.wildcards = true};
  struct Case {
    std::string_view pattern, value;
    bool matches;
  };
  const Case cases[] = {
      {"*", "", true},
      {"*", "anything", true},
      {"", "", true},
      {"", "a", false},
      {"Get*", "Get", true},
      {"Get*", "GetItem", true},
      {"Get*", "get", false},
      {"*Item", "GetItem", true},
      {"*Item", "GetItems", false},
      {"*Item", "Item", true},
      {"a*b*c", "abc", true},
      {"a*b*c", "a1b2b3c", true},
      {"a*b*c", "acb", false},
      {"a*b*c", "ac", false},
      {"*ab*ab*", "ab", false},
      {"*ab*ab*", "abab", true},
      {"a**b", "ab", true},
      {"?", "", false},
      {"?", "a", true},
      {"?", "ab", false},
      {"?", "\xc3\xbc", true},   // one character of two bytes
      {"*?", "\xc3\xbc", true},  // which it is from behind, too
      {"?\xc3\xbc?", "a\xc3\xbc\xe2\x82\xac", true},
      {"*?b?*", "ab", false},
      {"*?b?*", "xabcx", true},
      {"*?b?*", "abc", true},
      {"a?c*", "abcd", true},
      {"a?c*", "acd", false},
      {"*a", "ba", true},
      {"aa*aa", "aaa", false},  // head and tail don't overlap
      {"$x{", "$x{", true},     // no variable
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Matching(c.pattern, c.value, kForm), c.matches ? Match::kYes : Match::kNo)
        << c.pattern << " on " << c.value;
  }
  EXPECT_EQ(Matching("a*?", "a*?", {}), Match::kYes);
  EXPECT_EQ(Matching("a*?", "abc", {}), Match::kNo);
}

TEST_F(PatternTest, Variables) {
  constexpr PatternForm kForm{.wildcards = true, .variables = true};
  struct Case {
    std::string_view pattern, value;
    Match match;
  };
  const Case cases[] = {
      {"${aws:PrincipalTag/tenant}", "acme", Match::kYes},
      {"${aws:PrincipalTag/tenant}", "globex", Match::kNo},
      {"${AWS:principaltag/TENANT}", "acme", Match::kYes},  // keys ignore case
      {"${ aws:PrincipalTag/tenant }", "acme", Match::kYes},
      {"t/${aws:PrincipalTag/tenant}/*", "t/acme/1", Match::kYes},
      {"t/${aws:PrincipalTag/tenant}/*", "t/acmes/1", Match::kNo},
      {"${aws:PrincipalTag/tenant}${aws:PrincipalTag/tenant}", "acmeacme", Match::kYes},
      {"${aws:PrincipalTag/star}", "abc", Match::kNo},  // a value has no wildcards
      {"${aws:PrincipalTag/star}", "a*", Match::kYes},
      {"${aws:PrincipalTag/star}*", "a*bc", Match::kYes},
      {"${aws:PrincipalTag/none}", "", Match::kUnresolved},
      {"${aws:PrincipalTag/none}*", "acme", Match::kUnresolved},
      {"${aws:PrincipalTag/none, 'acme'}", "acme", Match::kYes},
      {"${aws:PrincipalTag/none,'acme'}", "acme", Match::kYes},
      {"${aws:PrincipalTag/none, ''}x", "x", Match::kYes},
      {"${aws:PrincipalTag/none, 'a}b,c'}", "a}b,c", Match::kYes},
      {"${aws:PrincipalTag/none, 'a*'}", "ab", Match::kNo},  // nor has a default
      {"${aws:PrincipalTag/tenant, 'other'}", "other", Match::kNo},
      {"${aws:TagKeys}", "tenant", Match::kUnresolved},  // a set is no text
      {"${aws:TagKeys, 'tenant'}", "tenant", Match::kUnresolved},
      {"${aws:UserAgent}", "ab", Match::kUnresolved},  // it would be a wildcard
      {"${sts:ExternalId}", "x", Match::kUnresolved},  // too long
      {"${*}${?}${$}", "*?$", Match::kYes},
      {"${*}", "a", Match::kNo},
      {"a${$}{b}", "a${b}", Match::kYes},
  };
  for (const Case& c : cases) EXPECT_EQ(Matching(c.pattern, c.value, kForm), c.match) << c.pattern << " on " << c.value;
  EXPECT_EQ(Matching("${aws:PrincipalTag/tenant}", "acme", {.wildcards = true}), Match::kNo) << "variables are off";
  EXPECT_EQ(Matching("A-${aws:PrincipalTag/tenant}", "a-ACME", {.variables = true, .ignore_case = true}), Match::kYes);
}

TEST_F(PatternTest, IgnoringCase) {
  constexpr PatternForm kForm{.variables = true, .ignore_case = true};
  EXPECT_EQ(Matching("Acme", "aCME", kForm), Match::kYes);
  EXPECT_EQ(Matching("\xc3\x9cn", "\xc3\xbcN", kForm), Match::kYes);  // u with two dots, capital and small
  EXPECT_EQ(Matching("\xce\xa3", "\xcf\x82", kForm), Match::kYes);    // sigma, and the one that ends words
  EXPECT_EQ(Matching("\xc3\x9f", "ss", kForm), Match::kNo);           // one character stays one
  EXPECT_EQ(Matching("\xc3\xbcn", "un", kForm), Match::kNo);
  EXPECT_EQ(Matching("\xc3\xbc", "\xc3", kForm), Match::kNo);  // no UTF-8
  EXPECT_EQ(Matching("${aws:PrincipalTag/TENANT}-\xc3\x9c", "ACME-\xc3\xbc", kForm), Match::kYes);
}

TEST_F(PatternTest, WhatIsNoPattern) {
  constexpr PatternForm kForm{.wildcards = true, .variables = true};
  for (const std::string_view text :
       {"${", "${aws:username", "${}", "${ }", "${, 'x'}", "${aws:username, x}", "${aws:username,}",
        "${aws:username, '}", "${aws:${aws:username}}", "${a*}", "${aws:username, 'x' y}"}) {
    EXPECT_FALSE(Pattern::Parse(text, kForm)) << text;
  }
  const std::string long_run = "*?" + std::string(Pattern::kMixedMax, 'a') + "*";
  EXPECT_FALSE(Pattern::Parse(long_run, kForm));
  EXPECT_TRUE(Pattern::Parse("*?" + std::string(Pattern::kMixedMax, 'a'), kForm))
      << "which is looked for at the end alone";
}

TEST_F(PatternTest, HostilePatternsAreQuick) {
  const std::string value(2'048, 'a');
  std::string stars;
  for (int i = 0; i < 1'000; ++i) stars += "*a";
  const std::string runs = "*" + std::string(1'000, 'a') + "b*" + std::string(1'000, 'a') + "b";
  const std::string mixed = "*?" + std::string(Pattern::kMixedMax - 2, 'a') + "b*";
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    for (const std::string& pattern : {stars + "b", runs, mixed}) {
      EXPECT_EQ(Matching(pattern, value, {.wildcards = true}), Match::kNo);
    }
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20))
      << "300 matches; quadratic ones take minutes";
}

TEST_F(PatternTest, ArnsMatchPartByPart) {
  struct Case {
    std::string_view pattern, arn;
    Match match;
  };
  constexpr std::string_view kStream =
      "arn:aws:dynamodb:us-east-1:111122223333:table/Orders/stream/2026-01-31T12:00:00.000";
  const Case cases[] = {
      {"*", testing::kTable, Match::kYes},
      {"arn:aws:dynamodb:us-east-1:111122223333:table/Orders", testing::kTable, Match::kYes},
      {"arn:aws:dynamodb:us-east-1:111122223333:table/orders", testing::kTable, Match::kNo},
      {"arn:aws:dynamodb:*:*:table/*", testing::kTable, Match::kYes},
      {"arn:aws:dynamodb:*:*:table/Orders/index/*", testing::kTable, Match::kNo},
      {"arn:aws:dynamodb:us-*:1111?2223333:table/Ord*", testing::kTable, Match::kYes},
      {"arn:aws:dynamodb:us*:table/Orders", testing::kTable, Match::kNo},  // no '*' reaches across a colon
      {"arn:aws:dynamodb", testing::kTable, Match::kYes},                  // what is left out matches anything
      {"arn:aws:dynamodb:us-east-1", testing::kTable, Match::kYes},
      {"arn:aws:dynamodb:eu-west-1", testing::kTable, Match::kNo},
      {"arn:aws:dynamodb:*:*:table/Orders/*", kStream, Match::kYes},  // but in a resource, which may hold some
      {"arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/tenant}", "arn:aws:dynamodb:r:a:table/acme", Match::kYes},
      {"arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/none}", "arn:aws:dynamodb:r:a:table/acme", Match::kUnresolved},
      {"arn:aws:dynamodb:other:*:table/${aws:PrincipalTag/none}", "arn:aws:dynamodb:r:a:table/acme", Match::kNo},
      {"arn:aws:dynamodb:*:${aws:PrincipalTag/none, '1:2'}:x", "arn:aws:dynamodb:r:a:x", Match::kNo},
  };
  for (const Case& c : cases) {
    const std::optional<ArnPattern> pattern = ArnPattern::Parse(c.pattern, true);
    ASSERT_TRUE(pattern) << c.pattern;
    EXPECT_EQ(pattern->Matches(*Arn::Parse(c.arn), facts_), c.match) << c.pattern << " on " << c.arn;
  }
  EXPECT_FALSE(ArnPattern::Parse("Orders", true));
  EXPECT_FALSE(Arn::Parse("arn:aws:dynamodb:us-east-1:111122223333"));
}

}  // namespace
}  // namespace insula::policy
