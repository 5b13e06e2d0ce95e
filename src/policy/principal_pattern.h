// Those whom a Principal or NotPrincipal element names.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "policy/principal.h"

namespace insula::policy {

// As what a principal is named: the further down, the more it is given (evaluate.h).
enum class NamedAs : std::uint8_t {
  kNobody,
  kAccount,   // its account
  kSource,    // the role of its session, or the user of its federated session
  kEveryone,  // "*"
  kItself,
};

class PrincipalPattern {
 public:
  // `type`: "AWS", "Service", "Federated", "CanonicalUser", or "*". nullopt: nobody can be named so. An AWS principal
  // is
  // "*", an account's number or its root's ARN, the ARN of a user, a role or a session, or a unique id; without
  // wildcards.
  static std::optional<PrincipalPattern> Parse(std::string_view type, std::string_view text);

  NamedAs Names(const Principal& principal) const;

  // The account it names, or is of; an empty text where there is none.
  std::string_view account() const { return account_; }
  // A user, a role or a session, by ARN or by unique id; nullopt: anybody else.
  std::optional<std::string_view> Named() const;

 private:
  enum class Kind : std::uint8_t { kEveryone, kAccount, kArn, kUniqueId, kFederated, kOther };

  Kind kind_ = Kind::kOther;
  std::string text_;
  std::string account_;
};

}  // namespace insula::policy
