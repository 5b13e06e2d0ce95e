#include "tenancy/context_key.h"

namespace insula::tenancy {

std::string KeyOf(const ContextNames& names) {
  // What a key says of a context is its names alone.
  if (names.tenant.value().empty()) return KeyOf(Context(ServiceContext{names, AccountId()}));
  return KeyOf(Context(TenantContext{names, AccountId()}));
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
  names.tenant = TenantId(next());
  return names;
}

}  // namespace insula::tenancy
