// GetAccountAuthorizationDetails: everything that an account has, in one list of pages.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <variant>

#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

using Detail = Shapes::Detail;

constexpr std::array<std::string_view, 5> kFilters = {"User", "Role", "Group", "LocalManagedPolicy",
                                                      "AWSManagedPolicy"};

// One entity of any kind, and where it stands in the whole: kind by kind, by name.
struct Listed {
  std::string key;
  std::variant<iam::UserPtr, iam::GroupPtr, iam::RolePtr, iam::PolicyUse> entity;
};

void InlineIn(query::Element to, const char* list, const iam::HeldPolicies& held) {
  query::Element policies = to.Add(list);
  for (const auto& [name, policy] : held.inline_policies) {
    query::Element member = policies.Add("member");
    member.Text("PolicyName", name);
    member.Text("PolicyDocument", PercentEncoded(policy.text));
  }
}

class Writer {
 public:
  Writer(const AccountId& account, const iam::Snapshot& now) : now_(now), shapes_(account, now) {}

  void Write(query::Element to, const iam::User& user) const {
    shapes_.User(to, user, Detail::kWhole);
    InlineIn(to, "UserPolicyList", user.policies);
    query::Element groups = to.Add("GroupList");
    for (const std::string& id : user.groups) {
      if (const iam::GroupPtr group = now_.groups.WithId(id)) groups.Text("member", group->name);
    }
    AttachedIn(to, user.policies);
  }
  void Write(query::Element to, const iam::Group& group) const {
    shapes_.Group(to, group);
    InlineIn(to, "GroupPolicyList", group.policies);
    AttachedIn(to, group.policies);
  }
  void Write(query::Element to, const iam::Role& role) const {
    shapes_.Role(to, role, Detail::kWhole);
    query::Element profiles = to.Add("InstanceProfileList");
    for (const iam::InstanceProfilePtr& profile : now_.profiles.ByName()) {
      if (profile->role != role.id) continue;
      shapes_.Profile(profiles.Add("member"), {profile, now_.roles.WithId(role.id)}, Detail::kListed);
    }
    InlineIn(to, "RolePolicyList", role.policies);
    AttachedIn(to, role.policies);
  }
  void Write(query::Element to, const iam::PolicyUse& use) const {
    shapes_.Policy(to, use, Detail::kWhole);
    query::Element versions = to.Add("PolicyVersionList");
    for (auto version = use.policy->versions.rbegin(); version != use.policy->versions.rend(); ++version) {
      shapes_.Version(versions.Add("member"), *use.policy, *version, true);
    }
  }

 private:
  void AttachedIn(query::Element to, const iam::HeldPolicies& held) const {
    query::Element attached = to.Add("AttachedManagedPolicies");
    for (const std::string& id : held.attached) {
      if (const iam::ManagedPolicyPtr policy = now_.PolicyWithId(id)) shapes_.Attached(attached.Add("member"), *policy);
    }
  }

  const iam::Snapshot& now_;
  const Shapes shapes_;
};

std::vector<Listed> Collect(Call& call, const iam::Snapshot& now, const std::vector<std::string>& filters) {
  const auto wanted = [&](std::string_view kind) {
    return filters.empty() || std::find(filters.begin(), filters.end(), kind) != filters.end();
  };
  std::vector<Listed> all;
  const auto add = [&](int place, const auto& entity) {
    all.push_back({fmt::format("{}/{}/{}", place, entity->name, entity->id), entity});
  };
  if (wanted("User")) std::ranges::for_each(now.users.ByName(), [&](const auto& one) { add(1, one); });
  if (wanted("Group")) std::ranges::for_each(now.groups.ByName(), [&](const auto& one) { add(2, one); });
  if (wanted("Role")) std::ranges::for_each(now.roles.ByName(), [&](const auto& one) { add(3, one); });
  const auto add_policies = [&](const iam::PolicyFilter& filter) {
    const iam::PageRequest everything{.marker = {}, .max_items = std::numeric_limits<std::size_t>::max()};
    for (iam::PolicyUse& use : call.iam.policies.List(call.realm, filter, everything).items) {
      all.push_back({fmt::format("4/{}/{}", use.policy->name, use.policy->id), std::move(use)});
    }
  };
  if (wanted("LocalManagedPolicy")) add_policies({.aws = false});
  // Of AWS's own, those that somebody has.
  if (wanted("AWSManagedPolicy")) add_policies({.local = false, .only_attached = true, .as_boundary = true});
  return all;
}

Task<Result<void>> GetAccountAuthorizationDetails(Call& call) {
  const std::vector<std::string> filters = call.parameters.Texts("Filter");
  for (const std::string& filter : filters) {
    if (std::find(kFilters.begin(), kFilters.end(), filter) != kFilters.end()) continue;
    call.constraints.Violated("filter", filter,
                              "Member must satisfy enum value set: [User, Role, Group, LocalManagedPolicy, "
                              "AWSManagedPolicy]");
  }
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize("*"));
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const auto page = iam::PageOf(Collect(call, *now, filters), request,
                                [](const Listed& one) -> const std::string& { return one.key; });
  query::Element users = call.result().Add("UserDetailList");
  query::Element groups = call.result().Add("GroupDetailList");
  query::Element roles = call.result().Add("RoleDetailList");
  query::Element policies = call.result().Add("Policies");
  const Writer writer(call.realm.account, *now);
  for (const Listed& one : page.items) {
    if (const auto* user = std::get_if<iam::UserPtr>(&one.entity)) writer.Write(users.Add("member"), **user);
    if (const auto* group = std::get_if<iam::GroupPtr>(&one.entity)) writer.Write(groups.Add("member"), **group);
    if (const auto* role = std::get_if<iam::RolePtr>(&one.entity)) writer.Write(roles.Add("member"), **role);
    if (const auto* use = std::get_if<iam::PolicyUse>(&one.entity)) writer.Write(policies.Add("member"), *use);
  }
  call.EndPage(page.marker);
  co_return Result<void>();
}

}  // namespace

Operations AccountDetailsOperations() {
  static constexpr std::array kOperations = {
      Operation{"GetAccountAuthorizationDetails", GetAccountAuthorizationDetails},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
