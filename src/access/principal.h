// Who signed a request, as its credentials state it.
#pragma once

#include <string>
#include <variant>

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

struct Principal {
  std::string access_key_id;
  std::variant<ContextPrincipal, OperatorPrincipal> who;
};

}  // namespace insula::access
