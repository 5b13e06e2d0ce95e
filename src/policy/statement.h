// A statement of a policy, compiled.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/arn_pattern.h"
#include "policy/condition.h"
#include "policy/facts.h"
#include "policy/pattern.h"
#include "policy/principal_pattern.h"
#include "policy/request.h"

namespace insula::policy {

// "dynamodb:Get*" or "*", in small letters.
struct ActionPattern {
  std::string service;  // empty: of every service
  Pattern name;

  bool Matches(const Action& action, const Facts& facts) const;
};

struct Statement {
  std::string sid;  // empty: it has none
  bool denies = false;
  bool not_action = false;
  bool not_resource = false;
  bool not_principal = false;
  std::vector<ActionPattern> actions;
  std::vector<ArnPattern> resources;         // of a trust policy: none, which any resource matches
  std::vector<PrincipalPattern> principals;  // of resource and trust policies
  std::vector<Condition> conditions;

  // Whether everything but the principal matches.
  bool Matches(const Facts& facts) const;
  // As what the principal is named. By NotPrincipal a principal is kEveryone or kNobody; `has_boundary` says whether
  // one has a permissions boundary.
  NamedAs Names(const Principal& principal, bool has_boundary) const;
};

}  // namespace insula::policy
