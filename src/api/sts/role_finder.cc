#include "api/sts/role_finder.h"

#include <string>
#include <utility>
#include <vector>

#include "iam/arn.h"

namespace insula::api::sts {
namespace {

// The scopes that may have roles of the account, as far as the caller's context reaches, the nearest first.
std::vector<access::Scope> ScopesOf(const tenancy::Catalog& catalog, const tenancy::Context& caller,
                                    const AccountId& account) {
  std::vector<access::Scope> scopes;
  const auto add_if_its = [&](const ContextNames& names) {
    const Result<tenancy::Context> context = catalog.ContextOf(names);
    if (context.ok() && tenancy::AccountOf(*context) == account) scopes.emplace_back(names);
  };
  if (const ContextNames* names = tenancy::NamesOf(caller)) {
    add_if_its(*names);
    if (names->tenant) {
      add_if_its(names->OfService());
    } else if (const auto owner = catalog.OwnerOf(account); owner && owner->tenant) {
      add_if_its({names->environment, names->service, owner->tenant});
    }
  }
  scopes.emplace_back(account);
  return scopes;
}

template <class Name>
bool Agree(const std::optional<Name>& known, const Name& name) {
  return !known || *known == name;
}

std::optional<FoundRole> FindIn(const iam::Identities& identities, access::Scope scope, const AccountId& account,
                                std::string_view name, std::string_view role_arn) {
  iam::Realm realm{std::move(scope), account};
  Result<iam::RolePtr> role = identities.roles.Find(realm, name);
  if (!role.ok() || iam::ArnOf(account, **role) != role_arn) return std::nullopt;
  return FoundRole{std::move(realm), *std::move(role)};
}

}  // namespace

std::optional<FoundRole> FindRole(const tenancy::Catalog& catalog, const iam::Identities& identities,
                                  const tenancy::Context& caller, std::string_view role_arn) {
  const auto arn = iam::ParseArn(role_arn);
  if (!arn || arn->kind != "role") return std::nullopt;
  const AccountId account{std::string(arn->account)};
  for (access::Scope& scope : ScopesOf(catalog, caller, account)) {
    if (auto found = FindIn(identities, std::move(scope), account, arn->name, role_arn)) return found;
  }
  return std::nullopt;
}

std::vector<FoundRole> FindRoles(const tenancy::Catalog& catalog, const iam::Identities& identities,
                                 const ContextParts& known, std::string_view role_arn) {
  std::vector<FoundRole> found;
  const auto arn = iam::ParseArn(role_arn);
  if (!arn || arn->kind != "role") return found;
  const AccountId account{std::string(arn->account)};
  const auto look = [&](access::Scope scope) {
    if (auto role = FindIn(identities, std::move(scope), account, arn->name, role_arn))
      found.push_back(*std::move(role));
  };
  look(account);
  for (const ContextNames& names : catalog.ContextsOf(account)) {
    if (Agree(known.environment, names.environment) && Agree(known.service, names.service)) look(names);
  }
  return found;
}

}  // namespace insula::api::sts
