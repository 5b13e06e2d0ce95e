// Comparison of ASCII text whatever its case. (Beast 1.81's iequals reads a byte past the end of what it is given.)
#pragma once

#include <string_view>

namespace insula::http {

inline bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace insula::http
