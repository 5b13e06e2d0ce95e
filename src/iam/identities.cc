#include "iam/identities.h"

namespace insula::iam {
namespace {

constexpr std::size_t kRemovalsPerCommit = 100;

}  // namespace

Identities::Identities(std::unique_ptr<EntityStore> store, access::CredentialStore& credentials,
                       const OrganizationGrants* organization)
    : store_(std::move(store)),
      access_keys(*store_, credentials),
      users(*store_, access_keys),
      groups(*store_),
      roles(*store_),
      policies(*store_),
      instance_profiles(*store_),
      user_policies(*store_),
      group_policies(*store_),
      role_policies(*store_),
      user_boundaries(*store_),
      role_boundaries(*store_),
      user_tags(*store_),
      role_tags(*store_),
      policy_tags(*store_),
      instance_profile_tags(*store_),
      grants(*store_, organization) {}

Task<Result<std::unique_ptr<Identities>>> Identities::Open(RecordStore* records, access::CredentialStore* credentials,
                                                           Clock* clock, const OrganizationGrants* organization) {
  INSULA_CO_ASSIGN(std::unique_ptr<EntityStore> store, co_await EntityStore::Open(*records, *clock));
  co_return std::unique_ptr<Identities>(new Identities(std::move(store), *credentials, organization));
}

Task<Result<void>> Identities::DeleteScope(access::Scope scope) {
  EntityChange change = co_await store_->Begin(scope);
  // Whoever names something goes before what it names.
  std::vector<AnyEntity> all;
  const Snapshot& now = change.now();
  all.insert(all.end(), now.profiles.ByName().begin(), now.profiles.ByName().end());
  all.insert(all.end(), now.users.ByName().begin(), now.users.ByName().end());
  all.insert(all.end(), now.groups.ByName().begin(), now.groups.ByName().end());
  all.insert(all.end(), now.roles.ByName().begin(), now.roles.ByName().end());
  all.insert(all.end(), now.policies.ByName().begin(), now.policies.ByName().end());
  std::size_t steps = 0;
  for (AnyEntity& entity : all) {
    if (const auto* user = std::get_if<UserPtr>(&entity)) INSULA_CO_TRY(co_await access_keys.DeleteAllOf(*user));
    change.Remove(std::move(entity));
    if (++steps % kRemovalsPerCommit == 0) INSULA_CO_TRY(co_await change.Commit());
  }
  co_return co_await change.Commit();
}

}  // namespace insula::iam
