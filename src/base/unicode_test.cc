#include "base/unicode.h"

#include <gtest/gtest.h>

#include <string>

namespace insula {
namespace {

TEST(Unicode, CodePointsComeOneByOne) {
  std::string_view text = "a\u00e9\u8868\U0001F511";
  for (const char32_t expected : {U'a', U'\u00e9', U'\u8868', U'\U0001F511'}) {
    EXPECT_EQ(static_cast<std::uint32_t>(ConsumeCodePoint(&text)), static_cast<std::uint32_t>(expected));
  }
  EXPECT_TRUE(text.empty());
}

TEST(Unicode, LettersDigitsAndBlanksOfEveryScript) {
  for (const char32_t c : {U'a', U'Z', U'0', U' ', U'\u00e9', U'\u043a', U'\u8868', U'\u0664', U'\u00a0', U'\u3000'}) {
    EXPECT_TRUE(IsLetterDigitOrBlank(c)) << static_cast<std::uint32_t>(c);
  }
  for (const char32_t c : {U'\0', U'!', U'~', U'\u007f', U'\u00d7', U'\u20ac', U'\U0001F511', U'\U0010FFFF'}) {
    EXPECT_FALSE(IsLetterDigitOrBlank(c)) << static_cast<std::uint32_t>(c);
  }
}

}  // namespace
}  // namespace insula
