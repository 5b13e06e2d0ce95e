// Letters without their case, as actions, the names of keys, tags' keys and the operators that ignore case want them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace insula::policy {

// Each character by itself (Unicode's simple mapping), so that one never becomes two. What is no UTF-8 keeps its other
// bytes.
std::string SmallLetters(std::string_view text);

namespace internal {
constexpr char SmallAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
inline bool IsAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}
}  // namespace internal

// SmallLetters(a) == SmallLetters(b), allocating nothing for ASCII.
inline bool EqualInSmallLetters(std::string_view a, std::string_view b) {
  const bool same = a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
                      return internal::SmallAscii(x) == internal::SmallAscii(y);
                    });
  return same || ((!internal::IsAscii(a) || !internal::IsAscii(b)) && SmallLetters(a) == SmallLetters(b));
}

}  // namespace insula::policy
