// The context that a scope of users, roles and policies is of.
#pragma once

#include "access/scope.h"
#include "base/result.h"
#include "tenancy/catalog/catalog.h"

namespace insula::api {

// Errors as Catalog::ContextOf and OperatorContextOf give them.
inline Result<tenancy::Context> ContextOf(const tenancy::Catalog& catalog, const access::Scope& scope) {
  if (const auto* names = std::get_if<ContextNames>(&scope)) return catalog.ContextOf(*names);
  return catalog.OperatorContextOf(std::get<AccountId>(scope));
}

}  // namespace insula::api
