// GetSessionToken and GetFederationToken: temporary credentials that only who has an access key of its own may ask for.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "api/query/parameters.h"
#include "api/sts/issued_credentials.h"
#include "api/sts/session_parameters.h"
#include "api/sts/sts_actions.h"
#include "api/sts/sts_facts.h"
#include "operations/core/permission.h"

namespace insula::api::sts {
namespace {

constexpr std::int64_t kTokenSecondsMin = 900;
constexpr std::int64_t kTokenSecondsMax = 129'600;
constexpr std::int64_t kTokenSecondsDefault = 43'200;
constexpr std::int64_t kRootSecondsMax = 3'600;

const policy::Action kGetFederationToken("sts:GetFederationToken");

Result<void> MustHaveItsOwnKey(const query::Query& query) {
  if (query.caller->session == nullptr) return {};
  return Error(ErrorCode::kAccessDenied, fmt::format("Cannot call {} with session credentials", query.action));
}

// A session of the caller itself, for so long as was asked for. Roots' end after an hour, whatever was asked for.
access::Session SessionOf(const StsParts& parts, const operations::Caller& caller,
                          std::optional<std::int64_t> asked_s) {
  access::Session session;
  session.parent_key_id = caller.access_key_id;
  session.account = tenancy::AccountOf(caller.context);
  if (caller.grants != nullptr) session.principal_id = caller.grants->principal.unique_id;
  if (const ContextNames* names = tenancy::NamesOf(caller.context)) {
    session.scope = *names;
    if (names->tenant) session.tenant_account = session.account;
  } else {
    session.scope = session.account;
  }
  std::int64_t seconds = asked_s.value_or(kTokenSecondsDefault);
  if (caller.grants == nullptr) seconds = std::min(seconds, kRootSecondsMax);
  session.issued = parts.clock.Now();
  session.expires = session.issued + std::chrono::seconds(seconds);
  return session;
}

}  // namespace

Task<Result<void>> GetSessionToken(const StsParts& parts, const query::Query& query, query::Answer& answer) {
  query::Parameters parameters(query.form);
  const auto seconds = parameters.Number("DurationSeconds", kTokenSecondsMin, kTokenSecondsMax);
  INSULA_CO_TRY(parameters.Check());
  INSULA_CO_TRY(MustHaveItsOwnKey(query));
  access::Session session = SessionOf(parts, *query.caller, seconds);
  session.kind = access::SessionKind::kSessionToken;
  const WallTime expires = session.expires;
  INSULA_CO_ASSIGN(const access::IssuedSession issued, access::IssueSession(std::move(session), parts.token_keys));
  WriteCredentials(issued, expires, answer.Result());
  co_return Result<void>();
}

Task<Result<void>> GetFederationToken(const StsParts& parts, const query::Query& query, query::Answer& answer) {
  const operations::Caller& caller = *query.caller;
  query::Parameters parameters(query.form);
  SessionAsked asked;
  const std::string name = parameters.Required("Name", NameRule(2, 32));
  SessionPolicies policies = ReadPolicies(&parameters);
  asked.duration_s = parameters.Number("DurationSeconds", kTokenSecondsMin, kTokenSecondsMax);
  GivenTags given = ReadTags(&parameters, false);
  INSULA_CO_TRY(parameters.Check());
  INSULA_CO_TRY(CheckPolicies(policies));
  INSULA_CO_ASSIGN(asked.tags, TagsOf(std::move(given), nullptr));
  INSULA_CO_TRY(MustHaveItsOwnKey(query));

  const std::string& account = tenancy::AccountOf(caller.context).value();
  const std::string arn = fmt::format("arn:aws:sts::{}:federated-user/{}", account, name);
  const StsFacts facts(caller, parts.region, asked);
  const WallTime now = parts.clock.Now();
  INSULA_CO_TRY(operations::MustBeAllowed(caller, kGetFederationToken, {arn, account, true}, facts, now));
  if (!asked.tags.empty()) {
    INSULA_CO_TRY(operations::MustBeAllowed(caller, kTagSession, {arn, account, true}, facts, now));
  }
  access::Session session = SessionOf(parts, caller, asked.duration_s);
  session.kind = access::SessionKind::kFederatedUser;
  session.name = name;
  session.tags = std::move(asked.tags);
  session.policy = std::move(policies.policy);
  session.policy_arns = std::move(policies.arns);
  const WallTime expires = session.expires;
  INSULA_CO_ASSIGN(const access::IssuedSession issued, access::IssueSession(std::move(session), parts.token_keys));

  query::Element result = answer.Result();
  WriteCredentials(issued, expires, result);
  query::Element user = result.Add("FederatedUser");
  user.Text("FederatedUserId", fmt::format("{}:{}", account, name));
  user.Text("Arn", arn);
  result.Number("PackedPolicySize", issued.packed_policy_size);
  co_return Result<void>();
}

}  // namespace insula::api::sts
