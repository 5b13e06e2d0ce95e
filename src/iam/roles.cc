#include "iam/roles.h"

#include <algorithm>

#include "iam/arn.h"
#include "iam/constraints.h"
#include "iam/find.h"
#include "iam/quotas.h"
#include "iam/refusals.h"
#include "iam/tags.h"
#include "iam/trust.h"
#include "iam/unique_id.h"

namespace insula::iam {
namespace {

constexpr auto kUseRemembered = std::chrono::hours(1);

}  // namespace

Task<Result<RolePtr>> Roles::Create(Realm realm, NewRole request) {
  Constraints constraints;
  constraints.Name("roleName", request.name, kRoleNameMax);
  constraints.Path("path", request.path);
  constraints.Document("assumeRolePolicyDocument", request.trust);
  constraints.Description("description", request.description);
  constraints.Range("maxSessionDuration", request.session_seconds_max, kSessionSecondsMin, kSessionSecondsMax);
  constraints.TagList(request.tags);
  INSULA_CO_TRY(constraints.Verdict());
  Role role;
  INSULA_CO_ASSIGN(role.tags, TagsWith({}, request.tags));
  EntityChange change = co_await store_.Begin(realm.scope);
  const Snapshot& now = change.now();
  if (now.roles.Named(request.name) != nullptr) co_return NameTaken(kRoleWord, request.name);
  INSULA_CO_ASSIGN(role.trust, CompileTrust(now, *store_.Of(realm.account), realm, std::move(request.trust)));
  if (request.boundary_arn) {
    INSULA_CO_ASSIGN(role.boundary, BoundaryId(now, realm, *request.boundary_arn));
  }
  if (now.roles.size() >= kRolesMax) co_return QuotaExceeded("RolesPerAccount", kRolesMax);
  role.id = NewId(kRoleIdPrefix);
  role.name = std::move(request.name);
  role.path = std::move(request.path);
  role.created = change.at();
  role.description = std::move(request.description);
  role.session_seconds_max = request.session_seconds_max;
  auto made = std::make_shared<const Role>(std::move(role));
  change.Put(made);
  INSULA_CO_TRY(co_await change.Commit());
  co_return made;
}

Task<Result<RolePtr>> Roles::Update(Realm realm, std::string name, std::optional<std::string> description,
                                    std::optional<std::int64_t> session_seconds_max) {
  Constraints constraints;
  constraints.Description("description", description);
  if (session_seconds_max) {
    constraints.Range("maxSessionDuration", *session_seconds_max, kSessionSecondsMin, kSessionSecondsMax);
  }
  INSULA_CO_TRY(constraints.Verdict());
  auto edit = [description, session_seconds_max](const Snapshot&, Role& role) -> Result<void> {
    if (description) role.description = description;
    if (session_seconds_max) role.session_seconds_max = *session_seconds_max;
    return {};
  };
  co_return co_await EditEntity<Role>(&store_, std::move(realm), std::move(name), std::move(edit));
}

Task<Result<void>> Roles::UpdateTrust(Realm realm, std::string name, std::string trust) {
  Constraints constraints;
  constraints.Document("policyDocument", trust);
  INSULA_CO_TRY(constraints.Verdict());
  auto edit = [this, realm, trust](const Snapshot& now, Role& role) -> Result<void> {
    INSULA_ASSIGN(role.trust, CompileTrust(now, *store_.Of(realm.account), realm, trust));
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<Role>(&store_, realm, std::move(name), std::move(edit)));
  co_return Result<void>();
}

Task<Result<void>> Roles::Delete(Realm realm, std::string name) {
  EntityChange change = co_await store_.Begin(realm.scope);
  INSULA_CO_ASSIGN(const RolePtr role, iam::Find<Role>(change.now(), realm, name));
  if (!role->policies.attached.empty()) co_return DeleteFirst("detach all policies");
  if (!role->policies.inline_policies.empty()) co_return DeleteFirst("delete policies");
  const auto& profiles = change.now().profiles.ByName();
  if (std::any_of(profiles.begin(), profiles.end(), [&](const auto& profile) { return profile->role == role->id; })) {
    co_return DeleteFirst("remove roles from instance profile");
  }
  INSULA_CO_TRY(co_await RenameInTrusts(&change, ArnOf(realm.account, *role), role->id));
  change.Remove(role);
  co_return co_await change.Commit();
}

Result<RolePtr> Roles::Find(const Realm& realm, std::string_view name) const {
  return iam::Find<Role>(*store_.Of(realm.scope), realm, name);
}

Page<RolePtr> Roles::List(const Realm& realm, std::string_view path_prefix, const PageRequest& page) const {
  std::vector<RolePtr> roles;
  for (const RolePtr& role : store_.Of(realm.scope)->roles.ByName()) {
    if (role->path.starts_with(path_prefix)) roles.push_back(role);
  }
  return PageOf(std::move(roles), page, [](const RolePtr& role) -> const std::string& { return role->name; });
}

Task<Result<void>> Roles::NoteUse(std::string role_id, std::string region) {
  const ScopeStatePtr state = store_.ScopeOfPrincipal(role_id);
  if (state == nullptr) co_return Result<void>();
  const auto due = [&](const RolePtr& role) {
    return role != nullptr && (!role->last_used || store_.clock().Now() - *role->last_used >= kUseRemembered);
  };
  if (!due(state->Now()->roles.WithId(role_id))) co_return Result<void>();
  EntityChange change = co_await store_.Begin(state->scope());
  const RolePtr role = change.now().roles.WithId(role_id);
  if (!due(role)) co_return Result<void>();
  auto used = std::make_shared<Role>(*role);
  used->last_used = change.at();
  used->last_used_region = std::move(region);
  change.Put(RolePtr(std::move(used)));
  co_return co_await change.Commit();
}

}  // namespace insula::iam
