// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "api/query/parameters.h"
#include "api/sts/role_finder.h"
#include "api/sts/role_session.h"
#include "api/sts/session_parameters.h"
#include "api/sts/sts_actions.h"
#include "api/sts/sts_facts.h"
#include "iam/arn.h"
#include "operations/core/permission.h"

namespace insula::api::sts {
namespace {

const policy::Action kAssumeRole("sts:AssumeRole");

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
    const operations::Resource role{asked.role_arn, found->realm.account.value(), false,
                                    found->role->trust.document.get()};
    return operations::MustBeAllowed(caller, action, role, facts, parts.clock.Now());
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

// What the caller's own session goes on with, if it is a role's.
const access::Session* ChainedFrom(const operations::Caller& caller) {
  const access::Session* session = caller.session.get();
  return session != nullptr && session->kind != access::SessionKind::kSessionToken ? session : nullptr;
}

// Once set it is the same through a chain of roles.
Result<std::string> SourceIdentityOf(const Asked& asked, const access::Session* former) {
  const std::string& own = asked.session.source_identity;
  if (former == nullptr || former->source_identity.empty()) return own;
  if (own.empty() || own == former->source_identity) return former->source_identity;
  return Error(ErrorCode::kAccessDenied, "The source identity of a session can't be changed");
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
  INSULA_CO_ASSIGN(const std::int64_t seconds, SecondsOf(asked.session.duration_s, *found->role, former != nullptr));
  access::Session session;
  session.kind = access::SessionKind::kAssumedRole;
  session.parent_key_id = caller.session == nullptr ? caller.access_key_id : caller.session->parent_key_id;
  session.name = asked.session.session_name;
  INSULA_CO_ASSIGN(session.source_identity, SourceIdentityOf(asked, former));
  session.tags = std::move(tags);
  session.policy = std::move(asked.policies.policy);
  session.policy_arns = std::move(asked.policies.arns);
  session.chained = former != nullptr;
  co_return co_await GiveRoleSession(parts, *found, PartsOf(caller.context), std::move(session), seconds, answer);
}

}  // namespace insula::api::sts
