// IAM: the users, groups, roles and policies of every context, and of accounts across their services. The room's
// entrance: what is done with each kind is in the file of its name.
//
//   auto opened = co_await Identities::Open(records, credentials, clock, organization);
//   iam::Identities& iam = **opened;
//   co_await iam.roles.Create({scope, account}, {.name = "app", .trust = "{…}"});
//   co_await iam.role_policies.Put({scope, account}, "app", "read", "{…}");
//   policy::GrantsPtr grants = iam.grants.OfSession(session);  // null: its role is gone
//
// Every list and name is of one scope. Nothing here tells, or changes, what another scope has.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "access/credential_store.h"
#include "base/clock.h"
#include "base/record_store.h"
#include "base/result.h"
#include "base/task.h"
#include "iam/access_keys.h"
#include "iam/entity_store.h"
#include "iam/groups.h"
#include "iam/held_policies.h"
#include "iam/instance_profiles.h"
#include "iam/policies.h"
#include "iam/principal_grants.h"
#include "iam/roles.h"
#include "iam/tag_face.h"
#include "iam/users.h"

namespace insula::iam {

// Safe from any thread.
class Identities {
 private:
  const std::unique_ptr<EntityStore> store_;

 public:
  // What it is given outlives it; `organization` may be null. Errors as EntityStore::Open's.
  static Task<Result<std::unique_ptr<Identities>>> Open(RecordStore* records, access::CredentialStore* credentials,
                                                        Clock* clock, const OrganizationGrants* organization);

  AccessKeys access_keys;
  Users users;
  Groups groups;
  Roles roles;
  Policies policies;
  InstanceProfiles instance_profiles;
  HeldPolicyFace<User> user_policies;
  HeldPolicyFace<Group> group_policies;
  HeldPolicyFace<Role> role_policies;
  BoundaryFace<User> user_boundaries;
  BoundaryFace<Role> role_boundaries;
  TagFace<User> user_tags;
  TagFace<Role> role_tags;
  TagFace<ManagedPolicy> policy_tags;
  TagFace<InstanceProfile> instance_profile_tags;
  PrincipalGrants grants;

  // All that the scope has, as it is now.
  SnapshotPtr Of(const access::Scope& scope) const { return store_->Of(scope); }

  // The scopes that have anything; whoever deletes a tenant has its scope deleted, also after a crash in between.
  std::vector<access::Scope> Scopes() const { return store_->Scopes(); }
  // Everything, access keys first. If it fails, what is left is whole, and it can be tried again.
  Task<Result<void>> DeleteScope(access::Scope scope);

 private:
  Identities(std::unique_ptr<EntityStore> store, access::CredentialStore& credentials,
             const OrganizationGrants* organization);
};

}  // namespace insula::iam
