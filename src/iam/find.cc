#include "iam/find.h"

#include <optional>

#include "iam/arn.h"
#include "iam/aws_policies.h"
#include "iam/refusals.h"

namespace insula::iam {
namespace {

bool IsPolicyArn(std::string_view text) {
  const std::optional<EntityArn> arn = ParseArn(text);
  return arn && arn->kind == "policy";
}

}  // namespace

template <>
Result<UserPtr> Find<User>(const Snapshot& now, const Realm&, std::string_view key) {
  if (UserPtr user = now.users.Named(key)) return user;
  return NoSuchEntity(kUserWord, key);
}
template <>
Result<GroupPtr> Find<Group>(const Snapshot& now, const Realm&, std::string_view key) {
  if (GroupPtr group = now.groups.Named(key)) return group;
  return NoSuchEntity(kGroupWord, key);
}
template <>
Result<RolePtr> Find<Role>(const Snapshot& now, const Realm&, std::string_view key) {
  if (RolePtr role = now.roles.Named(key)) return role;
  return NoSuchEntity(kRoleWord, key);
}
template <>
Result<InstanceProfilePtr> Find<InstanceProfile>(const Snapshot& now, const Realm&, std::string_view key) {
  if (InstanceProfilePtr profile = now.profiles.Named(key)) return profile;
  return NoSuchInstanceProfile(key);
}
template <>
Result<ManagedPolicyPtr> Find<ManagedPolicy>(const Snapshot& now, const Realm& realm, std::string_view key) {
  if (!IsPolicyArn(key)) return ArnNotParsed();
  if (ManagedPolicyPtr policy = PolicyWithArn(now, realm, key)) return policy;
  return NoSuchPolicy(key);
}

ManagedPolicyPtr PolicyWithArn(const Snapshot& now, const Realm& realm, std::string_view arn) {
  const std::optional<EntityArn> parsed = ParseArn(arn);
  if (!parsed || parsed->kind != "policy") return nullptr;
  const bool is_aws = parsed->account == "aws";
  if (!is_aws && parsed->account != realm.account.value()) return nullptr;
  ManagedPolicyPtr policy = (is_aws ? AwsPolicies() : now.policies).Named(parsed->name);
  // An ARN means one thing, letter by letter.
  if (policy == nullptr || policy->name != parsed->name || policy->path != parsed->path) return nullptr;
  return policy;
}

Result<std::string> AttachableId(const Snapshot& now, const Realm& realm, std::string_view arn) {
  if (!IsPolicyArn(arn)) return ArnNotParsed();
  const ManagedPolicyPtr policy = PolicyWithArn(now, realm, arn);
  if (policy == nullptr) return NotAttachable(arn);
  return policy->id;
}

Result<std::string> BoundaryId(const Snapshot& now, const Realm& realm, std::string_view arn) {
  if (!IsPolicyArn(arn)) return ArnNotParsed();
  const ManagedPolicyPtr policy = PolicyWithArn(now, realm, arn);
  if (policy == nullptr) return NoSuchBoundary(arn);
  return policy->id;
}

}  // namespace insula::iam
