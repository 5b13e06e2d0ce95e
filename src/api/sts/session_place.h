// Where a role's session acts: the context that its credentials will stand for.
//
// A role belongs to a context, or to an account, which the operator made it in. What of the context that leaves open,
// the session's tags say: `environment`, `service` and `tenant`, or, where tags in the wild have other names, what the
// role's own tags insula:EnvironmentTag, insula:ServiceTag and insula:TenantTag say that they are called. Whoever is in
// a context already stays in it, or in a part of it, however many roles follow. A session without a context there is
// not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/scope.h"
#include "access/session.h"
#include "base/result.h"
#include "iam/entities.h"
#include "iam/realm.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/identity/context.h"

namespace insula::api::sts {

struct SessionPlace {
  access::Scope scope;
  AccountId tenant_account;  // empty where the scope is no tenant's
};

// Parts of a context that somebody may say.
struct ContextParts {
  std::optional<EnvironmentName> environment{};
  std::optional<ServiceName> service{};
  std::optional<TenantId> tenant{};
};

// AccessDenied, without saying what is missing, where no active context comes of it. `known`: what the caller's own
// context, or the token that it shows, says already, which role and tags can't contradict.
Result<SessionPlace> PlaceSession(const tenancy::Catalog& catalog, const ContextParts& known, const iam::Realm& realm,
                                  const iam::Role& role, const std::vector<access::SessionTag>& tags);
ContextParts PartsOf(const tenancy::Context& caller);  // none of an operator's

}  // namespace insula::api::sts
