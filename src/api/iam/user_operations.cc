// CreateUser and what else is done with users, their boundaries in it.
#include <array>

#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

using Detail = Shapes::Detail;

Task<Result<void>> CreateUser(Call& call) {
  iam::NewUser request{.name = call.parameters.Required("UserName"), .path = call.Path()};
  request.boundary_arn = call.OptionalArn("PermissionsBoundary");
  request.tags = call.Tags();
  INSULA_CO_TRY(call.Check());
  AskedOfIam asked = AskedOfIam::Tagging(request.tags);
  asked.boundary_arn = request.boundary_arn.value_or("");
  iam::User future;
  future.name = request.name;
  future.path = request.path;
  INSULA_CO_TRY(call.Authorize(iam::ArnOf(call.realm.account, future), std::move(asked)));
  INSULA_CO_ASSIGN(const iam::UserPtr user, co_await call.iam.users.Create(call.realm, std::move(request)));
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope)).User(call.result().Add("User"), *user, Detail::kCreated);
  co_return Result<void>();
}

// The root of an account is shown as the user that it isn't.
void ShowRoot(Call& call) {
  query::Element user = call.result().Add("User");
  user.Text("UserId", call.realm.account.value());
  user.Text("Arn", "arn:aws:iam::" + call.realm.account.value() + ":root");
  user.Time("CreateDate", WallTime{});
}

Task<Result<void>> GetUser(Call& call) {
  if (!call.parameters.Optional("UserName") && call.IsOfRoot()) {
    ShowRoot(call);
    co_return Result<void>();
  }
  INSULA_CO_ASSIGN(const std::string name, call.UserNameOrOwn());
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(name));
  INSULA_CO_ASSIGN(const iam::UserPtr user, call.iam.users.Find(call.realm, name));
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope)).User(call.result().Add("User"), *user, Detail::kWhole);
  co_return Result<void>();
}

Task<Result<void>> ListUsers(Call& call) {
  const std::string prefix = call.PathPrefix();
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize("*"));
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const Shapes shapes(call.realm.account, *now);
  const iam::Page<iam::UserPtr> page = call.iam.users.List(call.realm, prefix, request);
  query::Element users = call.result().Add("Users");
  for (const iam::UserPtr& user : page.items) shapes.User(users.Add("member"), *user, Detail::kListed);
  call.EndPage(page.marker);
  co_return Result<void>();
}

Task<Result<void>> UpdateUser(Call& call) {
  const std::string name = call.Name("UserName", iam::kNameMax);
  std::optional<std::string> new_name = call.parameters.Optional("NewUserName");
  std::optional<std::string> new_path = call.parameters.Optional("NewPath");
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(name));
  co_return co_await call.iam.users.Rename(call.realm, name, std::move(new_name), std::move(new_path));
}

Task<Result<void>> DeleteUser(Call& call) {
  const std::string name = call.Name("UserName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(name));
  co_return co_await call.iam.users.Delete(call.realm, name);
}

Task<Result<void>> PutUserPermissionsBoundary(Call& call) {
  const std::string name = call.Name("UserName", iam::kNameMax);
  const std::string arn = call.Arn("PermissionsBoundary");
  INSULA_CO_TRY(call.Check());
  AskedOfIam asked;
  asked.boundary_arn = arn;
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(name, std::move(asked)));
  co_return co_await call.iam.user_boundaries.Put(call.realm, name, arn);
}

Task<Result<void>> DeleteUserPermissionsBoundary(Call& call) {
  const std::string name = call.Name("UserName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::User>(name));
  co_return co_await call.iam.user_boundaries.Delete(call.realm, name);
}

}  // namespace

Operations UserOperations() {
  static constexpr std::array kOperations = {
      Operation{"CreateUser", CreateUser},
      Operation{"GetUser", GetUser},
      Operation{"ListUsers", ListUsers},
      Operation{"UpdateUser", UpdateUser},
      Operation{"DeleteUser", DeleteUser},
      Operation{"PutUserPermissionsBoundary", PutUserPermissionsBoundary},
      Operation{"DeleteUserPermissionsBoundary", DeleteUserPermissionsBoundary},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
