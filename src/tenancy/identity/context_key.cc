#include "tenancy/identity/context_key.h"

namespace insula::tenancy {

std::string KeyOf(const ContextNames& names) {
  const std::string service = names.environment.value() + "/" + names.service.value();
  return names.tenant ? "t/" + service + "/" + names.tenant->value() : "s/" + service;
}

std::optional<ContextNames> NamesFromKey(std::string_view key) {
  if (!key.starts_with("t/") && !key.starts_with("s/")) return std::nullopt;
  const auto next = [&key] {
    const auto slash = key.find('/');
    const std::string part(key.substr(0, slash));
    key = slash == std::string_view::npos ? std::string_view{} : key.substr(slash + 1);
    return part;
  };
  next();
  ContextNames names;
  names.environment = EnvironmentName(next());
  names.service = ServiceName(next());
  names.tenant = TenantFromText(next());
  return names;
}

}  // namespace insula::tenancy
