#include "iam/principal_grants.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "iam/arn.h"
#include "iam/aws_policies.h"
#include "iam/find.h"
#include "policy/root.h"

namespace insula::iam {
namespace {

using access::Session;
using access::SessionKind;

policy::NamedPolicy Named(const AccountId& account, const ManagedPolicy& managed) {
  return {ArnOf(account, managed), managed.Default().policy.document};
}

void AddPolicies(const Snapshot& now, const AccountId& account, const HeldPolicies& held, policy::PolicyList* list) {
  for (const auto& [name, policy] : held.inline_policies) list->push_back({name, policy.document});
  for (const std::string& id : held.attached) {
    if (const ManagedPolicyPtr managed = now.PolicyWithId(id)) list->push_back(Named(account, *managed));
  }
}

std::optional<policy::NamedPolicy> BoundaryOf(const Snapshot& now, const AccountId& account,
                                              const std::optional<std::string>& id) {
  if (!id) return std::nullopt;
  // A policy can't be deleted while it is a boundary. If one were missing all the same, nothing would be allowed.
  ManagedPolicyPtr managed = now.PolicyWithId(*id);
  if (managed == nullptr) managed = AwsPolicies().Named("AWSDenyAll");
  return Named(account, *managed);
}

using TagPairs = std::vector<std::pair<std::string, std::string>>;

void AddTags(const Tags& tags, TagPairs* pairs) {
  for (const Tag& tag : tags) pairs->emplace_back(tag.key, tag.value);
}

// With those of the session first, which count where a role has the same keys.
policy::Tags TagsOf(const std::vector<access::SessionTag>& session, const Tags& entity) {
  TagPairs pairs;
  for (const access::SessionTag& tag : session) pairs.emplace_back(tag.key, tag.value);
  AddTags(entity, &pairs);
  return policy::Tags(pairs);
}

void FillUser(const Snapshot& now, const AccountId& account, const User& user, policy::Grants* grants) {
  policy::Principal& principal = grants->principal;
  principal.type = policy::PrincipalType::kUser;
  principal.arn = ArnOf(account, user);
  principal.account = account.value();
  principal.unique_id = principal.userid = user.id;
  principal.username = user.name;
  principal.tags = TagsOf({}, user.tags);
  AddPolicies(now, account, user.policies, &grants->identity);
  for (const std::string& id : user.groups) {
    if (const GroupPtr group = now.groups.WithId(id)) AddPolicies(now, account, group->policies, &grants->identity);
  }
  grants->boundary = BoundaryOf(now, account, user.boundary);
}

void FillRole(const Snapshot& now, const Session& session, const Role& role, policy::Grants* grants) {
  policy::Principal& principal = grants->principal;
  const std::string& account = session.account.value();
  principal.type = policy::PrincipalType::kAssumedRole;
  principal.arn = fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account, role.name, session.name);
  principal.source_arn = ArnOf(session.account, role);
  principal.account = account;
  principal.unique_id = role.id;
  principal.userid = role.id + ":" + session.name;
  principal.tags = TagsOf(session.tags, role.tags);
  AddPolicies(now, session.account, role.policies, &grants->identity);
  grants->boundary = BoundaryOf(now, session.account, role.boundary);
}

// Somebody to whom the user (or root) in `grants` gave a part of what it may.
void MakeFederated(const Session& session, const Tags& users_tags, policy::Grants* grants) {
  policy::Principal& principal = grants->principal;
  if (principal.type == policy::PrincipalType::kRoot) {
    grants->identity.push_back(Named(session.account, *AwsPolicies().Named("AdministratorAccess")));
  }
  principal.type = policy::PrincipalType::kFederatedUser;
  principal.source_arn = std::exchange(
      principal.arn, fmt::format("arn:aws:sts::{}:federated-user/{}", session.account.value(), session.name));
  principal.userid = fmt::format("{}:{}", session.account.value(), session.name);
  principal.username.clear();
  principal.tags = TagsOf(session.tags, users_tags);
}

// The policies that were given with the session. One that is no more allows nothing, and what is left still limits.
void AddSessionPolicies(const Snapshot& now, const Session& session, policy::Grants* grants) {
  const bool federated = session.kind == SessionKind::kFederatedUser;
  if (session.policy.empty() && session.policy_arns.empty() && !federated) return;
  policy::PolicyList& list = grants->session.emplace();
  if (!session.policy.empty()) {
    auto document = policy::Document::Parse(session.policy, policy::DocumentKind::kIdentity);
    if (document.ok()) list.push_back({"session policy", *std::move(document)});
  }
  for (const std::string& arn : session.policy_arns) {
    const ManagedPolicyPtr managed = PolicyWithArn(now, {{}, session.account}, arn);
    if (managed != nullptr) list.push_back(Named(session.account, *managed));
  }
}

}  // namespace

