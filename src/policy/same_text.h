// Equality of short texts, which is most of what an evaluation does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace insula::policy {

// a == b, without a call into the C library, whose memcmp is for longer texts: eight bytes at a time, the last eight
// once more where the length isn't a multiple.
inline bool SameText(std::string_view a, std::string_view b) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (a.size() != b.size()) return false;
  if (a.size() < kWord) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  const auto same_word = [&](std::size_t at) {
    std::uint64_t x, y;
    std::memcpy(&x, a.data() + at, kWord);
    std::memcpy(&y, b.data() + at, kWord);
    return x == y;
  };
  for (std::size_t at = 0; at + kWord < a.size(); at += kWord) {
    if (!same_word(at)) return false;
  }
  return same_word(a.size() - kWord);
}

}  // namespace insula::policy
