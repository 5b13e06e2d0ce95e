// Who asks: the resolved form of a principal's context, made by the catalog only.
#pragma once

#include <string>
#include <variant>

#include "model/ids.h"

namespace insula::tenancy {

enum class PartitionModel : std::uint8_t { kAccount, kTable, kIndex };

// (environment, service, tenant), existing and active, with its stable account.
struct TenantContext {
  ContextNames names;
  AccountId account;  // of (environment, tenant): in ARNs, under every model
};
// A service's own tables and template; never a tenant's items.
struct ServiceContext {
  ContextNames names;  // tenant is empty
  AccountId account;   // the environment's shared account
};
// The operator's view of one account: physical tables.
struct OperatorContext {
  AccountId account;
};

using Context = std::variant<TenantContext, ServiceContext, OperatorContext>;

const AccountId& AccountOf(const Context& context);
// Whose tables and all that belongs to them the context has; nullptr: an operator's, which has none of its own.
const ContextNames* NamesOf(const Context& context);
// A stable text for keying tokens, cursors and quotas: "t/prod/catalog/acme", "s/prod/catalog", "o/123456789012".
std::string KeyOf(const Context& context);

}  // namespace insula::tenancy
