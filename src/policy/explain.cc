#include "policy/explain.h"

#include <algorithm>

#include "policy/facts.h"
#include "policy/outcome.h"
#include "policy/statement.h"

namespace insula::policy {
namespace {

// Goes through every statement of every policy, and keeps those that match.
class Walk {
 public:
  explicit Walk(const Facts& facts) : facts_(facts) {}

  Outcome Look(PolicyType type, const NamedPolicy& policy) {
    std::vector<MatchedStatement> matched;
    const std::vector<Statement>& statements = policy.document->statements();
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (statements[i].Matches(facts_)) matched.push_back(Matched(type, policy, i));
    }
    return Keep(std::move(matched));
  }

  Outcome Look(PolicyType type, const PolicyList& policies) {
    Outcome outcome = Outcome::kNone;
    for (const NamedPolicy& policy : policies) outcome = std::max(outcome, Look(type, policy));
    return outcome;
  }

  void LookAtResource(const NamedPolicy& policy, bool has_boundary, Outcomes* outcomes) {
    const PolicyType type = outcomes->trust ? PolicyType::kTrust : PolicyType::kResource;
    std::vector<MatchedStatement> matched;
    const std::vector<Statement>& statements = policy.document->statements();
    for (std::size_t i = 0; i < statements.size(); ++i) {
      const NamedAs named = statements[i].Names(facts_.principal(), has_boundary);
      if (!statements[i].Matches(facts_) || named == NamedAs::kNobody) continue;
      matched.push_back(Matched(type, policy, i));
      if (!statements[i].denies) outcomes->allowed_as = std::max(outcomes->allowed_as, named);
    }
    outcomes->resource_denies = Keep(std::move(matched)) == Outcome::kDeny;
  }

  // Those that speak for the verdict.
  std::vector<MatchedStatement> Deciding(const Verdict& verdict) {
    const bool denies = verdict.decision == Decision::kExplicitlyDenied;
    std::erase_if(matched_, [denies](const MatchedStatement& statement) { return statement.denies != denies; });
    return std::move(matched_);
  }

 private:
  static MatchedStatement Matched(PolicyType type, const NamedPolicy& policy, std::size_t index) {
    const Statement& statement = policy.document->statements()[index];
    return {type, policy.name, index, statement.sid, statement.denies};
  }

  Outcome Keep(std::vector<MatchedStatement> matched) {
    Outcome outcome = Outcome::kNone;
    for (MatchedStatement& statement : matched) {
      outcome = std::max(outcome, statement.denies ? Outcome::kDeny : Outcome::kAllow);
      matched_.push_back(std::move(statement));
    }
    return outcome;
  }

  const Facts& facts_;
  std::vector<MatchedStatement> matched_;
};

}  // namespace

Explanation Explain(const Grants& grants, const NamedPolicy& resource_policy, const Request& request) {
  Explanation explanation;
  const Facts facts(grants.principal, request, &explanation.missing_keys);
  Walk walk(facts);
  Outcomes outcomes = Outcomes::For(grants, resource_policy.document.get(), request);
  for (const PolicyList& level : grants.service_control) {
    const Outcome outcome = walk.Look(PolicyType::kServiceControl, level);
    const bool worse =
        outcome == Outcome::kDeny || (outcome == Outcome::kNone && outcomes.service_control != Outcome::kDeny);
    if (worse) outcomes.service_control = outcome;
  }
  if (resource_policy.document != nullptr) {
    walk.LookAtResource(resource_policy, grants.boundary.has_value(), &outcomes);
  }
  outcomes.identity = walk.Look(PolicyType::kIdentity, grants.identity);
  if (grants.boundary) outcomes.boundary = walk.Look(PolicyType::kBoundary, *grants.boundary);
  if (grants.session) outcomes.session = walk.Look(PolicyType::kSession, *grants.session);
  explanation.verdict = outcomes.Decide();
  explanation.statements = walk.Deciding(explanation.verdict);
  return explanation;
}

}  // namespace insula::policy
