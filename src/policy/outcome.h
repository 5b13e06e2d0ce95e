// What each type of policy says of a request, and what follows from it all (evaluate.h has the rules).
#pragma once

#include <cstdint>

#include "policy/evaluate.h"
#include "policy/principal_pattern.h"

namespace insula::policy {

enum class Outcome : std::uint8_t { kNone, kAllow, kDeny };

struct Outcomes {
  // With the facts about the request that the rules ask for; the outcomes are to be filled in. A type of policy that
  // there is none of limits nothing, which is as if it allowed.
  static Outcomes For(const Grants& grants, const Document* resource_policy, const Request& request);

  Verdict Decide() const;

  Outcome service_control = Outcome::kAllow;
  bool resource_denies = false;
  NamedAs allowed_as = NamedAs::kNobody;  // as what the resource's policy allows the principal, at best
  Outcome identity = Outcome::kNone;
  Outcome boundary = Outcome::kAllow;
  Outcome session = Outcome::kAllow;

  PrincipalType principal = PrincipalType::kUser;
  bool same_account = false;
  bool trust = false;  // the resource is a role, which its own policy must open

 private:
  PolicyType resource_type() const { return trust ? PolicyType::kTrust : PolicyType::kResource; }
};

}  // namespace insula::policy
