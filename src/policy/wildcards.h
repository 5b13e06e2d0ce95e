// Matching with wildcards, in bounded time and without recursion.
#pragma once

#include <string_view>

namespace insula::policy {

// The two wildcards in a compiled pattern: bytes that UTF-8 never has, so that '*' and '?' may stand for themselves.
inline constexpr char kAnyCharacters = '\xff';
inline constexpr char kOneCharacter = '\xfe';

// Whether all of `value` is matched. kOneCharacter stands for one character of UTF-8, or for one byte of what is no
// UTF-8.
bool WildcardMatch(std::string_view pattern, std::string_view value);

}  // namespace insula::policy
