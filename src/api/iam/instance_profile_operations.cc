// CreateInstanceProfile and what else is done with instance profiles.
#include <array>

#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

using Detail = Shapes::Detail;

Task<Result<void>> CreateInstanceProfile(Call& call) {
  std::string name = call.parameters.Required("InstanceProfileName");
  std::string path = call.Path();
  iam::Tags tags = call.Tags();
  INSULA_CO_TRY(call.Check());
  AskedOfIam asked = AskedOfIam::Tagging(tags);
  iam::InstanceProfile future;
  future.name = name;
  future.path = path;
  INSULA_CO_TRY(call.Authorize(iam::ArnOf(call.realm.account, future), std::move(asked)));
  INSULA_CO_ASSIGN(iam::InstanceProfilePtr profile, co_await call.iam.instance_profiles.Create(
                                                        call.realm, std::move(name), std::move(path), std::move(tags)));
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope))
      .Profile(call.result().Add("InstanceProfile"), {std::move(profile), nullptr}, Detail::kCreated);
  co_return Result<void>();
}

Task<Result<void>> GetInstanceProfile(Call& call) {
  const std::string name = call.Name("InstanceProfileName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::InstanceProfile>(name));
  INSULA_CO_ASSIGN(const iam::ProfileWithRole profile, call.iam.instance_profiles.Find(call.realm, name));
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope))
      .Profile(call.result().Add("InstanceProfile"), profile, Detail::kWhole);
  co_return Result<void>();
}

void AnswerProfiles(Call& call, const iam::Page<iam::ProfileWithRole>& page) {
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const Shapes shapes(call.realm.account, *now);
  query::Element profiles = call.result().Add("InstanceProfiles");
  for (const iam::ProfileWithRole& profile : page.items) {
    shapes.Profile(profiles.Add("member"), profile, Detail::kListed);
  }
  call.EndPage(page.marker);
}

Task<Result<void>> ListInstanceProfiles(Call& call) {
  const std::string prefix = call.PathPrefix();
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize("*"));
  AnswerProfiles(call, call.iam.instance_profiles.List(call.realm, prefix, request));
  co_return Result<void>();
}

Task<Result<void>> ListInstanceProfilesForRole(Call& call) {
  const std::string role = call.Name("RoleName", iam::kRoleNameMax);
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(role));
  INSULA_CO_ASSIGN(const auto page, call.iam.instance_profiles.ForRole(call.realm, role, request));
  AnswerProfiles(call, page);
  co_return Result<void>();
}

Task<Result<void>> DeleteInstanceProfile(Call& call) {
  const std::string name = call.Name("InstanceProfileName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::InstanceProfile>(name));
  co_return co_await call.iam.instance_profiles.Delete(call.realm, name);
}

Task<Result<void>> AddRoleToInstanceProfile(Call& call) {
  const std::string name = call.Name("InstanceProfileName", iam::kNameMax);
  const std::string role = call.Name("RoleName", iam::kRoleNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::InstanceProfile>(name));
  // Whoever puts a role into a profile hands it to a machine.
  if (const iam::RolePtr passed = call.iam.Of(call.realm.scope)->roles.Named(role)) {
    AskedOfIam asked;
    asked.passed_to_service = "ec2.amazonaws.com";
    asked.resource_tags = passed->tags;
    INSULA_CO_TRY(call.AuthorizeAs("iam:PassRole", iam::ArnOf(call.realm.account, *passed), std::move(asked)));
  }
  co_return co_await call.iam.instance_profiles.AddRole(call.realm, name, role);
}

Task<Result<void>> RemoveRoleFromInstanceProfile(Call& call) {
  const std::string name = call.Name("InstanceProfileName", iam::kNameMax);
  const std::string role = call.Name("RoleName", iam::kRoleNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<iam::InstanceProfile>(name));
  co_return co_await call.iam.instance_profiles.RemoveRole(call.realm, name, role);
}

}  // namespace

Operations InstanceProfileOperations() {
  static constexpr std::array kOperations = {
      Operation{"CreateInstanceProfile", CreateInstanceProfile},
      Operation{"GetInstanceProfile", GetInstanceProfile},
      Operation{"ListInstanceProfiles", ListInstanceProfiles},
      Operation{"ListInstanceProfilesForRole", ListInstanceProfilesForRole},
      Operation{"DeleteInstanceProfile", DeleteInstanceProfile},
      Operation{"AddRoleToInstanceProfile", AddRoleToInstanceProfile},
      Operation{"RemoveRoleFromInstanceProfile", RemoveRoleFromInstanceProfile},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
