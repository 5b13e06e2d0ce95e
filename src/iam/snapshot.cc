#include "iam/snapshot.h"

#include "iam/aws_policies.h"

namespace insula::iam {
namespace {

std::size_t TextBytes(const HeldPolicies& held) {
  std::size_t bytes = 0;
  for (const auto& [name, policy] : held.inline_policies) bytes += policy.text.size();
  return bytes;
}

std::size_t TextBytes(const User& user) { return TextBytes(user.policies); }
std::size_t TextBytes(const Group& group) { return TextBytes(group.policies); }
std::size_t TextBytes(const Role& role) { return TextBytes(role.policies) + role.trust.text.size(); }
std::size_t TextBytes(const ManagedPolicy& policy) {
  std::size_t bytes = 0;
  for (const PolicyVersion& version : policy.versions) bytes += version.policy.text.size();
  return bytes;
}
std::size_t TextBytes(const InstanceProfile&) { return 0; }

}  // namespace

void Snapshot::Put(const AnyEntity& entity) {
  Remove(entity);
  std::visit([this](const auto& one) { TableOf(*one).Put(one); }, entity);
  text_bytes_ += TextBytesOf(entity);
}

void Snapshot::Remove(const AnyEntity& entity) {
  std::visit(
      [this](const auto& one) {
        auto& table = TableOf(*one);
        const auto old = table.WithId(one->id);
        if (old == nullptr) return;
        text_bytes_ -= TextBytes(*old);
        table.Remove(*old);
      },
      entity);
}

ManagedPolicyPtr Snapshot::PolicyWithId(std::string_view id) const {
  if (ManagedPolicyPtr policy = policies.WithId(id)) return policy;
  return AwsPolicies().WithId(id);
}

std::size_t TextBytesOf(const AnyEntity& entity) {
  return std::visit([](const auto& one) { return TextBytes(*one); }, entity);
}

}  // namespace insula::iam
