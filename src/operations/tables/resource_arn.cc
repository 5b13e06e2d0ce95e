#include "operations/tables/resource_arn.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "operations/core/refusal.h"

namespace insula::operations {

Result<void> CheckTableArn(const std::string& arn, std::string_view region) {
  std::string lower = arn;
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; });
  if (!lower.starts_with("arn:")) return Invalid("ARNs must start with 'arn:': {}", arn);
  auto invalid = [&] { return ValidationError("Invalid TableArn: Invalid ResourceArn provided as input " + arn); };
  std::string_view rest = lower;
  std::string_view parts[6];
  for (std::string_view& part : parts) {
    std::size_t end = &part == &parts[5] ? std::string_view::npos : rest.find(':');
    part = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  }
  if (parts[1] != "aws" || parts[3] != region || parts[4].empty()) return invalid();
  if (parts[2] != "dynamodb") return Invalid("Provided Arn is not a DynamoDB resource arn: {}", arn);
  bool digits = std::ranges::all_of(parts[4], [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || !parts[5].starts_with("table/")) return invalid();
  std::string_view name = parts[5].substr(6);
  if (std::size_t slash = name.find('/'); slash != std::string_view::npos) {
    if (name.substr(slash).starts_with("/index/")) {
      return Invalid("Invalid resource arn provided, only table or stream is accepted. Provided resource arn: {}", arn);
    }
    return name.substr(slash).starts_with("/stream/") ? Result<void>() : invalid();
  }
  if (name.size() < 3) return invalid();
  return {};
}

}  // namespace insula::operations
