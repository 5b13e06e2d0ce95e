// Makes contexts. Included by the catalog, which has looked the names up, and by tests; tests/layering holds everybody
// else to that.
#pragma once

#include <utility>

#include "tenancy/identity/context.h"

namespace insula::tenancy {

class ContextMaker {
 public:
  // A tenant's, or a service's own where `names` has no tenant.
  static Context Of(ContextNames names, AccountId account) {
    if (names.tenant) return TenantContext(std::move(names), std::move(account));
    return ServiceContext(std::move(names), std::move(account));
  }
  static Context OfOperator(AccountId account) { return OperatorContext(std::move(account)); }
};

}  // namespace insula::tenancy
