// Letters without their case. Only those of ASCII have one here: actions and the names of keys have no others, and what
// case a tag's key has in other scripts is nobody's rule.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace insula::policy {

constexpr char SmallLetter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string SmallLetters(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), SmallLetter);
  return small;
}

constexpr bool EqualInSmallLetters(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return SmallLetter(x) == SmallLetter(y); });
}

}  // namespace insula::policy
