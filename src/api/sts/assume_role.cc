// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "api/query/parameters.h"
#include "api/sts/issued_credentials.h"
#include "api/sts/role_finder.h"
#include "api/sts/session_parameters.h"
#include "api/sts/session_place.h"
#include "api/sts/sts_actions.h"
#include "api/sts/sts_facts.h"
#include "iam/arn.h"
#include "operations/core/permission.h"

namespace insula::api::sts {
namespace {

constexpr std::int64_t kRoleSecondsMin = 900;
constexpr std::int64_t kRoleSecondsMax = 43'200;
constexpr std::int64_t kRoleSecondsDefault = 3'600;
constexpr std::int64_t kChainedSecondsMax = 3'600;

const policy::Action kAssumeRole("sts:AssumeRole");
const policy::Action kSetSourceIdentity("sts:SetSourceIdentity");

struct Asked {
  std::string role_arn;
  SessionPolicies policies;
  GivenTags tags;
  SessionAsked session;
};

Result<Asked> Read(const query::Form& form) {
  query::Parameters parameters(form);
  Asked asked;
  asked.role_arn = parameters.Required("RoleArn", ArnRule());
  asked.session.session_name = parameters.Required("RoleSessionName", NameRule(2, 64));
  asked.policies = ReadPolicies(&parameters);
  asked.session.duration_s = parameters.Number("DurationSeconds", kRoleSecondsMin, kRoleSecondsMax);
  asked.tags = ReadTags(&parameters, true);
  asked.session.external_id = parameters.Optional("ExternalId", {.length_min = 2, .length_max = 1224}).value_or("");
  asked.session.source_identity = parameters.Optional("SourceIdentity", NameRule(2, 64)).value_or("");
  INSULA_TRY(parameters.Check());
  INSULA_TRY(CheckPolicies(asked.policies));
  return asked;
}

// Asked of the caller's policies and of the role's, for all that the request is at once. Nobody is told whether there
// is such a role.
Result<void> MustTrust(const StsParts& parts, const operations::Caller& caller, const Asked& asked,
                       const std::optional<FoundRole>& found) {
  const StsFacts facts(caller, parts.region, asked.session);
  const auto ask = [&](const policy::Action& action) {
    return operations::MustBeAllowed(caller, action, asked.role_arn, found->realm.account.value(), facts,
                                     parts.clock.Now(), found->role->trust.document.get());
  };
  if (!found || !ask(kAssumeRole).ok()) {
    const policy::Grants root = operations::RootOf(tenancy::AccountOf(caller.context));
    return Error(
        ErrorCode::kAccessDenied,
        fmt::format("User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
                    caller.grants == nullptr ? root.principal.arn : caller.grants->principal.arn, asked.role_arn));
  }
  if (!asked.session.tags.empty()) INSULA_TRY(ask(kTagSession));
  if (!asked.session.source_identity.empty()) INSULA_TRY(ask(kSetSourceIdentity));
  return {};
}

Result<std::int64_t> SecondsOf(const Asked& asked, const iam::Role& role, bool chained) {
  const std::int64_t longest = chained ? kChainedSecondsMax : role.session_seconds_max;
  if (!asked.session.duration_s) return std::min(kRoleSecondsDefault, longest);
  if (*asked.session.duration_s <= longest) return *asked.session.duration_s;
  if (chained) {
    return ValidationError(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  }
  return ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
}

// What the caller's own session goes on with, if it is a role's.
const access::Session* ChainedFrom(const operations::Caller& caller) {
  const access::Session* session = caller.session.get();
  return session != nullptr && session->kind != access::SessionKind::kSessionToken ? session : nullptr;
}

}  // namespace

Task<Result<void>> AssumeRole(const StsParts& parts, const query::Query& query, query::Answer& answer) {
  const operations::Caller& caller = *query.caller;
  INSULA_CO_ASSIGN(Asked asked, Read(query.form));
  const access::Session* former = ChainedFrom(caller);
  INSULA_CO_ASSIGN(asked.session.tags, TagsOf(asked.tags, nullptr));
  INSULA_CO_ASSIGN(std::vector<access::SessionTag> tags, TagsOf(std::move(asked.tags), former));

  const std::optional<FoundRole> found = FindRole(parts.catalog, parts.identities, caller.context, asked.role_arn);
  INSULA_CO_TRY(MustTrust(parts, caller, asked, found));
  const iam::Role& role = *found->role;
  INSULA_CO_ASSIGN(const std::int64_t seconds, SecondsOf(asked, role, former != nullptr));
  INSULA_CO_ASSIGN(SessionPlace place, PlaceSession(parts.catalog, &caller.context, found->realm, role, tags));

  access::Session session;
  session.kind = access::SessionKind::kAssumedRole;
  session.parent_key_id = caller.session == nullptr ? caller.access_key_id : caller.session->parent_key_id;
  session.principal_id = role.id;
  session.account = found->realm.account;
  session.name = asked.session.session_name;
  session.source_identity = asked.session.source_identity;
  if (former != nullptr && !former->source_identity.empty()) {
    if (!session.source_identity.empty() && session.source_identity != former->source_identity) {
      co_return Error(ErrorCode::kAccessDenied, "The source identity of a session can't be changed");
    }
    session.source_identity = former->source_identity;
  }
  session.scope = std::move(place.scope);
  session.tenant_account = std::move(place.tenant_account);
  session.tags = std::move(tags);
  session.policy = std::move(asked.policies.policy);
  session.policy_arns = std::move(asked.policies.arns);
  session.issued = parts.clock.Now();
  session.expires = session.issued + std::chrono::seconds(seconds);
  session.chained = former != nullptr;
  const WallTime expires = session.expires;
  const std::string source_identity = session.source_identity;
  INSULA_CO_ASSIGN(const access::IssuedSession issued, access::IssueSession(std::move(session), parts.token_keys));

  query::Element result = answer.Result();
  WriteCredentials(issued, expires, result);
  query::Element user = result.Add("AssumedRoleUser");
  user.Text("AssumedRoleId", fmt::format("{}:{}", role.id, asked.session.session_name));
  user.Text("Arn", fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", found->realm.account.value(), role.name,
                               asked.session.session_name));
  result.Number("PackedPolicySize", issued.packed_policy_size);
  if (!source_identity.empty()) result.Text("SourceIdentity", source_identity);
  // When it was used last is for people to see: that it isn't kept keeps nobody from its session.
  (void)co_await parts.identities.roles.NoteUse(role.id, parts.region);
  co_return Result<void>();
}

}  // namespace insula::api::sts
