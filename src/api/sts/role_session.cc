#include "api/sts/role_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "api/sts/issued_credentials.h"

namespace insula::api::sts {
namespace {

constexpr std::int64_t kRoleSecondsDefault = 3'600;
constexpr std::int64_t kChainedSecondsMax = 3'600;

}  // namespace

Result<std::int64_t> SecondsOf(const std::optional<std::int64_t>& asked, const iam::Role& role, bool chained) {
  const std::int64_t longest = chained ? kChainedSecondsMax : role.session_seconds_max;
  if (!asked) return std::min(kRoleSecondsDefault, longest);
  if (*asked <= longest) return *asked;
  if (chained) {
    return ValidationError(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  }
  return ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}

Task<Result<void>> GiveRoleSession(const StsParts& parts, FoundRole found, ContextParts known, access::Session session,
                                   std::int64_t seconds, query::Answer& answer) {
  const iam::Role& role = *found.role;
  INSULA_CO_ASSIGN(SessionPlace place, PlaceSession(parts.catalog, known, found.realm, role, session.tags));
  session.principal_id = role.id;
  session.account = found.realm.account;
  session.scope = std::move(place.scope);
  session.tenant_account = std::move(place.tenant_account);
  session.issued = parts.clock.Now();
  session.expires = session.issued + std::chrono::seconds(seconds);
  const WallTime expires = session.expires;
  const std::string name = session.name;
  const std::string source_identity = session.source_identity;
  INSULA_CO_ASSIGN(const access::IssuedSession issued, access::IssueSession(std::move(session), parts.token_keys));

  query::Element result = answer.Result();
  WriteCredentials(issued, expires, result);
  query::Element user = result.Add("AssumedRoleUser");
  user.Text("AssumedRoleId", fmt::format("{}:{}", role.id, name));
  user.Text("Arn", fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", found.realm.account.value(), role.name, name));
  result.Number("PackedPolicySize", issued.packed_policy_size);
  if (!source_identity.empty()) result.Text("SourceIdentity", source_identity);
  // When it was used last is for people to see: that it isn't kept keeps nobody from its session.
  (void)co_await parts.identities.roles.NoteUse(role.id, parts.region);
  co_return Result<void>();
}

}  // namespace insula::api::sts
