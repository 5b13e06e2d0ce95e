// What a principal may do by itself, as one value: made once when a user, a role or a session is looked up, and shared
// by every request after.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "policy/document.h"
#include "policy/principal.h"

namespace insula::policy {

struct NamedPolicy {
  std::string name;  // for explanations: an ARN, or the name of an inline policy
  DocumentPtr document;
};
using PolicyList = std::vector<NamedPolicy>;

// Immutable once it is shared; safe from any thread.
struct Grants {
  Principal principal;
  // Of a user with those of its groups, or of a session's role. Of a federated session: its user's.
  PolicyList identity;
  std::optional<NamedPolicy> boundary;
  // Policies given with the session, of which any may allow; an empty list allows nothing, none at all limits nothing.
  std::optional<PolicyList> session;
  // The levels from the organization's root to the account, of each of which a policy must allow. Empty: no service
  // control policies bind this principal, as those of the payer's account.
  std::vector<PolicyList> service_control;
};
using GrantsPtr = std::shared_ptr<const Grants>;

}  // namespace insula::policy
