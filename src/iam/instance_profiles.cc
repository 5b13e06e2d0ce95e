#include "iam/instance_profiles.h"

#include "iam/constraints.h"
#include "iam/find.h"
#include "iam/quotas.h"
#include "iam/refusals.h"
#include "iam/tags.h"
#include "iam/unique_id.h"

namespace insula::iam {
namespace {

ProfileWithRole WithRole(const Snapshot& now, InstanceProfilePtr profile) {
  RolePtr role = profile->role ? now.roles.WithId(*profile->role) : nullptr;
  return {std::move(profile), std::move(role)};
}

Page<ProfileWithRole> ByName(std::vector<ProfileWithRole> profiles, const PageRequest& page) {
  return PageOf(std::move(profiles), page,
                [](const ProfileWithRole& one) -> const std::string& { return one.profile->name; });
}

}  // namespace

Task<Result<InstanceProfilePtr>> InstanceProfiles::Create(Realm realm, std::string name, std::string path, Tags tags) {
  Constraints constraints;
  constraints.Name("instanceProfileName", name, kNameMax);
  constraints.Path("path", path);
  constraints.TagList(tags);
  INSULA_CO_TRY(constraints.Verdict());
  InstanceProfile profile;
  INSULA_CO_ASSIGN(profile.tags, TagsWith({}, tags));
  EntityChange change = co_await store_.Begin(realm.scope);
  if (change.now().profiles.Named(name) != nullptr) co_return InstanceProfileTaken(name);
  if (change.now().profiles.size() >= kInstanceProfilesMax) {
    co_return QuotaExceeded("InstanceProfilesPerAccount", kInstanceProfilesMax);
  }
  profile.id = NewId(kInstanceProfileIdPrefix);
  profile.name = std::move(name);
  profile.path = std::move(path);
  profile.created = change.at();
  auto made = std::make_shared<const InstanceProfile>(std::move(profile));
  change.Put(made);
  INSULA_CO_TRY(co_await change.Commit());
  co_return made;
}

Task<Result<void>> InstanceProfiles::Delete(Realm realm, std::string name) {
  EntityChange change = co_await store_.Begin(realm.scope);
  INSULA_CO_ASSIGN(const InstanceProfilePtr profile, iam::Find<InstanceProfile>(change.now(), realm, name));
  if (profile->role) co_return DeleteFirst("remove roles from instance profile");
  change.Remove(profile);
  co_return co_await change.Commit();
}

Result<ProfileWithRole> InstanceProfiles::Find(const Realm& realm, std::string_view name) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(InstanceProfilePtr profile, iam::Find<InstanceProfile>(*now, realm, name));
  return WithRole(*now, std::move(profile));
}

Page<ProfileWithRole> InstanceProfiles::List(const Realm& realm, std::string_view path_prefix,
                                             const PageRequest& page) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  std::vector<ProfileWithRole> profiles;
  for (const InstanceProfilePtr& profile : now->profiles.ByName()) {
    if (profile->path.starts_with(path_prefix)) profiles.push_back(WithRole(*now, profile));
  }
  return ByName(std::move(profiles), page);
}

Result<Page<ProfileWithRole>> InstanceProfiles::ForRole(const Realm& realm, std::string_view role,
                                                        const PageRequest& page) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(const RolePtr found, iam::Find<Role>(*now, realm, role));
  std::vector<ProfileWithRole> profiles;
  for (const InstanceProfilePtr& profile : now->profiles.ByName()) {
    if (profile->role == found->id) profiles.push_back({profile, found});
  }
  return ByName(std::move(profiles), page);
}

Task<Result<void>> InstanceProfiles::AddRole(Realm realm, std::string name, std::string role) {
  auto edit = [realm, role](const Snapshot& now, InstanceProfile& profile) -> Result<void> {
    INSULA_ASSIGN(const RolePtr added, iam::Find<Role>(now, realm, role));
    if (profile.role) return QuotaExceeded("InstanceSessionsPerInstanceProfile", 1);
    profile.role = added->id;
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<InstanceProfile>(&store_, realm, std::move(name), std::move(edit)));
  co_return Result<void>();
}

Task<Result<void>> InstanceProfiles::RemoveRole(Realm realm, std::string name, std::string role) {
  auto edit = [realm, role](const Snapshot& now, InstanceProfile& profile) -> Result<void> {
    INSULA_ASSIGN(const RolePtr removed, iam::Find<Role>(now, realm, role));
    if (profile.role != removed->id) return NoSuchEntity(kRoleWord, removed->name);
    profile.role.reset();
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<InstanceProfile>(&store_, realm, std::move(name), std::move(edit)));
  co_return Result<void>();
}

}  // namespace insula::iam
