// What DynamoDB lets pass for another type in a request: some words for booleans.
#pragma once

#include <optional>
#include <string_view>

#include "wire/json_reader.h"

namespace insula::wire {

// "true", "1", "yes" and "false", "0", "no", in any case; nullopt otherwise.
std::optional<bool> BooleanFrom(std::string_view text);

// Precondition: `json` passed the type pass as a boolean.
bool BooleanFrom(JsonValue json);

}  // namespace insula::wire
