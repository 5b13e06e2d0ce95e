#include "policy/evaluate.h"

#include <algorithm>
#include <array>

#include "policy/facts.h"
#include "policy/outcome.h"
#include "policy/statement.h"

namespace insula::policy {
namespace {

// What policies say that apply to the principal whoever it is. A Deny is looked for to the end.
Outcome OutcomeOf(const Document& document, const Facts& facts, Outcome outcome) {
  for (const Statement& statement : document.statements()) {
    if (!statement.denies && outcome == Outcome::kAllow) continue;
    if (!statement.Matches(facts)) continue;
    if (statement.denies) return Outcome::kDeny;
    outcome = Outcome::kAllow;
  }
  return outcome;
}

Outcome OutcomeOf(const PolicyList& policies, const Facts& facts) {
  Outcome outcome = Outcome::kNone;
  for (const NamedPolicy& policy : policies) {
    outcome = OutcomeOf(*policy.document, facts, outcome);
    if (outcome == Outcome::kDeny) break;
  }
  return outcome;
}

// What all levels together say: any may deny, each must allow.
Outcome OutcomeOfLevels(const std::vector<PolicyList>& levels, const Facts& facts) {
  Outcome together = Outcome::kAllow;
  for (const PolicyList& level : levels) {
    const Outcome outcome = OutcomeOf(level, facts);
    if (outcome == Outcome::kDeny) return outcome;
    if (outcome == Outcome::kNone) together = outcome;
  }
  return together;
}

void LookAtResource(const Document& document, const Facts& facts, bool has_boundary, Outcomes* outcomes) {
  for (const Statement& statement : document.statements()) {
    const NamedAs named = statement.Names(facts.principal(), has_boundary);
    if (named == NamedAs::kNobody || (!statement.denies && named <= outcomes->allowed_as)) continue;
    if (!statement.Matches(facts)) continue;
    if (statement.denies) {
      outcomes->resource_denies = true;
      return;
    }
    outcomes->allowed_as = named;
  }
}

}  // namespace

Verdict Evaluate(const Grants& grants, const Document* resource_policy, const Request& request) {
  const Facts facts(grants.principal, request);
  Outcomes outcomes = Outcomes::For(grants, resource_policy, request);
  outcomes.service_control = OutcomeOfLevels(grants.service_control, facts);
  if (resource_policy != nullptr) LookAtResource(*resource_policy, facts, grants.boundary.has_value(), &outcomes);
  outcomes.identity = OutcomeOf(grants.identity, facts);
  if (grants.boundary) outcomes.boundary = OutcomeOf(*grants.boundary->document, facts, Outcome::kNone);
  if (grants.session) outcomes.session = OutcomeOf(*grants.session, facts);
  return outcomes.Decide();
}

}  // namespace insula::policy
