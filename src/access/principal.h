// Who signed a request, as its credentials state it.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "access/scope.h"
#include "access/session.h"
#include "model/ids.h"

namespace insula::access {

// A tenant's or (without a tenant) a service's context. `may_act_for_tenants`: a service key that may name a tenant in
// a signed x-insula-tenant header; once it has, `names.tenant` holds that tenant and `acting` is set.
struct ContextPrincipal {
  ContextNames names;
  bool may_act_for_tenants = false;
  bool acting = false;
};
// An operator: the admin API, and the physical view of `account` on the data API.
struct OperatorPrincipal {
  AccountId account;   // empty: the organization's operator (admin API; data API shows the payer account)
  bool admin = false;  // may call the admin API
};
// An IAM user, by the unique id that outlives its name. `scope`: among whose users it is.
struct UserPrincipal {
  Scope scope;
  std::string user_id;  // "AIDA…"
};
// Temporary credentials: a role's session, a federated user's, or one of GetSessionToken. Never null. That the token is
// genuine and not expired is all that is known: what its ids mean now is still to be looked up.
struct SessionPrincipal {
  std::shared_ptr<const Session> session;
};

// Whose an access key can be.
using Owner = std::variant<ContextPrincipal, OperatorPrincipal, UserPrincipal>;

struct Principal {
  std::string access_key_id;
  std::variant<ContextPrincipal, OperatorPrincipal, UserPrincipal, SessionPrincipal> who;
};

// The principal of an access key.
inline Principal PrincipalOf(std::string access_key_id, const Owner& owner) {
  Principal principal{std::move(access_key_id), {}};
  std::visit([&](const auto& who) { principal.who = who; }, owner);
  return principal;
}

}  // namespace insula::access
