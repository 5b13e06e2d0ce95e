// Where a role's session acts: the context that its credentials will stand for.
//
// A role belongs to a context, or to an account, which the operator made it in. What of the context that leaves open,
// the session's tags say: `environment`, `service` and `tenant`, or, where tags in the wild have other names, what the
// role's own tags insula:EnvironmentTag, insula:ServiceTag and insula:TenantTag say that they are called. Whoever is in
// a context already stays in it, or in a part of it, however many roles follow. A session without a context there is
// not.
#pragma once

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

// AccessDenied, without saying what is missing, where no active context comes of it. `caller`: null for a web identity,
// which is nowhere yet.
Result<SessionPlace> PlaceSession(const tenancy::Catalog& catalog, const tenancy::Context* caller,
                                  const iam::Realm& realm, const iam::Role& role,
                                  const std::vector<access::SessionTag>& tags);

}  // namespace insula::api::sts
