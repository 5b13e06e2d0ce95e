#include "iam/held_policies.h"

#include <algorithm>

#include "iam/constraints.h"
#include "iam/find.h"
#include "iam/quotas.h"
#include "iam/refusals.h"

namespace insula::iam {
namespace {

// What messages and quotas say of each kind of holder.
struct Words {
  std::string_view word;
  std::size_t inline_size_max;
  std::string_view attached_quota;
};
template <class T>
constexpr Words kWords{};
template <>
constexpr Words kWords<User>{kUserWord, kUserPolicySizeMax, "PoliciesPerUser"};
template <>
constexpr Words kWords<Group>{kGroupWord, kGroupPolicySizeMax, "PoliciesPerGroup"};
template <>
constexpr Words kWords<Role>{kRoleWord, kRolePolicySizeMax, "PoliciesPerRole"};

std::size_t InlineSize(const HeldPolicies& held) {
  std::size_t size = 0;
  for (const auto& [name, policy] : held.inline_policies) size += SizeWithoutBlanks(policy.text);
  return size;
}

}  // namespace

Result<PolicyText> CompilePolicy(std::string text, policy::DocumentKind kind) {
  INSULA_ASSIGN(policy::DocumentPtr document, policy::Document::Parse(text, kind));
  return PolicyText{std::move(text), std::move(document)};
}

template <class T>
Task<Result<void>> HeldPolicyFace<T>::Put(Realm realm, std::string holder, std::string policy_name,
                                          std::string document) {
  Constraints constraints;
  constraints.Name("policyName", policy_name, kNameMax);
  constraints.Document("policyDocument", document);
  INSULA_CO_TRY(constraints.Verdict());
  INSULA_CO_ASSIGN(PolicyText policy, CompilePolicy(std::move(document), policy::DocumentKind::kIdentity));
  auto edit = [policy_name, policy](const Snapshot&, T& entity) -> Result<void> {
    entity.policies.inline_policies[policy_name] = policy;
    if (InlineSize(entity.policies) <= kWords<T>.inline_size_max) return {};
    return InlinePoliciesTooLarge(kWords<T>.word, entity.name, kWords<T>.inline_size_max);
  };
  INSULA_CO_TRY(co_await EditEntity<T>(&store_, std::move(realm), std::move(holder), std::move(edit)));
  co_return Result<void>();
}

template <class T>
Task<Result<void>> HeldPolicyFace<T>::Delete(Realm realm, std::string holder, std::string policy_name) {
  auto edit = [policy_name](const Snapshot&, T& entity) -> Result<void> {
    if (entity.policies.inline_policies.erase(policy_name) > 0) return {};
    return NoSuchInlinePolicy(kWords<T>.word, policy_name);
  };
  INSULA_CO_TRY(co_await EditEntity<T>(&store_, std::move(realm), std::move(holder), std::move(edit)));
  co_return Result<void>();
}

template <class T>
Result<PolicyText> HeldPolicyFace<T>::Get(const Realm& realm, std::string_view holder,
                                          std::string_view policy_name) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(const auto entity, Find<T>(*now, realm, holder));
  const auto found = entity->policies.inline_policies.find(std::string(policy_name));
  if (found == entity->policies.inline_policies.end()) return NoSuchInlinePolicy(kWords<T>.word, policy_name);
  return found->second;
}

template <class T>
Result<Page<std::string>> HeldPolicyFace<T>::List(const Realm& realm, std::string_view holder,
                                                  const PageRequest& page) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(const auto entity, Find<T>(*now, realm, holder));
  std::vector<std::string> names;
  for (const auto& [name, policy] : entity->policies.inline_policies) names.push_back(name);
  return PageOf(std::move(names), page, [](const std::string& name) -> const std::string& { return name; });
}

template <class T>
Task<Result<void>> HeldPolicyFace<T>::Attach(Realm realm, std::string holder, std::string policy_arn) {
  auto edit = [realm, policy_arn](const Snapshot& now, T& entity) -> Result<void> {
    INSULA_ASSIGN(std::string id, AttachableId(now, realm, policy_arn));
    std::vector<std::string>& attached = entity.policies.attached;
    if (std::find(attached.begin(), attached.end(), id) != attached.end()) return {};
    if (attached.size() >= kAttachedPoliciesMax) return QuotaExceeded(kWords<T>.attached_quota, kAttachedPoliciesMax);
    attached.push_back(std::move(id));
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<T>(&store_, realm, std::move(holder), std::move(edit)));
  co_return Result<void>();
}

template <class T>
Task<Result<void>> HeldPolicyFace<T>::Detach(Realm realm, std::string holder, std::string policy_arn) {
  auto edit = [realm, policy_arn](const Snapshot& now, T& entity) -> Result<void> {
    INSULA_ASSIGN(const ManagedPolicyPtr policy, Find<ManagedPolicy>(now, realm, policy_arn));
    if (std::erase(entity.policies.attached, policy->id) == 0) return NoSuchPolicy(policy_arn);
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<T>(&store_, realm, std::move(holder), std::move(edit)));
  co_return Result<void>();
}

template <class T>
Result<Page<ManagedPolicyPtr>> HeldPolicyFace<T>::ListAttached(const Realm& realm, std::string_view holder,
                                                               std::string_view path_prefix,
                                                               const PageRequest& page) const {
  const SnapshotPtr now = store_.Of(realm.scope);
  INSULA_ASSIGN(const auto entity, Find<T>(*now, realm, holder));
  std::vector<ManagedPolicyPtr> attached;
  for (const std::string& id : entity->policies.attached) {
    const ManagedPolicyPtr policy = now->PolicyWithId(id);
    if (policy != nullptr && policy->path.starts_with(path_prefix)) attached.push_back(policy);
  }
  // One of the scope's may have the name of one of AWS's own.
  return PageOf(std::move(attached), page,
                [](const ManagedPolicyPtr& policy) { return policy->name + "/" + policy->id; });
}

template class HeldPolicyFace<User>;
template class HeldPolicyFace<Group>;
template class HeldPolicyFace<Role>;

template <class T>
Task<Result<void>> BoundaryFace<T>::Put(Realm realm, std::string holder, std::string policy_arn) {
  auto edit = [realm, policy_arn](const Snapshot& now, T& entity) -> Result<void> {
    INSULA_ASSIGN(entity.boundary, BoundaryId(now, realm, policy_arn));
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<T>(&store_, realm, std::move(holder), std::move(edit)));
  co_return Result<void>();
}

template <class T>
Task<Result<void>> BoundaryFace<T>::Delete(Realm realm, std::string holder) {
  auto edit = [](const Snapshot&, T& entity) -> Result<void> {
    entity.boundary.reset();
    return {};
  };
  INSULA_CO_TRY(co_await EditEntity<T>(&store_, std::move(realm), std::move(holder), std::move(edit)));
  co_return Result<void>();
}

template class BoundaryFace<User>;
template class BoundaryFace<Role>;

}  // namespace insula::iam
