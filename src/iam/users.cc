#include "iam/users.h"

#include "iam/arn.h"
#include "iam/constraints.h"
#include "iam/find.h"
#include "iam/quotas.h"
#include "iam/refusals.h"
#include "iam/tags.h"
#include "iam/trust.h"
#include "iam/unique_id.h"

namespace insula::iam {

Task<Result<UserPtr>> Users::Create(Realm realm, NewUser request) {
  Constraints constraints;
  constraints.Name("userName", request.name, kUserNameMax);
  constraints.Path("path", request.path);
  constraints.TagList(request.tags);
  INSULA_CO_TRY(constraints.Verdict());
  User user;
  INSULA_CO_ASSIGN(user.tags, TagsWith({}, request.tags));
  EntityChange change = co_await store_.Begin(realm.scope);
  const Snapshot& now = change.now();
  if (now.users.Named(request.name) != nullptr) co_return NameTaken(kUserWord, request.name);
  if (request.boundary_arn) {
    INSULA_CO_ASSIGN(user.boundary, BoundaryId(now, realm, *request.boundary_arn));
  }
  if (now.users.size() >= kUsersMax) co_return QuotaExceeded("UsersPerAccount", kUsersMax);
  user.id = NewId(kUserIdPrefix);
  user.name = std::move(request.name);
  user.path = std::move(request.path);
  user.created = change.at();
  auto made = std::make_shared<const User>(std::move(user));
  change.Put(made);
  INSULA_CO_TRY(co_await change.Commit());
  co_return made;
}

Task<Result<void>> Users::Rename(Realm realm, std::string name, std::optional<std::string> new_name,
                                 std::optional<std::string> new_path) {
  Constraints constraints;
  if (new_name) constraints.Name("newUserName", *new_name, kUserNameMax);
  if (new_path) constraints.Path("newPath", *new_path);
  INSULA_CO_TRY(constraints.Verdict());
  EntityChange change = co_await store_.Begin(realm.scope);
  INSULA_CO_ASSIGN(const UserPtr old, iam::Find<User>(change.now(), realm, name));
  User user = *old;
  if (new_name) user.name = *std::move(new_name);
  if (new_path) user.path = *std::move(new_path);
  const UserPtr of_that_name = change.now().users.Named(user.name);
  if (of_that_name != nullptr && of_that_name->id != user.id) co_return NameTaken(kUserWord, user.name);
  INSULA_CO_TRY(co_await RenameInTrusts(&change, ArnOf(realm.account, *old), ArnOf(realm.account, user)));
  change.Put(std::make_shared<const User>(std::move(user)));
  co_return co_await change.Commit();
}

Task<Result<void>> Users::Delete(Realm realm, std::string name) {
  EntityChange change = co_await store_.Begin(realm.scope);
  INSULA_CO_ASSIGN(const UserPtr user, iam::Find<User>(change.now(), realm, name));
  if (!user->policies.attached.empty()) co_return DeleteFirst("detach all policies");
  if (!user->policies.inline_policies.empty()) co_return DeleteFirst("delete policies");
  if (!keys_.Of(*user).empty()) co_return DeleteFirst("delete access keys");
  if (!user->groups.empty()) co_return DeleteFirst("remove users from group");
  INSULA_CO_TRY(co_await RenameInTrusts(&change, ArnOf(realm.account, *user), user->id));
  change.Remove(user);
  co_return co_await change.Commit();
}

Result<UserPtr> Users::Find(const Realm& realm, std::string_view name) const {
  return iam::Find<User>(*store_.Of(realm.scope), realm, name);
}

Page<UserPtr> Users::List(const Realm& realm, std::string_view path_prefix, const PageRequest& page) const {
  std::vector<UserPtr> users;
  for (const UserPtr& user : store_.Of(realm.scope)->users.ByName()) {
    if (user->path.starts_with(path_prefix)) users.push_back(user);
  }
  return PageOf(std::move(users), page, [](const UserPtr& user) -> const std::string& { return user->name; });
}

}  // namespace insula::iam
