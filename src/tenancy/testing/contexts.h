// Contexts for tests that have no catalog to ask for one.
#pragma once

#include <utility>

#include "tenancy/identity/context_maker.h"

namespace insula::tenancy::testing {

// An operator's of no account: until there is a better one.
inline Context Nobody() { return ContextMaker::OfOperator(AccountId()); }

}  // namespace insula::tenancy::testing
