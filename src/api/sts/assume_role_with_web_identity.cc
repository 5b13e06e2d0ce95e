// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "api/query/parameters.h"
#include "api/scope_context.h"
#include "api/sts/role_finder.h"
#include "api/sts/role_session.h"
#include "api/sts/session_parameters.h"
#include "api/sts/sts_actions.h"
#include "api/sts/sts_facts.h"
#include "http/client_addresses.h"
#include "iam/arn.h"
#include "operations/core/permission.h"
#include "policy/small_letters.h"

namespace insula::api::sts {
namespace {

const policy::Action kAssumeRoleWithWebIdentity("sts:AssumeRoleWithWebIdentity");

struct AskedByToken {
  std::string role_arn;
  std::string token;
  SessionPolicies policies;
  SessionAsked session;
};

Result<AskedByToken> ReadAsked(const query::Form& form) {
  query::Parameters parameters(form);
  AskedByToken asked;
  asked.role_arn = parameters.Required("RoleArn", ArnRule());
  asked.session.session_name = parameters.Required("RoleSessionName", NameRule(2, 64));
  asked.token = parameters.Required("WebIdentityToken", {.length_min = 4, .length_max = federation::kJwtMax});
  asked.policies = ReadPolicies(&parameters);
  asked.session.duration_s = parameters.Number("DurationSeconds", kRoleSecondsMin, kRoleSecondsMax);
  INSULA_TRY(parameters.Check());
  INSULA_TRY(CheckPolicies(asked.policies));
  return asked;
}

// The issuer as policies' keys name it: its URL without the scheme.
std::string_view HostAndPath(std::string_view url) {
  const std::size_t scheme = url.find("://");
  return scheme == std::string_view::npos ? url : url.substr(scheme + 3);
}

// Besides what a request for a session says, what the token does: "login.example.com/saas:sub" and "…:aud".
class TokenFacts : public StsFacts {
 public:
  TokenFacts(const operations::Caller& caller, std::string_view region, const SessionAsked& asked,
             const access::WebIdentity& identity)
      : StsFacts(caller, region, asked),
        identity_(identity),
        issuer_(policy::SmallLetters(HostAndPath(identity.provider))) {}

 protected:
  policy::Fact FindOwn(policy::KeyName name, std::string_view detail) const override {
    if (name != policy::KeyName::kOther) return StsFacts::FindOwn(name, detail);
    if (!detail.starts_with(issuer_)) return {};
    detail.remove_prefix(issuer_.size());
    if (detail == ":sub") return policy::Fact::Text(identity_.subject);
    if (detail == ":aud") return policy::Fact::Text(identity_.audience);
    return {};
  }

 private:
  const access::WebIdentity& identity_;
  const std::string issuer_;
};

Error NotAuthorizedByToken() {
  return Error(ErrorCode::kAccessDenied, "Not authorized to perform sts:AssumeRoleWithWebIdentity");
}

// AWS's code where it is the token that has expired, and not the credentials of whoever asks.
Error OfToken(const Error& error) {
  if (error.code() != ErrorCode::kExpiredToken) return error;
  return query::ErrorNamed("ExpiredTokenException", error.message());
}

// Whether the role trusts who shows the token, with its tags and its source identity.
Result<void> MustTrustToken(const StsParts& parts, const query::Query& query, const AskedByToken& asked,
                            const access::WebIdentity& identity, const FoundRole& found) {
  INSULA_ASSIGN(tenancy::Context context, ContextOf(parts.catalog, found.realm.scope));
  policy::Grants grants;
  grants.principal.type = policy::PrincipalType::kWebIdentity;
  grants.principal.provider =
      fmt::format("arn:aws:iam::{}:oidc-provider/{}", found.realm.account.value(), HostAndPath(identity.provider));
  operations::Caller caller{std::move(context), {}, query.request.remote_address};
  caller.user_agent = query.request.Header("user-agent");
  caller.grants = std::make_shared<const policy::Grants>(std::move(grants));
  const TokenFacts facts(caller, parts.region, asked.session, identity);
  const auto trusts = [&](const policy::Action& action) {
    const operations::Resource role{asked.role_arn, found.realm.account.value(), false,
                                    found.role->trust.document.get()};
    return operations::MustBeAllowed(caller, action, role, facts, parts.clock.Now()).ok();
  };
  if (!trusts(kAssumeRoleWithWebIdentity)) return NotAuthorizedByToken();
  if (!asked.session.tags.empty() && !trusts(kTagSession)) return NotAuthorizedByToken();
  if (!asked.session.source_identity.empty() && !trusts(kSetSourceIdentity)) return NotAuthorizedByToken();
  return {};
}

// The role that trusts the token and whose session would be somewhere. Services of an environment have one account, and
// may have roles of one name: another's, which doesn't trust the token or contradicts it, is in nobody's way. nullopt:
// there is none, or more than one of contexts.
std::optional<FoundRole> RoleMeant(const StsParts& parts, const query::Query& query, const AskedByToken& asked,
                                   const federation::WebIdentityClaims& claims, const ContextParts& known) {
  std::optional<FoundRole> meant;
  for (FoundRole& role : FindRoles(parts.catalog, parts.identities, known, asked.role_arn)) {
    if (!MustTrustToken(parts, query, asked, claims.identity, role).ok()) continue;
    const Result<SessionPlace> place = PlaceSession(parts.catalog, known, role.realm, *role.role, claims.tags);
    if (!place.ok()) continue;
    // Tags may name a tenant, too: one that the issuer may.
    const auto& tenant = std::get<ContextNames>(place->scope).tenant;
    if (tenant && !federation::MayName(*claims.issuer, *tenant)) continue;
    if (std::holds_alternative<AccountId>(role.realm.scope)) return std::move(role);
    if (meant) return std::nullopt;
    meant = std::move(role);
  }
  return meant;
}

}  // namespace

Task<Result<void>> AssumeRoleWithWebIdentity(const StsParts& parts, const query::Query& query, query::Answer& answer) {
  // Nobody has signed this, and a token costs the check of a signature.
  INSULA_CO_TRY(parts.attempts.Take(http::AddressKey(query.request.remote_address)));
  INSULA_CO_ASSIGN(AskedByToken asked, ReadAsked(query.form));
  const auto verified = co_await parts.web_identities.Verify(asked.token);
  if (!verified.ok()) co_return OfToken(verified.error());
  const federation::WebIdentityClaims& claims = *verified;
  asked.session.tags = claims.tags;
  asked.session.source_identity = claims.source_identity;
  const ContextParts known{claims.environment, claims.service, claims.tenant};
  const std::optional<FoundRole> found = RoleMeant(parts, query, asked, claims, known);
  if (!found) co_return NotAuthorizedByToken();
  INSULA_CO_ASSIGN(const std::int64_t seconds, SecondsOf(asked.session.duration_s, *found->role, false));

  access::Session session;
  session.kind = access::SessionKind::kWebIdentityRole;
  session.name = asked.session.session_name;
  session.source_identity = claims.source_identity;
  session.tags = claims.tags;
  session.policy = std::move(asked.policies.policy);
  session.policy_arns = std::move(asked.policies.arns);
  session.web_identity = claims.identity;
  INSULA_CO_TRY(co_await GiveRoleSession(parts, *found, known, std::move(session), seconds, answer));
  query::Element result = answer.Result();
  result.Text("SubjectFromWebIdentityToken", claims.identity.subject);
  result.Text("Audience", claims.identity.audience);
  result.Text("Provider", claims.identity.provider);
  co_return Result<void>();
}

}  // namespace insula::api::sts
