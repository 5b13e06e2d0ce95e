#include "policy/arn.h"

namespace insula::policy {

std::optional<Arn> Arn::Parse(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  Arn arn;
  std::size_t part = 0;
  std::size_t start = 4;
  for (std::size_t i = start; i < text.size() && part + 1 < kParts; ++i) {
    if (text[i] != ':') continue;
    arn.parts[part++] = text.substr(start, i - start);
    start = i + 1;
  }
  if (part + 1 < kParts) return std::nullopt;
  arn.parts[kResource] = text.substr(start);
  return arn;
}

}  // namespace insula::policy
