// Amazon resource names, taken apart: arn:partition:service:region:account:resource.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace insula::policy {

// Views of the text it was parsed from. The resource may hold further colons.
struct Arn {
  static constexpr std::size_t kParts = 5;
  enum Part : std::size_t { kPartition, kService, kRegion, kAccount, kResource };

  // nullopt: not "arn:" and five parts.
  static std::optional<Arn> Parse(std::string_view text);

  std::string_view operator[](Part part) const { return parts[part]; }

  std::array<std::string_view, kParts> parts;
};

}  // namespace insula::policy
