// Base64 as DynamoDB's JSON carries binary values, and its words for what is none.
#pragma once

#include <string>
#include <string_view>

#include "base/base64.h"
#include "base/result.h"

namespace insula::wire {

using insula::AppendBase64;
using insula::DecodeBase64;

// SerializationException with DynamoDB's words unless IsBase64(text).
Result<void> CheckBase64(std::string_view text);

}  // namespace insula::wire
