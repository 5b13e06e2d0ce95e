#include "tenancy/identity/context.h"

#include "tenancy/identity/context_key.h"

namespace insula::tenancy {

const AccountId& AccountOf(const Context& context) {
  return std::visit([](const auto& c) -> const AccountId& { return c.account(); }, context);
}

const ContextNames* NamesOf(const Context& context) {
  if (const auto* tenant = std::get_if<TenantContext>(&context)) return &tenant->names();
  if (const auto* service = std::get_if<ServiceContext>(&context)) return &service->names();
  return nullptr;
}

std::string KeyOf(const Context& context) {
  if (const ContextNames* names = NamesOf(context)) return KeyOf(*names);
  return "o/" + AccountOf(context).value();
}

}  // namespace insula::tenancy
