// Among whose users, roles and policies one is: a context's, as everything that a context makes, or an account's across
// its services, which the operator alone makes.
#pragma once

#include <string>
#include <variant>

#include "model/ids.h"

namespace insula::access {

using Scope = std::variant<ContextNames, AccountId>;

// A stable text for keys of records: "t/prod/catalog/acme", "s/prod/catalog", "o/123456789012".
inline std::string TextOf(const Scope& scope) {
  if (const auto* account = std::get_if<AccountId>(&scope)) return "o/" + account->value();
  const auto& names = std::get<ContextNames>(scope);
  const std::string service = names.environment.value() + "/" + names.service.value();
  return names.tenant ? "t/" + service + "/" + names.tenant->value() : "s/" + service;
}

}  // namespace insula::access
