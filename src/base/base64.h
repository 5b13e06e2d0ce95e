// RFC 4648 base64: the standard alphabet, padded.
#pragma once

#include <string>
#include <string_view>

namespace insula {

void AppendBase64(std::string_view bytes, std::string* out);

// Whether `text` is canonical: a multiple of four characters of the alphabet, padded, unused bits zero. So no two texts
// stand for the same bytes.
bool IsBase64(std::string_view text);
// Precondition: IsBase64(text).
std::string DecodeBase64(std::string_view text);

}  // namespace insula
