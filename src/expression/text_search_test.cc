// contains() searches texts of hundreds of kilobytes that a client chose, for parts that it chose too: what is found
// must be what the obvious search finds, and the work linear whatever the two look like.
#include "expression/text_search.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace insula::expression {
namespace {

std::string Repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) text += unit;
  text.resize(bytes);
  return text;
}

TEST(TextSearch, SmallCases) {
  EXPECT_TRUE(ContainsPart("", ""));
  EXPECT_TRUE(ContainsPart("abc", ""));
  EXPECT_FALSE(ContainsPart("", "a"));
  EXPECT_TRUE(ContainsPart("abc", "abc"));
  EXPECT_TRUE(ContainsPart("abc", "c"));
  EXPECT_FALSE(ContainsPart("abc", "abcd"));
  EXPECT_FALSE(ContainsPart("aab", "ba"));
  EXPECT_TRUE(ContainsPart(std::string_view("a\0b", 3), std::string_view("\0b", 2)));
  EXPECT_TRUE(ContainsPart("x\xC3\xA9y", "\xC3\xA9"));
}

// Few letters make repetitions, borders and periods of every kind; the long first part brings the second search in.
TEST(TextSearch, FindsWhatTheObviousSearchFinds) {
  std::mt19937 random(20261129);
  for (int round = 0; round < 60'000; ++round) {
    const auto letter = [&] { return static_cast<char>('a' + random() % (1 + round % 3)); };
    std::string text = round % 2 == 0 ? Repeated(round % 4 == 0 ? "a" : "ab", 400) : "";
    std::string part;
    for (std::size_t n = random() % 60; n > 0; --n) text += letter();
    if (round % 5 == 0 && text.size() > 1) {
      const std::size_t begin = random() % text.size();
      part = text.substr(begin, 1 + random() % 80);
      if (round % 10 == 0) part.back() = letter();
    } else {
      for (std::size_t n = 1 + random() % 12; n > 0; --n) part += letter();
    }
    ASSERT_EQ(ContainsPart(text, part), text.find(part) != std::string::npos) << text << " " << part;
  }
}

TEST(TextSearch, WorkIsLinearWhateverThePartLooksLike) {
  constexpr std::size_t kText = 200'000;
  const std::string text = Repeated("a", kText);
  const std::string alternating = Repeated("ab", kText);
  const struct {
    const std::string& text;
    std::string part;
  } cases[] = {
      {text, Repeated("a", kText / 2) + "b"},
      {text, "b" + Repeated("a", kText / 2)},
      {text, Repeated("a", kText / 4) + "b" + Repeated("a", kText / 4)},
      {text, Repeated("a", 40) + "b"},
      {text, "ab"},
      {alternating, Repeated("ab", kText / 2) + "b"},
      {alternating, "bb" + Repeated("ab", kText / 2)},
      {alternating, Repeated("ab", kText / 4) + "aa" + Repeated("ba", kText / 4)},
      {alternating, Repeated("abababac", 4096)},
  };
  for (const auto& one : cases) {
    std::size_t looked = 0;
    EXPECT_FALSE(ContainsPart(one.text, one.part, &looked));
    EXPECT_LE(looked, 8 * (one.text.size() + one.part.size())) << one.part.substr(0, 20);
  }
}

}  // namespace
}  // namespace insula::expression
