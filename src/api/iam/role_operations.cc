// CreateRole and what else is done with roles, their trust and their boundaries in it.
#include <array>

#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

using Detail = Shapes::Detail;

// What isn't a number of this size at all is said by the parameter; its bounds are the room's.
std::optional<std::int64_t> MaxSessionDuration(Call& call) {
  return call.parameters.Number("MaxSessionDuration", std::numeric_limits<std::int32_t>::min(),
                                std::numeric_limits<std::int32_t>::max());
}

void AnswerRole(Call& call, const iam::Role& role, Detail detail) {
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope)).Role(call.result().Add("Role"), role, detail);
}

Task<Result<void>> CreateRole(Call& call) {
  iam::NewRole request{.name = call.parameters.Required("RoleName"), .path = call.Path(), .trust = {}};
  request.trust = call.parameters.Required("AssumeRolePolicyDocument");
  request.description = call.parameters.Optional("Description");
  request.session_seconds_max = MaxSessionDuration(call).value_or(iam::kSessionSecondsMin);
  request.boundary_arn = call.OptionalArn("PermissionsBoundary");
  request.tags = call.Tags();
  INSULA_CO_TRY(call.Check());
  AskedOfIam asked = AskedOfIam::Tagging(request.tags);
  asked.boundary_arn = request.boundary_arn.value_or("");
  iam::Role future;
  future.name = request.name;
  future.path = request.path;
  INSULA_CO_TRY(call.Authorize(iam::ArnOf(call.realm.account, future), std::move(asked)));
  INSULA_CO_ASSIGN(const iam::RolePtr role, co_await call.iam.roles.Create(call.realm, std::move(request)));
  AnswerRole(call, *role, Detail::kCreated);
  co_return Result<void>();
}

Task<Result<void>> GetRole(Call& call) {
  const std::string name = call.Name("RoleName", iam::kRoleNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(name));
  INSULA_CO_ASSIGN(const iam::RolePtr role, call.iam.roles.Find(call.realm, name));
  AnswerRole(call, *role, Detail::kWhole);
  co_return Result<void>();
}

Task<Result<void>> ListRoles(Call& call) {
  const std::string prefix = call.PathPrefix();
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize("*"));
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const Shapes shapes(call.realm.account, *now);
  const iam::Page<iam::RolePtr> page = call.iam.roles.List(call.realm, prefix, request);
  query::Element roles = call.result().Add("Roles");
  for (const iam::RolePtr& role : page.items) shapes.Role(roles.Add("member"), *role, Detail::kListed);
  call.EndPage(page.marker);
  co_return Result<void>();
}

Task<Result<void>> UpdateRole(Call& call) {
  const std::string name = call.Name("RoleName", iam::kRoleNameMax);
  std::optional<std::string> description = call.parameters.Optional("Description");
  const std::optional<std::int64_t> seconds = MaxSessionDuration(call);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(name));
  INSULA_CO_TRY(co_await call.iam.roles.Update(call.realm, name, std::move(description), seconds));
  call.result();
  co_return Result<void>();
}

Task<Result<void>> UpdateRoleDescription(Call& call) {
  const std::string name = call.Name("RoleName", iam::kRoleNameMax);
  std::string description = call.parameters.Required("Description");
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(name));
  INSULA_CO_ASSIGN(const iam::RolePtr role,
                   co_await call.iam.roles.Update(call.realm, name, std::move(description), std::nullopt));
  AnswerRole(call, *role, Detail::kWhole);
  co_return Result<void>();
}

Task<Result<void>> UpdateAssumeRolePolicy(Call& call) {
  const std::string name = call.Name("RoleName", iam::kRoleNameMax);
  std::string trust = call.parameters.Required("PolicyDocument");
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(name));
  co_return co_await call.iam.roles.UpdateTrust(call.realm, name, std::move(trust));
}

Task<Result<void>> DeleteRole(Call& call) {
  const std::string name = call.Name("RoleName", iam::kRoleNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(name));
  co_return co_await call.iam.roles.Delete(call.realm, name);
}

Task<Result<void>> PutRolePermissionsBoundary(Call& call) {
  const std::string name = call.Name("RoleName", iam::kRoleNameMax);
  const std::string arn = call.Arn("PermissionsBoundary");
  INSULA_CO_TRY(call.Check());
  AskedOfIam asked;
  asked.boundary_arn = arn;
  INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(name, std::move(asked)));
  co_return co_await call.iam.role_boundaries.Put(call.realm, name, arn);
}

Task<Result<void>> DeleteRolePermissionsBoundary(Call& call) {
  const std::string name = call.Name("RoleName", iam::kRoleNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(name));
  co_return co_await call.iam.role_boundaries.Delete(call.realm, name);
}

}  // namespace

Operations RoleOperations() {
  static constexpr std::array kOperations = {
      Operation{"CreateRole", CreateRole},
      Operation{"GetRole", GetRole},
      Operation{"ListRoles", ListRoles},
      Operation{"UpdateRole", UpdateRole},
      Operation{"UpdateRoleDescription", UpdateRoleDescription},
      Operation{"UpdateAssumeRolePolicy", UpdateAssumeRolePolicy},
      Operation{"DeleteRole", DeleteRole},
      Operation{"PutRolePermissionsBoundary", PutRolePermissionsBoundary},
      Operation{"DeleteRolePermissionsBoundary", DeleteRolePermissionsBoundary},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
