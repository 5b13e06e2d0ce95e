// RFC 4648 base64 with padding, as DynamoDB's JSON carries binary values.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace insula::wire {

void AppendBase64(std::string_view bytes, std::string* out);

// SerializationException with DynamoDB's words unless `text` is canonical base64: a multiple of four characters
// of the standard alphabet, padded, unused bits zero.
Result<void> CheckBase64(std::string_view text);
// Precondition: CheckBase64(text).
std::string DecodeBase64(std::string_view text);

}  // namespace insula::wire
