#include "api/iam/shapes.h"

#include <fmt/format.h>

namespace insula::api::iam_service {

namespace iam = insula::iam;
using query::Element;

namespace {

// What all entities have, each under its kind's own names: "RoleName", "RoleId".
template <class T>
void Common(Element to, const AccountId& account, const char* kind, const T& entity) {
  to.Text("Path", entity.path);
  to.Text(fmt::format("{}Name", kind), entity.name);
  to.Text(fmt::format("{}Id", kind), entity.id);
  to.Text("Arn", iam::ArnOf(account, entity));
  to.Time("CreateDate", entity.created);
}

}  // namespace

std::string PercentEncoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      encoded += c;
    } else {
      fmt::format_to(std::back_inserter(encoded), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

void Shapes::User(Element to, const iam::User& user, Detail detail) const {
  Common(to, account_, "User", user);
  if (detail == Detail::kListed) return;
  BoundaryIn(to, user.boundary);
  TagsIn(to, user.tags);
}

void Shapes::Group(Element to, const iam::Group& group) const { Common(to, account_, "Group", group); }

void Shapes::Role(Element to, const iam::Role& role, Detail detail) const {
  Common(to, account_, "Role", role);
  to.Text("AssumeRolePolicyDocument", PercentEncoded(role.trust.text));
  if (role.description) to.Text("Description", *role.description);
  if (detail != Detail::kCreated) to.Number("MaxSessionDuration", role.session_seconds_max);
  if (detail == Detail::kListed) return;
  BoundaryIn(to, role.boundary);
  TagsIn(to, role.tags);
  if (detail == Detail::kCreated) return;
  Element last_used = to.Add("RoleLastUsed");
  if (role.last_used) {
    last_used.Time("LastUsedDate", *role.last_used);
    last_used.Text("Region", role.last_used_region);
  }
}

void Shapes::Policy(Element to, const iam::PolicyUse& use, Detail detail) const {
  const iam::ManagedPolicy& policy = *use.policy;
  Common(to, account_, "Policy", policy);
  to.Text("DefaultVersionId", iam::VersionId(policy.default_version));
  to.Number("AttachmentCount", static_cast<std::int64_t>(use.attachments));
  to.Number("PermissionsBoundaryUsageCount", static_cast<std::int64_t>(use.boundaries));
  to.Boolean("IsAttachable", true);
  to.Time("UpdateDate", policy.updated);
  if (detail == Detail::kListed) return;
  if (policy.description) to.Text("Description", *policy.description);
  TagsIn(to, policy.tags);
}

void Shapes::Version(Element to, const iam::ManagedPolicy& policy, const iam::PolicyVersion& version,
                     bool with_document) const {
  if (with_document) to.Text("Document", PercentEncoded(version.policy.text));
  to.Text("VersionId", iam::VersionId(version.number));
  to.Boolean("IsDefaultVersion", version.number == policy.default_version);
  to.Time("CreateDate", version.created);
}

void Shapes::Profile(Element to, const iam::ProfileWithRole& profile, Detail detail) const {
  Common(to, account_, "InstanceProfile", *profile.profile);
  Element roles = to.Add("Roles");
  if (profile.role != nullptr) Role(roles.Add("member"), *profile.role, Detail::kListed);
  if (detail != Detail::kListed) TagsIn(to, profile.profile->tags);
}

void Shapes::Attached(Element to, const iam::ManagedPolicy& policy) const {
  to.Text("PolicyName", policy.name);
  to.Text("PolicyArn", iam::ArnOf(account_, policy));
}

void Shapes::TagsIn(Element to, const iam::Tags& tags) const {
  if (tags.empty()) return;
  Element list = to.Add("Tags");
  for (const iam::Tag& tag : tags) {
    Element member = list.Add("member");
    member.Text("Key", tag.key);
    member.Text("Value", tag.value);
  }
}

void Shapes::BoundaryIn(Element to, const std::optional<std::string>& id) const {
  if (!id) return;
  const iam::ManagedPolicyPtr policy = now_.PolicyWithId(*id);
  if (policy == nullptr) return;
  Element boundary = to.Add("PermissionsBoundary");
  boundary.Text("PermissionsBoundaryType", "Policy");
  boundary.Text("PermissionsBoundaryArn", iam::ArnOf(account_, *policy));
}

}  // namespace insula::api::iam_service
