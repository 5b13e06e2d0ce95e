// What an identity token says, once its signature was found right: whether it is for us and for now, and what of it
// goes into a session.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/session.h"
#include "base/clock.h"
#include "base/result.h"
#include "federation/issuer.h"
#include "federation/issuer_store.h"

namespace insula::federation {

struct WebIdentityClaims {
  IssuerPtr issuer;
  access::WebIdentity identity;  // provider ("iss"), subject ("sub"), audience (the one that was found right)

  // The parts of a context that claims name; none where the issuer has no claim for it. Where it has one, it is there:
  // a token that leaves its tenant out isn't a service's. A tenant is one that the issuer may name; whoever takes a
  // tenant of the tags asks MayName, too.
  std::optional<EnvironmentName> environment;
  std::optional<ServiceName> service;
  std::optional<TenantId> tenant;

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
  // Their number and lengths are for STS to look at, as of tags that come otherwise.
  std::vector<access::SessionTag> tags;
  std::string source_identity;  // empty: none
  WallTime expires{};
};

// The claim "iss", of which nothing is proved. InvalidIdentityToken where there is none.
Result<std::string> IssuerOf(std::string_view claims);

// `claims`: a JSON object whose members come once. In this order, as far as AWS's is known in its words:
// InvalidIdentityToken (a claim that is missing or of another type), ExpiredToken, InvalidIdentityToken (not yet valid,
// audience), IDPRejectedClaim (the context, tags, source identity).
Result<WebIdentityClaims> ReadClaims(std::string_view claims, const IssuerPtr& issuer, WallTime now);

// Whether the issuer's tokens may be of this tenant.
bool MayName(const Issuer& issuer, const TenantId& tenant);

}  // namespace insula::federation
