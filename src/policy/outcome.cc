#include "policy/outcome.h"

namespace insula::policy {

Outcomes Outcomes::For(const Grants& grants, const Document* resource_policy, const Request& request) {
  Outcomes outcomes;
  outcomes.principal = grants.principal.type;
  outcomes.same_account = request.is_of_own_account || grants.principal.account == request.resource_account;
  outcomes.trust = resource_policy != nullptr && resource_policy->kind() == DocumentKind::kTrust;
  return outcomes;
}

Verdict Outcomes::Decide() const {
  const auto explicitly = [](PolicyType type) { return Verdict{Decision::kExplicitlyDenied, type}; };
  const auto implicitly = [](PolicyType type) { return Verdict{Decision::kImplicitlyDenied, type}; };
  if (service_control == Outcome::kDeny) return explicitly(PolicyType::kServiceControl);
  if (resource_denies) return explicitly(resource_type());
  if (identity == Outcome::kDeny) return explicitly(PolicyType::kIdentity);
  if (boundary == Outcome::kDeny) return explicitly(PolicyType::kBoundary);
  if (session == Outcome::kDeny) return explicitly(PolicyType::kSession);

  if (service_control == Outcome::kNone) return implicitly(PolicyType::kServiceControl);
  // Who has shown a token alone is of no account; the role's trust policy is all there is.
  const bool stranger = principal == PrincipalType::kWebIdentity;
  const bool resource_must_allow = trust || stranger || !same_account;
  if (resource_must_allow && allowed_as == NamedAs::kNobody) return implicitly(resource_type());

  // What the resource's policy gives by itself, it gives within an account only.
  const bool named = stranger || (same_account && allowed_as >= NamedAs::kSource);
  const bool in_person = stranger || (same_account && allowed_as == NamedAs::kItself);
  const bool past_boundary = in_person || (named && allowed_as == NamedAs::kEveryone);
  const bool root = principal == PrincipalType::kRoot;
  if (!named && !root && identity != Outcome::kAllow) return implicitly(PolicyType::kIdentity);
  if (!past_boundary && boundary != Outcome::kAllow) return implicitly(PolicyType::kBoundary);
  if (!in_person && session != Outcome::kAllow) return implicitly(PolicyType::kSession);
  return {Decision::kAllowed, named && identity != Outcome::kAllow && !root ? resource_type() : PolicyType::kIdentity};
}

}  // namespace insula::policy
