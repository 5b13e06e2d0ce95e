#include "policy/statement.h"

#include <algorithm>

#include "policy/same_text.h"

namespace insula::policy {
namespace {

bool MatchesAction(const Statement& statement, const Facts& facts) {
  const Action& action = facts.request().action;
  const bool named = std::any_of(statement.actions.begin(), statement.actions.end(),
                                 [&](const ActionPattern& pattern) { return pattern.Matches(action, facts); });
  return named != statement.not_action;
}

bool MatchesResource(const Statement& statement, const Facts& facts) {
  if (statement.resources.empty()) return true;
  const std::optional<Arn>& arn = facts.request().resource_arn;
  for (const ArnPattern& pattern : statement.resources) {
    if (pattern.MatchesEverything()) return !statement.not_resource;
    const Match match = arn ? pattern.Matches(*arn, facts) : Match::kNo;
    if (match == Match::kYes) return !statement.not_resource;
    // NotResource, too, can't be said to match where it isn't known what it names.
    if (match == Match::kUnresolved && statement.not_resource) return false;
  }
  return statement.not_resource;
}

}  // namespace

bool ActionPattern::Matches(const Action& action, const Facts& facts) const {
  return (service.empty() || SameText(service, action.service())) && name.Matches(action.name(), facts) == Match::kYes;
}

bool Statement::Matches(const Facts& facts) const {
  return MatchesAction(*this, facts) && MatchesResource(*this, facts) &&
         std::all_of(conditions.begin(), conditions.end(),
                     [&](const Condition& condition) { return condition.Matches(facts); });
}

NamedAs Statement::Names(const Principal& principal, bool has_boundary) const {
  NamedAs best = NamedAs::kNobody;
  bool account = principal.type == PrincipalType::kRoot || principal.type == PrincipalType::kWebIdentity;
  bool source = principal.source_arn.empty();
  bool itself = false;
  for (const PrincipalPattern& pattern : principals) {
    const NamedAs named = pattern.Names(principal);
    best = std::max(best, named);
    account |= named == NamedAs::kAccount || named == NamedAs::kEveryone;
    source |= named == NamedAs::kSource || named == NamedAs::kEveryone;
    itself |= named == NamedAs::kItself || named == NamedAs::kEveryone;
  }
  if (!not_principal) return best;
  // A Deny by NotPrincipal spares those only whose account, role and session it all names, and nobody with a boundary.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  return account && source && itself && !has_boundary ? NamedAs::kNobody : NamedAs::kEveryone;
}

}  // namespace insula::policy
