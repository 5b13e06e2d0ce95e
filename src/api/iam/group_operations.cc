// CreateGroup and what else is done with groups and their members.
#include <array>

#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

Task<Result<void>> CreateGroup(Call& call) {
  std::string name = call.parameters.Required("GroupName");
  std::string path = call.Path();
  INSULA_CO_TRY(call.Check());
  iam::Group future;
  future.name = name;
  future.path = path;
  INSULA_CO_TRY(call.Authorize(iam::ArnOf(call.realm.account, future)));
  INSULA_CO_ASSIGN(const iam::GroupPtr group,
                   co_await call.iam.groups.Create(call.realm, std::move(name), std::move(path)));
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope)).Group(call.result().Add("Group"), *group);
  co_return Result<void>();
}

Task<Result<void>> GetGroup(Call& call) {
  const std::string name = call.Name("GroupName", iam::kNameMax);
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Group>(name));
  INSULA_CO_ASSIGN(const iam::GroupPtr group, call.iam.groups.Find(call.realm, name));
  INSULA_CO_ASSIGN(const auto page, call.iam.groups.Members(call.realm, name, request));
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const Shapes shapes(call.realm.account, *now);
  shapes.Group(call.result().Add("Group"), *group);
  query::Element users = call.result().Add("Users");
  for (const iam::UserPtr& user : page.items) shapes.User(users.Add("member"), *user, Shapes::Detail::kListed);
  call.EndPage(page.marker);
  co_return Result<void>();
}

void AnswerGroups(Call& call, const iam::Page<iam::GroupPtr>& page) {
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const Shapes shapes(call.realm.account, *now);
  query::Element groups = call.result().Add("Groups");
  for (const iam::GroupPtr& group : page.items) shapes.Group(groups.Add("member"), *group);
  call.EndPage(page.marker);
}

Task<Result<void>> ListGroups(Call& call) {
  const std::string prefix = call.PathPrefix();
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize("*"));
  AnswerGroups(call, call.iam.groups.List(call.realm, prefix, request));
  co_return Result<void>();
}

Task<Result<void>> ListGroupsForUser(Call& call) {
  const std::string user = call.Name("UserName", iam::kNameMax);
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(user));
  INSULA_CO_ASSIGN(const auto page, call.iam.groups.Of(call.realm, user, request));
  AnswerGroups(call, page);
  co_return Result<void>();
}

Task<Result<void>> UpdateGroup(Call& call) {
  const std::string name = call.Name("GroupName", iam::kNameMax);
  std::optional<std::string> new_name = call.parameters.Optional("NewGroupName");
  std::optional<std::string> new_path = call.parameters.Optional("NewPath");
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Group>(name));
  co_return co_await call.iam.groups.Rename(call.realm, name, std::move(new_name), std::move(new_path));
}

Task<Result<void>> DeleteGroup(Call& call) {
  const std::string name = call.Name("GroupName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Group>(name));
  co_return co_await call.iam.groups.Delete(call.realm, name);
}

Task<Result<void>> AddUserToGroup(Call& call) {
  const std::string group = call.Name("GroupName", iam::kNameMax);
  const std::string user = call.Name("UserName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Group>(group));
  co_return co_await call.iam.groups.AddUser(call.realm, group, user);
}

Task<Result<void>> RemoveUserFromGroup(Call& call) {
  const std::string group = call.Name("GroupName", iam::kNameMax);
  const std::string user = call.Name("UserName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Group>(group));
  co_return co_await call.iam.groups.RemoveUser(call.realm, group, user);
}

}  // namespace

Operations GroupOperations() {
  static constexpr std::array kOperations = {
      Operation{"CreateGroup", CreateGroup},       Operation{"GetGroup", GetGroup},
      Operation{"ListGroups", ListGroups},         Operation{"ListGroupsForUser", ListGroupsForUser},
      Operation{"UpdateGroup", UpdateGroup},       Operation{"DeleteGroup", DeleteGroup},
      Operation{"AddUserToGroup", AddUserToGroup}, Operation{"RemoveUserFromGroup", RemoveUserFromGroup},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
