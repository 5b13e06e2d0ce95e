// What is UTF-8 and what isn't (RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF).
#pragma once

#include <cstddef>
#include <string_view>

namespace insula {

// The length of the sequence at the front of `text`, 1 to 4; 0 if there is none.
std::size_t Utf8SequenceAt(std::string_view text);
bool IsUtf8(std::string_view text);

}  // namespace insula
