#include "iam/groups.h"

#include <algorithm>

#include "iam/constraints.h"
#include "iam/find.h"
#include "iam/quotas.h"
#include "iam/refusals.h"
#include "iam/unique_id.h"

namespace insula::iam {
namespace {

bool IsMember(const User& user, const Group& group) {
  return std::find(user.groups.begin(), user.groups.end(), group.id) != user.groups.end();
}

template <class Ptr>
Page<Ptr> ByName(std::vector<Ptr> entities, const PageRequest& page) {
  return PageOf(std::move(entities), page, [](const Ptr& entity) -> const std::string& { return entity->name; });
}

}  // namespace

Task<Result<GroupPtr>> Groups::Create(Realm realm, std::string name, std::string path) {
  Constraints constraints;
  constraints.Name("groupName", name, kNameMax);
  constraints.Path("path", path);
  INSULA_CO_TRY(constraints.Verdict());
  EntityChange change = co_await store_.Begin(realm.scope);
  if (change.now().groups.Named(name) != nullptr) co_return NameTaken(kGroupWord, name);
  if (change.now().groups.size() >= kGroupsMax) co_return QuotaExceeded("GroupsPerAccount", kGroupsMax);
  Group group;
  group.id = NewId(kGroupIdPrefix);
  group.name = std::move(name);
  group.path = std::move(path);
  group.created = change.at();
  auto made = std::make_shared<const Group>(std::move(group));
  change.Put(made);
  INSULA_CO_TRY(co_await change.Commit());
  co_return made;
}

Task<Result<void>> Groups::Rename(Realm realm, std::string name, std::optional<std::string> new_name,
                                  std::optional<std::string> new_path) {
  Constraints constraints;
  if (new_name) constraints.Name("newGroupName", *new_name, kNameMax);
  if (new_path) constraints.Path("newPath", *new_path);
  INSULA_CO_TRY(constraints.Verdict());
  auto edit = [new_name, new_path](const Snapshot& now, Group& group) -> Result<void> {
    if (new_name) group.name = *new_name;
    if (new_path) group.path = *new_path;
    const GroupPtr of_that_name = now.groups.Named(group.name);
    if (of_that_name != nullptr && of_that_name->id != group.id) return NameTaken(kGroupWord, group.name);
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<Group>(&store_, std::move(realm), std::move(name), std::move(edit)));
  co_return Result<void>();
}

Task<Result<void>> Groups::Delete(Realm realm, std::string name) {
  EntityChange change = co_await store_.Begin(realm.scope);
  INSULA_CO_ASSIGN(const GroupPtr group, iam::Find<Group>(change.now(), realm, name));
  if (!group->policies.attached.empty()) co_return DeleteFirst("detach all policies");
  if (!group->policies.inline_policies.empty()) co_return DeleteFirst("delete policies");
  const auto& users = change.now().users.ByName();
  if (std::any_of(users.begin(), users.end(), [&](const UserPtr& user) { return IsMember(*user, *group); })) {
    co_return DeleteFirst("remove users from group");
  }
  change.Remove(group);
  co_return co_await change.Commit();
}

Result<GroupPtr> Groups::Find(const Realm& realm, std::string_view name) const {
  return iam::Find<Group>(*store_.Of(realm.scope), realm, name);
}

Page<GroupPtr> Groups::List(const Realm& realm, std::string_view path_prefix, const PageRequest& page) const {
  std::vector<GroupPtr> groups;
  for (const GroupPtr& group : store_.Of(realm.scope)->groups.ByName()) {
    if (group->path.starts_with(path_prefix)) groups.push_back(group);
  }
  return ByName(std::move(groups), page);
}

Task<Result<void>> Groups::AddUser(Realm realm, std::string group, std::string user) {
  auto edit = [realm, group](const Snapshot& now, User& member) -> Result<void> {
    INSULA_ASSIGN(const GroupPtr joined, iam::Find<Group>(now, realm, group));
    if (IsMember(member, *joined)) return {};
    if (member.groups.size() >= kGroupsPerUserMax) return QuotaExceeded("GroupsPerUser", kGroupsPerUserMax);
    member.groups.push_back(joined->id);
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<User>(&store_, realm, std::move(user), std::move(edit)));
  co_return Result<void>();
}

Task<Result<void>> Groups::RemoveUser(Realm realm, std::string group, std::string user) {
  auto edit = [realm, group](const Snapshot& now, User& member) -> Result<void> {
    INSULA_ASSIGN(const GroupPtr left, iam::Find<Group>(now, realm, group));
    // Removing one who isn't a member is an error to AWS, and one that doesn't say more.
    if (std::erase(member.groups, left->id) == 0) return NoSuchEntity(kUserWord, member.name);
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<User>(&store_, realm, std::move(user), std::move(edit)));
  co_return Result<void>();
}

Result<Page<UserPtr>> Groups::Members(const Realm& realm, std::string_view group, const PageRequest& page) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(const GroupPtr found, iam::Find<Group>(*now, realm, group));
  std::vector<UserPtr> members;
  for (const UserPtr& user : now->users.ByName()) {
    if (IsMember(*user, *found)) members.push_back(user);
  }
  return ByName(std::move(members), page);
}

Result<Page<GroupPtr>> Groups::Of(const Realm& realm, std::string_view user, const PageRequest& page) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(const UserPtr found, iam::Find<User>(*now, realm, user));
  std::vector<GroupPtr> groups;
  for (const std::string& id : found->groups) {
    if (const GroupPtr group = now->groups.WithId(id)) groups.push_back(group);
  }
  return ByName(std::move(groups), page);
}

}  // namespace insula::iam