struct PrincipalGrants::Made : access::CompiledSession {
  ScopeStatePtr scope;  // null: of no scope's entities
  std::uint64_t revision = 0;
  std::uint64_t organization_revision = 0;
  policy::Grants grants;
};

bool PrincipalGrants::Valid(const Made& made) const {
  return (made.scope == nullptr || made.scope->revision() == made.revision) &&
         (organization_ == nullptr || organization_->revision() == made.organization_revision);
}

policy::GrantsPtr PrincipalGrants::GrantsIn(MadePtr made) {
  if (made == nullptr) return nullptr;
  const policy::Grants* grants = &made->grants;
  return {std::move(made), grants};
}

policy::GrantsPtr PrincipalGrants::OfUser(std::string_view user_id, const AccountId& account) const {
  {
    const SharedLock lock(mutex_);
    const auto found = users_.find(user_id);
    if (found != users_.end() && Valid(*found->second) && found->second->grants.principal.account == account.value()) {
      return GrantsIn(found->second);
    }
  }
  MadePtr made = MakeOfUser(user_id, account);
  const ExclusiveLock lock(mutex_);
  if (made == nullptr) {
    if (const auto gone = users_.find(user_id); gone != users_.end()) users_.erase(gone);
    return nullptr;
  }
  if (users_.size() >= kUsersKept) users_.clear();
  users_.insert_or_assign(std::string(user_id), made);
  return GrantsIn(std::move(made));
}

policy::GrantsPtr PrincipalGrants::OfSession(const Session& session) const {
  if (auto kept = std::static_pointer_cast<const Made>(session.compiled.Find()); kept != nullptr && Valid(*kept)) {
    return GrantsIn(std::move(kept));
  }
  MadePtr made = MakeOfSession(session);
  // What has no scope whose changes tell is made anew for each request: nothing was made where its policies would be.
  const bool tells = made == nullptr || made->scope != nullptr || session.policy_arns.empty();
  if (tells) session.compiled.Keep(made);
  return GrantsIn(std::move(made));
}

PrincipalGrants::MadePtr PrincipalGrants::MakeOfUser(std::string_view user_id, const AccountId& account) const {
  auto made = std::make_shared<Made>();
  made->scope = store_.ScopeOfPrincipal(user_id);
  if (made->scope == nullptr) return nullptr;
  const SnapshotPtr now = made->scope->Now();
  const UserPtr user = now->users.WithId(user_id);
  if (user == nullptr) return nullptr;
  made->revision = now->revision;
  FillUser(*now, account, *user, &made->grants);
  if (organization_ != nullptr) {
    made->organization_revision = organization_->revision();
    organization_->AddTo(account, &made->grants);
  }
  return made;
}

PrincipalGrants::MadePtr PrincipalGrants::MakeOfSession(const Session& session) const {
  auto made = std::make_shared<Made>();
  policy::Grants& grants = made->grants;
  SnapshotPtr now = store_.Of(session.scope);
  Tags users_tags;
  if (session.principal_id.empty()) {
    // The session's own policies may still change.
    made->scope = store_.Find(session.scope);
    if (made->scope != nullptr) now = made->scope->Now();
    made->revision = now->revision;
    grants.principal = policy::RootOf(session.account.value());
  } else {
    made->scope = store_.ScopeOfPrincipal(session.principal_id);
    if (made->scope == nullptr) return nullptr;
    now = made->scope->Now();
    made->revision = now->revision;
    if (const RolePtr role = now->roles.WithId(session.principal_id)) {
      FillRole(*now, session, *role, &grants);
    } else if (const UserPtr user = now->users.WithId(session.principal_id)) {
      FillUser(*now, session.account, *user, &grants);
      users_tags = user->tags;
    } else {
      return nullptr;
    }
  }
  if (session.kind == SessionKind::kFederatedUser) MakeFederated(session, users_tags, &grants);
  AddSessionPolicies(*now, session, &grants);
  grants.principal.source_identity = session.source_identity;
  grants.principal.token_issued = session.issued;
  if (session.web_identity) grants.principal.provider = session.web_identity->provider;
  if (organization_ != nullptr) {
    made->organization_revision = organization_->revision();
    organization_->AddTo(session.account, &grants);
  }
  return made;
}

}  // namespace insula::iam
