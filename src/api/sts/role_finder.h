// Which role an ARN means to whoever asks: one of its own context's, of its service's, of a tenant of its service's, or
// one that the operator made in the account.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "api/sts/session_place.h"
#include "iam/entities.h"
#include "iam/identities.h"
#include "iam/realm.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/identity/context.h"

namespace insula::api::sts {

struct FoundRole {
  iam::Realm realm;
  iam::RolePtr role;
};

// nullopt: there is none, of which nobody is told.
std::optional<FoundRole> FindRole(const tenancy::Catalog& catalog, const iam::Identities& identities,
                                  const tenancy::Context& caller, std::string_view role_arn);

// The roles of that ARN that somebody may mean who is nowhere yet: the one that the operator made in the account first,
// then those of the account's contexts, but for those that contradict `known`.
std::vector<FoundRole> FindRoles(const tenancy::Catalog& catalog, const iam::Identities& identities,
                                 const ContextParts& known, std::string_view role_arn);

}  // namespace insula::api::sts
