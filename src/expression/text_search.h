// Looking for a part in a text, or for bytes in bytes, in time linear in both however they are made.
#pragma once

#include <cstddef>
#include <string_view>

namespace insula::expression {

// Whether `part` is somewhere in `text`. Looks at no more than a small multiple of the bytes of both; `*looked`, if
// any, is told at how many.
bool ContainsPart(std::string_view text, std::string_view part, std::size_t* looked = nullptr);

}  // namespace insula::expression
