// Bytes from elsewhere, made fit for where only text may stand: a line of a log, a message in JSON.
#pragma once

#include <string>
#include <string_view>

namespace insula {

// `text` with every byte that is no part of UTF-8 as \xNN; all of it unchanged where there is none. What is left to
// escape, control characters and quotes, is the business of the format that it goes into.
std::string Printable(std::string_view text);

}  // namespace insula
