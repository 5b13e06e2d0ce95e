#include "tenancy/context.h"

namespace insula::tenancy {

const AccountId& AccountOf(const Context& context) {
  return std::visit([](const auto& c) -> const AccountId& { return c.account; }, context);
}

const ContextNames* NamesOf(const Context& context) {
  if (const auto* tenant = std::get_if<TenantContext>(&context)) return &tenant->names;
  if (const auto* service = std::get_if<ServiceContext>(&context)) return &service->names;
  return nullptr;
}

std::string KeyOf(const Context& context) {
  if (const auto* tenant = std::get_if<TenantContext>(&context)) {
    const ContextNames& names = tenant->names;
    return "t/" + names.environment.value() + "/" + names.service.value() + "/" + names.tenant.value();
  }
  if (const auto* service = std::get_if<ServiceContext>(&context)) {
    return "s/" + service->names.environment.value() + "/" + service->names.service.value();
  }
  return "o/" + std::get<OperatorContext>(context).account.value();
}

}  // namespace insula::tenancy
