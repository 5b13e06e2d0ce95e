// NextToken: where a SELECT goes on. Opaque to the client: sealed with the server's token keys, and bound to the
// caller's context, the statement with its parameters, and the table's incarnation, so that no token opens anything
// else. It stays good across restarts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "access/token_keys.h"
#include "base/result.h"
#include "model/attribute_value.h"

namespace insula::operations {

// After `start` in the read of this number; at its beginning if there is none.
struct ReadPosition {
  std::uint64_t read = 0;
  std::optional<AttributeMap> start;
};

std::string SealNextToken(const ReadPosition& position, std::string_view binding, const access::TokenKeys& keys);

// ValidationException: "Invalid NextToken" for what is none, "NextToken does not match request" for one of another
// binding.
Result<ReadPosition> OpenNextToken(std::string_view token, std::string_view binding, const access::TokenKeys& keys);

}  // namespace insula::operations
