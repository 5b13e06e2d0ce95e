#include "iam/policies.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "iam/aws_policies.h"
#include "iam/constraints.h"
#include "iam/find.h"
#include "iam/held_policies.h"
#include "iam/quotas.h"
#include "iam/refusals.h"
#include "iam/tags.h"
#include "iam/unique_id.h"

namespace insula::iam {
namespace {

struct Uses {
  std::size_t attachments = 0;
  std::size_t boundaries = 0;
};

// Of all policies that anybody has, by id.
std::unordered_map<std::string_view, Uses> CountUses(const Snapshot& now) {
  std::unordered_map<std::string_view, Uses> uses;
  const auto count = [&](const auto& holders) {
    for (const auto& holder : holders.ByName()) {
      for (const std::string& id : holder->policies.attached) ++uses[id].attachments;
      if constexpr (requires { holder->boundary; }) {
        if (holder->boundary) ++uses[*holder->boundary].boundaries;
      }
    }
  };
  count(now.users);
  count(now.groups);
  count(now.roles);
  return uses;
}

PolicyUse UseOf(ManagedPolicyPtr policy, const std::unordered_map<std::string_view, Uses>& uses) {
  const auto found = uses.find(policy->id);
  if (found == uses.end()) return {std::move(policy), 0, 0};
  return {std::move(policy), found->second.attachments, found->second.boundaries};
}

template <class T>
bool IsAttached(const T& holder, const ManagedPolicy& policy) {
  const auto& attached = holder.policies.attached;
  return std::find(attached.begin(), attached.end(), policy.id) != attached.end();
}

Result<PolicyText> CompileManaged(std::string document) {
  INSULA_ASSIGN(PolicyText policy, CompilePolicy(std::move(document), policy::DocumentKind::kIdentity));
  if (SizeWithoutBlanks(policy.text) > kManagedPolicySizeMax) return QuotaExceeded("PolicySize", kManagedPolicySizeMax);
  return policy;
}

}  // namespace

std::optional<std::int64_t> ParseVersionId(std::string_view id) {
  std::int64_t number = 0;
  if (id.size() < 2 || id[0] != 'v' || id[1] < '1' || id[1] > '9') return std::nullopt;
  const auto [end, error] = std::from_chars(id.data() + 1, id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

std::string VersionId(std::int64_t number) { return fmt::format("v{}", number); }

Task<Result<ManagedPolicyPtr>> Policies::Create(Realm realm, NewPolicy request) {
  Constraints constraints;
  constraints.Name("policyName", request.name, kNameMax);
  constraints.Path("path", request.path);
  constraints.Document("policyDocument", request.document);
  constraints.Description("description", request.description);
  constraints.TagList(request.tags);
  INSULA_CO_TRY(constraints.Verdict());
  ManagedPolicy policy;
  INSULA_CO_ASSIGN(policy.tags, TagsWith({}, request.tags));
  INSULA_CO_ASSIGN(PolicyText text, CompileManaged(std::move(request.document)));
  EntityChange change = co_await store_.Begin(realm.scope);
  if (change.now().policies.Named(request.name) != nullptr) co_return PolicyNameTaken(request.name);
  if (change.now().policies.size() >= kPoliciesMax) co_return QuotaExceeded("PoliciesPerAccount", kPoliciesMax);
  policy.id = NewId(kPolicyIdPrefix);
  policy.name = std::move(request.name);
  policy.path = std::move(request.path);
  policy.created = policy.updated = change.at();
  policy.description = std::move(request.description);
  policy.versions.push_back({1, change.at(), std::move(text)});
  auto made = std::make_shared<const ManagedPolicy>(std::move(policy));
  change.Put(made);
  INSULA_CO_TRY(co_await change.Commit());
  co_return made;
}

Task<Result<void>> Policies::Delete(Realm realm, std::string arn) {
  EntityChange change = co_await store_.Begin(realm.scope);
  INSULA_CO_ASSIGN(const ManagedPolicyPtr policy, iam::Find<ManagedPolicy>(change.now(), realm, arn));
  if (policy->is_aws) co_return AwsPolicyUnmodifiable(arn);
  if (CountUses(change.now()).contains(policy->id)) co_return PolicyInUse();
  if (policy->versions.size() > 1) co_return PolicyHasVersions();
  change.Remove(policy);
  co_return co_await change.Commit();
}

Result<PolicyUse> Policies::Find(const Realm& realm, std::string_view arn) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(ManagedPolicyPtr policy, iam::Find<ManagedPolicy>(*now, realm, arn));
  return UseOf(std::move(policy), CountUses(*now));
}

Page<PolicyUse> Policies::List(const Realm& realm, const PolicyFilter& filter, const PageRequest& page) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  const std::unordered_map<std::string_view, Uses> uses = CountUses(*now);
  std::vector<PolicyUse> listed;
  const auto list = [&](const Table<ManagedPolicy>& policies) {
    for (const ManagedPolicyPtr& policy : policies.ByName()) {
      PolicyUse use = UseOf(policy, uses);
      const bool used = (filter.as_permissions && use.attachments > 0) || (filter.as_boundary && use.boundaries > 0);
      if (policy->path.starts_with(filter.path_prefix) && (used || !filter.only_attached)) {
        listed.push_back(std::move(use));
      }
    }
  };
  if (filter.aws) list(AwsPolicies());
  if (filter.local) list(now->policies);
  return PageOf(std::move(listed), page, [](const PolicyUse& use) { return use.policy->name + "/" + use.policy->id; });
}

Task<Result<PolicyVersion>> Policies::CreateVersion(Realm realm, std::string arn, std::string document,
                                                    bool set_as_default) {
  Constraints constraints;
  constraints.Document("policyDocument", document);
  INSULA_CO_TRY(constraints.Verdict());
  INSULA_CO_ASSIGN(PolicyText text, CompileManaged(std::move(document)));
  auto edit = [text, set_as_default, now_at = store_.clock().Now()](const Snapshot&,
                                                                    ManagedPolicy& policy) -> Result<void> {
    if (policy.versions.size() >= kPolicyVersionsMax) return TooManyVersions();
    policy.versions.push_back({++policy.last_version, now_at, text});
    policy.updated = now_at;
    if (set_as_default) policy.default_version = policy.last_version;
    return {};
  };
  INSULA_CO_ASSIGN(const ManagedPolicyPtr policy,
                   co_await EditEntity<ManagedPolicy>(&store_, realm, std::move(arn), std::move(edit)));
  co_return policy->versions.back();
}

Task<Result<void>> Policies::SetDefaultVersion(Realm realm, std::string arn, std::string version_id) {
  auto edit = [arn, version_id, now_at = store_.clock().Now()](const Snapshot&, ManagedPolicy& policy) -> Result<void> {
    const std::optional<std::int64_t> number = ParseVersionId(version_id);
    if (!number || policy.Version(*number) == nullptr) return NoSuchVersion(arn, version_id);
    policy.default_version = *number;
    policy.updated = now_at;
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<ManagedPolicy>(&store_, std::move(realm), std::move(arn), std::move(edit)));
  co_return Result<void>();
}

Task<Result<void>> Policies::DeleteVersion(Realm realm, std::string arn, std::string version_id) {
  auto edit = [arn, version_id, now_at = store_.clock().Now()](const Snapshot&, ManagedPolicy& policy) -> Result<void> {
    const std::optional<std::int64_t> number = ParseVersionId(version_id);
    if (!number || policy.Version(*number) == nullptr) return NoSuchVersion(arn, version_id);
    if (*number == policy.default_version) return DefaultVersionInUse();
    std::erase_if(policy.versions, [&](const PolicyVersion& version) { return version.number == *number; });
    policy.updated = now_at;
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<ManagedPolicy>(&store_, std::move(realm), std::move(arn), std::move(edit)));
  co_return Result<void>();
}

Result<PolicyVersion> Policies::FindVersion(const Realm& realm, std::string_view arn,
                                            std::string_view version_id) const {
  INSULA_ASSIGN(const ManagedPolicyPtr policy, iam::Find<ManagedPolicy>(*store_.Of(realm.scope), realm, arn));
  const std::optional<std::int64_t> number = ParseVersionId(version_id);
  const PolicyVersion* version = number ? policy->Version(*number) : nullptr;
  if (version == nullptr) return NoSuchVersion(arn, version_id);
  return *version;
}

Result<PolicyHolders> Policies::Holders(const Realm& realm, std::string_view arn, bool as_boundary) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(const ManagedPolicyPtr policy, iam::Find<ManagedPolicy>(*now, realm, arn));
  PolicyHolders holders;
  const auto bound = [&](const auto& holder) { return holder.boundary == policy->id; };
  for (const UserPtr& user : now->users.ByName()) {
    if (as_boundary ? bound(*user) : IsAttached(*user, *policy)) holders.users.push_back(user);
  }
  for (const GroupPtr& group : now->groups.ByName()) {
    if (!as_boundary && IsAttached(*group, *policy)) holders.groups.push_back(group);
  }
  for (const RolePtr& role : now->roles.ByName()) {
    if (as_boundary ? bound(*role) : IsAttached(*role, *policy)) holders.roles.push_back(role);
  }
  return holders;
}

}  // namespace insula::iam
