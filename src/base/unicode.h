// What kind of character a code point is, as far as anybody asks.
#pragma once

#include <string_view>

namespace insula {

// Takes the code point at the front of `text`, which is UTF-8 and not empty, off it.
char32_t ConsumeCodePoint(std::string_view* text);

// Unicode's categories L, N and Z: letters, digits and blanks of every script.
bool IsLetterDigitOrBlank(char32_t c);

}  // namespace insula
