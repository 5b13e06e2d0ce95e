// Ids of access keys as AWS draws them: a prefix that tells the kind, and 16 characters of base32.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
#pragma once

#include <string>
#include <string_view>

#include "base/crypto.h"

namespace insula::access {

inline constexpr std::string_view kLongTermPrefix = "AKIA";
inline constexpr std::string_view kSessionPrefix = "ASIA";  // comes with a session token

inline std::string DrawAccessKeyId(std::string_view prefix) {
  constexpr std::size_t kDrawn = 16;
  return std::string(prefix) + RandomText(kDrawn, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
}

}  // namespace insula::access
