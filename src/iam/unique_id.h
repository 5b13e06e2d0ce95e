// The ids that no name and no deletion touches: a prefix that tells the kind, and 17 characters by chance (85 bits), so
// that one isn't drawn twice. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
#pragma once

#include <string>
#include <string_view>

namespace insula::iam {

inline constexpr std::string_view kUserIdPrefix = "AIDA";
inline constexpr std::string_view kGroupIdPrefix = "AGPA";
inline constexpr std::string_view kRoleIdPrefix = "AROA";
inline constexpr std::string_view kPolicyIdPrefix = "ANPA";
inline constexpr std::string_view kInstanceProfileIdPrefix = "AIPA";

std::string NewId(std::string_view prefix);

}  // namespace insula::iam
