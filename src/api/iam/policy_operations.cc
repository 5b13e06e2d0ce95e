// CreatePolicy and what else is done with managed policies and their versions.
#include <fmt/format.h>

#include <array>
#include <limits>

#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

using Detail = Shapes::Detail;

std::string VersionIdOf(Call& call) {
  std::string id = call.parameters.Required("VersionId");
  if (!id.empty() && !iam::ParseVersionId(id)) {
    call.constraints.Violated("versionId", id,
                              R"(Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?)");
  }
  return id;
}

Task<Result<void>> CreatePolicy(Call& call) {
  iam::NewPolicy request{.name = call.parameters.Required("PolicyName"), .path = call.Path(), .document = {}};
  request.document = call.parameters.Required("PolicyDocument");
  request.description = call.parameters.Optional("Description");
  request.tags = call.Tags();
  INSULA_CO_TRY(call.Check());
  AskedOfIam asked = AskedOfIam::Tagging(request.tags);
  iam::ManagedPolicy future;
  future.name = request.name;
  future.path = request.path;
  INSULA_CO_TRY(call.Authorize(iam::ArnOf(call.realm.account, future), std::move(asked)));
  INSULA_CO_ASSIGN(iam::ManagedPolicyPtr policy, co_await call.iam.policies.Create(call.realm, std::move(request)));
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope))
      .Policy(call.result().Add("Policy"), {std::move(policy), 0, 0}, Detail::kCreated);
  co_return Result<void>();
}

Task<Result<void>> GetPolicy(Call& call) {
  const std::string arn = call.Arn("PolicyArn");
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOnPolicy(arn));
  INSULA_CO_ASSIGN(const iam::PolicyUse use, call.iam.policies.Find(call.realm, arn));
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope)).Policy(call.result().Add("Policy"), use, Detail::kWhole);
  co_return Result<void>();
}

Task<Result<void>> ListPolicies(Call& call) {
  iam::PolicyFilter filter;
  const std::string scope = call.OneOf("Scope", {"All", "AWS", "Local"});
  filter.aws = scope != "Local";
  filter.local = scope != "AWS";
  filter.only_attached = call.parameters.Boolean("OnlyAttached", false);
  filter.path_prefix = call.PathPrefix();
  const bool by_usage = call.parameters.Optional("PolicyUsageFilter").has_value();
  const std::string usage = call.OneOf("PolicyUsageFilter", {"PermissionsPolicy", "PermissionsBoundary"});
  if (by_usage) {
    filter.only_attached = true;
    filter.as_permissions = usage == "PermissionsPolicy";
    filter.as_boundary = usage == "PermissionsBoundary";
  }
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize("*"));
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const Shapes shapes(call.realm.account, *now);
  const iam::Page<iam::PolicyUse> page = call.iam.policies.List(call.realm, filter, request);
  query::Element policies = call.result().Add("Policies");
  for (const iam::PolicyUse& use : page.items) shapes.Policy(policies.Add("member"), use, Detail::kListed);
  call.EndPage(page.marker);
  co_return Result<void>();
}

Task<Result<void>> DeletePolicy(Call& call) {
  const std::string arn = call.Arn("PolicyArn");
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOnPolicy(arn));
  co_return co_await call.iam.policies.Delete(call.realm, arn);
}

Task<Result<void>> CreatePolicyVersion(Call& call) {
  const std::string arn = call.Arn("PolicyArn");
  std::string document = call.parameters.Required("PolicyDocument");
  const bool set_as_default = call.parameters.Boolean("SetAsDefault", false);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOnPolicy(arn));
  INSULA_CO_ASSIGN(const iam::PolicyVersion version,
                   co_await call.iam.policies.CreateVersion(call.realm, arn, std::move(document), set_as_default));
  query::Element made = call.result().Add("PolicyVersion");
  made.Text("VersionId", iam::VersionId(version.number));
  made.Boolean("IsDefaultVersion", set_as_default);
  made.Time("CreateDate", version.created);
  co_return Result<void>();
}

Task<Result<void>> GetPolicyVersion(Call& call) {
  const std::string arn = call.Arn("PolicyArn");
  const std::string id = VersionIdOf(call);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOnPolicy(arn));
  INSULA_CO_ASSIGN(const iam::PolicyUse use, call.iam.policies.Find(call.realm, arn));
  INSULA_CO_ASSIGN(const iam::PolicyVersion version, call.iam.policies.FindVersion(call.realm, arn, id));
  Shapes(call.realm.account, *call.iam.Of(call.realm.scope))
      .Version(call.result().Add("PolicyVersion"), *use.policy, version, true);
  co_return Result<void>();
}

