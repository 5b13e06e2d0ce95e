// Whether policies together allow a request.
//
// The order: an explicit deny of any policy; service control policies; the resource's policy; identity policies; the
// boundary; session policies. Within an account either the resource's policy or an identity policy has to allow, and
// what the resource's policy allows passes the implicit denies of other policies by whom it names:
//
//   it names …                          passes the implicit denies of …
//   the user, or the session itself     identity policies, boundary, session policies
//   everybody ("*")                     identity policies, boundary
//   the role of the session             identity policies
//   the user of a federated session     identity policies
//   the account                         none: it leaves the decision to the account's own policies
//
// Across accounts both sides have to allow. A role's trust policy is its resource's policy, without which nobody
// assumes it, in the same account either. The root of an account has no policies of its own and is allowed everything
// there but what service control policies don't allow and any policy denies.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
#pragma once

#include <cstdint>

#include "policy/grants.h"
#include "policy/request.h"

namespace insula::policy {

enum class Decision : std::uint8_t { kAllowed, kExplicitlyDenied, kImplicitlyDenied };

enum class PolicyType : std::uint8_t { kServiceControl, kResource, kTrust, kIdentity, kBoundary, kSession };

struct Verdict {
  Decision decision = Decision::kImplicitlyDenied;
  // Of a deny: the first in the order above that denies, or that would have had to allow. Of an allow: kResource or
  // kTrust where these allowed it by themselves, else kIdentity.
  PolicyType decided_by = PolicyType::kIdentity;

  bool allowed() const { return decision == Decision::kAllowed; }
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// `resource_policy`: the policy of the request's resource (kResource) or role (kTrust); nullptr: it has none.
// Allocates nothing unless a pattern with variables comes to more than half a kilobyte. Safe from any thread.
Verdict Evaluate(const Grants& grants, const Document* resource_policy, const Request& request);

}  // namespace insula::policy
