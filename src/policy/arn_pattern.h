// Patterns of ARNs, part by part: no wildcard reaches across a colon, but for those of the resource, which may hold
// some. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "policy/arn.h"
#include "policy/facts.h"
#include "policy/pattern.h"

namespace insula::policy {

class ArnPattern {
 public:
  // `text`: "*", or "arn:" and up to five parts; those that are left out match anything. `variables`: whether it may
  // have some. nullopt: it is neither, or a part is no pattern.
  static std::optional<ArnPattern> Parse(std::string_view text, bool variables);

  bool MatchesEverything() const { return everything_; }  // "*", which matches what is no ARN, too
  Match Matches(const Arn& arn, const Facts& facts) const;

  // The account that it is bound to, where it names one.
  std::optional<std::string_view> Account() const;

 private:
  bool everything_ = false;
  std::array<Pattern, Arn::kParts> parts_;
};

// The text cut at its colons, but not at those within a variable, into at most six.
std::array<std::optional<std::string_view>, Arn::kParts + 1> SplitArnPattern(std::string_view text, bool variables);

}  // namespace insula::policy
