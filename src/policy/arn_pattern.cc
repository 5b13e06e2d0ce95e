#include "policy/arn_pattern.h"

namespace insula::policy {

std::array<std::optional<std::string_view>, Arn::kParts + 1> SplitArnPattern(std::string_view text, bool variables) {
  std::array<std::optional<std::string_view>, Arn::kParts + 1> parts;
  std::size_t part = 0;
  std::size_t start = 0;
  bool in_variable = false;
  for (std::size_t i = 0; i < text.size() && part < Arn::kParts; ++i) {
    if (variables && text.substr(i).starts_with("${")) in_variable = true;
    if (text[i] == '}') in_variable = false;
    if (text[i] != ':' || in_variable) continue;
    parts[part++] = text.substr(start, i - start);
    start = i + 1;
  }
  parts[part] = text.substr(start);
  return parts;
}

std::optional<ArnPattern> ArnPattern::Parse(std::string_view text, bool variables) {
  ArnPattern pattern;
  if (text == "*") {
    pattern.everything_ = true;
    return pattern;
  }
  const auto parts = SplitArnPattern(text, variables);
  if (parts[0] != "arn") return std::nullopt;
  for (std::size_t i = 0; i < Arn::kParts; ++i) {
    std::optional<Pattern> part =
        Pattern::Parse(parts[i + 1].value_or("*"), {.wildcards = true, .variables = variables, .ignore_case = false});
    if (!part) return std::nullopt;
    pattern.parts_[i] = std::move(*part);
  }
  return pattern;
}

Match ArnPattern::Matches(const Arn& arn, const Facts& facts) const {
  if (everything_) return Match::kYes;
  // The resource tells ARNs apart most often. What a variable without a value leaves open, another part may settle.
  Match all = Match::kYes;
  for (std::size_t i = Arn::kParts; i-- > 0;) {
    const Match match = parts_[i].Matches(arn.parts[i], facts);
    if (match == Match::kNo) return match;
    if (match == Match::kUnresolved) all = match;
  }
  return all;
}

std::optional<std::string_view> ArnPattern::Account() const {
  if (everything_) return std::nullopt;
  const std::optional<std::string_view> account = parts_[Arn::kAccount].Literal();
  return account && !account->empty() ? account : std::nullopt;
}

}  // namespace insula::policy
