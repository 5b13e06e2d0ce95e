#include "iam/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "iam/arn.h"
#include "iam/constraints.h"
#include "iam/held_policies.h"
#include "iam/quotas.h"
#include "iam/refusals.h"
#include "iam/unique_id.h"

namespace insula::iam {
namespace {

constexpr std::size_t kRolesPerCommit = 50;

template <class T>
bool Has(const Table<T>& table, const EntityArn& arn) {
  const auto found = table.Named(arn.name);
  return found != nullptr && found->name == arn.name && found->path == arn.path;
}

// Of a session, arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION: the role's name.
std::optional<std::string_view> RoleOfSession(std::string_view arn) {
  constexpr std::string_view kMark = ":assumed-role/";
  const std::size_t at = arn.find(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = arn.substr(at + kMark.size());
  return rest.substr(0, rest.find('/'));
}

bool Exists(const Snapshot& now, std::string_view principal) {
  if (principal.starts_with(kUserIdPrefix)) return now.users.WithId(principal) != nullptr;
  if (principal.starts_with(kRoleIdPrefix)) {
    return now.roles.WithId(principal.substr(0, principal.find(':'))) != nullptr;
  }
  if (const auto role = RoleOfSession(principal)) return now.roles.Named(*role) != nullptr;
  const std::optional<EntityArn> arn = ParseArn(principal);
  if (!arn) return true;  // a federated user's, an account's: nothing that is looked up here
  if (arn->kind == "user") return Has(now.users, *arn);
  if (arn->kind == "role") return Has(now.roles, *arn);
  return false;
}

Error InvalidPrincipal(std::string_view principal) {
  return {ErrorCode::kMalformedPolicyDocument, fmt::format("Invalid principal in policy: \"AWS\":\"{}\"", principal)};
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::string quoted = fmt::format("\"{}\"", from);
  const std::string instead = fmt::format("\"{}\"", to);
  for (std::size_t at = 0; (at = text.find(quoted, at)) != std::string::npos; at += instead.size()) {
    text.replace(at, quoted.size(), instead);
  }
  return text;
}

}  // namespace

Result<PolicyText> CompileTrust(const Snapshot& now, const Snapshot& shared, const Realm& realm, std::string text) {
  INSULA_ASSIGN(PolicyText trust, CompilePolicy(std::move(text), policy::DocumentKind::kTrust));
  if (SizeWithoutBlanks(trust.text) > kTrustPolicySizeMax) return QuotaExceeded("ACLSizePerRole", kTrustPolicySizeMax);
  for (const std::string& account : trust.document->NamedAccounts()) {
    if (account != realm.account.value()) return InvalidPrincipal(fmt::format("arn:aws:iam::{}:root", account));
  }
  for (const std::string& principal : trust.document->NamedPrincipals()) {
    if (!Exists(now, principal) && !Exists(shared, principal)) return InvalidPrincipal(principal);
  }
  return trust;
}

Task<Result<void>> RenameInTrusts(EntityChange* change, std::string from, std::string to) {
  if (from == to) co_return Result<void>();
  const std::vector<RolePtr> roles = change->now().roles.ByName();  // a copy: commits make others
  std::size_t steps = 0;
  for (const RolePtr& role : roles) {
    const std::vector<std::string> named = role->trust.document->NamedPrincipals();
    if (std::find(named.begin(), named.end(), from) == named.end()) continue;
    auto next = std::make_shared<Role>(*role);
    INSULA_CO_ASSIGN(next->trust, CompilePolicy(Replaced(role->trust.text, from, to), policy::DocumentKind::kTrust));
    change->Put(RolePtr(std::move(next)));
    if (++steps % kRolesPerCommit == 0) INSULA_CO_TRY(co_await change->Commit());
  }
  co_return Result<void>();
}

}  // namespace insula::iam