Task<Result<void>> ListPolicyVersions(Call& call) {
  const std::string arn = call.Arn("PolicyArn");
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOnPolicy(arn));
  INSULA_CO_ASSIGN(const iam::PolicyUse use, call.iam.policies.Find(call.realm, arn));
  const auto newest_first = [](const iam::PolicyVersion& version) {
    return fmt::format("{:019}", std::numeric_limits<std::int64_t>::max() - version.number);
  };
  const auto page = iam::PageOf(use.policy->versions, request, newest_first);
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const Shapes shapes(call.realm.account, *now);
  query::Element versions = call.result().Add("Versions");
  for (const iam::PolicyVersion& version : page.items) {
    shapes.Version(versions.Add("member"), *use.policy, version, false);
  }
  call.EndPage(page.marker);
  co_return Result<void>();
}

Task<Result<void>> SetDefaultPolicyVersion(Call& call) {
  const std::string arn = call.Arn("PolicyArn");
  const std::string id = VersionIdOf(call);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOnPolicy(arn));
  co_return co_await call.iam.policies.SetDefaultVersion(call.realm, arn, id);
}

Task<Result<void>> DeletePolicyVersion(Call& call) {
  const std::string arn = call.Arn("PolicyArn");
  const std::string id = VersionIdOf(call);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOnPolicy(arn));
  co_return co_await call.iam.policies.DeleteVersion(call.realm, arn, id);
}

// A user, a group or a role, each of which the answer has in a list of its own.
struct Holder {
  std::string kind;  // "User"
  std::string name;
  std::string id;
};

Task<Result<void>> ListEntitiesForPolicy(Call& call) {
  const std::string arn = call.Arn("PolicyArn");
  const std::string prefix = call.PathPrefix();
  const bool all = !call.parameters.Optional("EntityFilter").has_value();
  const std::string kind =
      call.OneOf("EntityFilter", {"User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"});
  const bool by_usage = call.parameters.Optional("PolicyUsageFilter").has_value();
  const bool boundaries =
      call.OneOf("PolicyUsageFilter", {"PermissionsPolicy", "PermissionsBoundary"}) == "PermissionsBoundary";
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOnPolicy(arn));
  std::vector<Holder> holders;
  const auto add = [&](const char* of, const auto& entities) {
    if (!all && kind != of) return;
    for (const auto& entity : entities) {
      if (!entity->path.starts_with(prefix)) continue;
      holders.push_back({of, entity->name, entity->id});
    }
  };
  for (const bool as_boundary : {false, true}) {
    if (by_usage && boundaries != as_boundary) continue;
    INSULA_CO_ASSIGN(const iam::PolicyHolders found, call.iam.policies.Holders(call.realm, arn, as_boundary));
    add("Group", found.groups);
    add("User", found.users);
    add("Role", found.roles);
  }
  const auto page =
      iam::PageOf(std::move(holders), request, [](const Holder& holder) { return holder.kind + "/" + holder.name; });
  for (const char* of : {"Group", "User", "Role"}) {
    query::Element list = call.result().Add(fmt::format("Policy{}s", of));
    for (const Holder& holder : page.items) {
      if (holder.kind != of) continue;
      query::Element member = list.Add("member");
      member.Text(fmt::format("{}Name", of), holder.name);
      member.Text(fmt::format("{}Id", of), holder.id);
    }
  }
  call.EndPage(page.marker);
  co_return Result<void>();
}

}  // namespace

Operations PolicyOperations() {
  static constexpr std::array kOperations = {
      Operation{"CreatePolicy", CreatePolicy},
      Operation{"GetPolicy", GetPolicy},
      Operation{"ListPolicies", ListPolicies},
      Operation{"DeletePolicy", DeletePolicy},
      Operation{"CreatePolicyVersion", CreatePolicyVersion},
      Operation{"GetPolicyVersion", GetPolicyVersion},
      Operation{"ListPolicyVersions", ListPolicyVersions},
      Operation{"SetDefaultPolicyVersion", SetDefaultPolicyVersion},
      Operation{"DeletePolicyVersion", DeletePolicyVersion},
      Operation{"ListEntitiesForPolicy", ListEntitiesForPolicy},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
