// Who asks: the resolved form of a principal's context.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "model/ids.h"

namespace insula::tenancy {

enum class PartitionModel : std::uint8_t { kAccount, kTable, kIndex };

// Each of the three is a permission: only the catalog makes one (context_maker.h), of names and accounts that it knows.
// Values.

// (environment, service, tenant), existing and active, with its stable account.
class TenantContext {
 public:
  const ContextNames& names() const { return names_; }   // with a tenant
  const AccountId& account() const { return account_; }  // of (environment, tenant): in ARNs, under every model

 private:
  friend class ContextMaker;
  TenantContext(ContextNames names, AccountId account) : names_(std::move(names)), account_(std::move(account)) {}
  ContextNames names_;
  AccountId account_;
};
// A service's own tables and template; never a tenant's items.
class ServiceContext {
 public:
  const ContextNames& names() const { return names_; }   // without a tenant
  const AccountId& account() const { return account_; }  // the environment's shared account

 private:
  friend class ContextMaker;
  ServiceContext(ContextNames names, AccountId account) : names_(std::move(names)), account_(std::move(account)) {}
  ContextNames names_;
  AccountId account_;
};
// The operator's view of one account: physical tables.
class OperatorContext {
 public:
  const AccountId& account() const { return account_; }

 private:
  friend class ContextMaker;
  explicit OperatorContext(AccountId account) : account_(std::move(account)) {}
  AccountId account_;
};

using Context = std::variant<TenantContext, ServiceContext, OperatorContext>;

const AccountId& AccountOf(const Context& context);
// Whose tables and all that belongs to them the context has; nullptr: an operator's, which has none of its own.
const ContextNames* NamesOf(const Context& context);
// A stable text for keying tokens, cursors and quotas: "t/prod/catalog/acme", "s/prod/catalog", "o/123456789012".
std::string KeyOf(const Context& context);

}  // namespace insula::tenancy
