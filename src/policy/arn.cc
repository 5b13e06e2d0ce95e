#include "policy/arn.h"

namespace insula::policy {

std::optional<Arn> Arn::Parse(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  text.remove_prefix(4);
  Arn arn;
  for (std::size_t i = 0; i + 1 < kParts; ++i) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    arn.parts[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  arn.parts[kResource] = text;
  return arn;
}

}  // namespace insula::policy
