// The same verdict as evaluate.h, with its reasons: for simulations, and for whoever asks why a request was denied.
// Slower, as it looks at every statement.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/evaluate.h"

namespace insula::policy {

// A statement whose every element matched the request.
struct MatchedStatement {
  PolicyType type = PolicyType::kIdentity;
  std::string policy;     // its name in the Grants, or the one given for the resource's policy
  std::size_t index = 0;  // in the document, from 0
  std::string sid;        // empty: it has none
  bool denies = false;
};

struct Explanation {
  Verdict verdict;
  // Those that decided: the denying ones of an explicit deny, else the allowing ones. An implicit deny may have some:
  // what one type of policy allows, another didn't.
  std::vector<MatchedStatement> statements;
  // The keys that a condition or a variable asked for and the request didn't have, each once, in the order they were
  // met.
  std::vector<std::string> missing_keys;
};

// `resource_policy`: as for Evaluate; its document may be nullptr. Safe from any thread.
Explanation Explain(const Grants& grants, const NamedPolicy& resource_policy, const Request& request);

}  // namespace insula::policy
