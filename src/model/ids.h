// The names and numbers that say whose something is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/strong_id.h"

namespace insula {

using EnvironmentName = StrongId<struct EnvironmentNameTag, std::string>;  // "prod"; no dot
using ServiceName = StrongId<struct ServiceNameTag, std::string>;          // "catalog"; no dot
using TenantId = StrongId<struct TenantIdTag, std::string>;                // [a-z0-9][a-z0-9-]{0,62}
using AccountId = StrongId<struct AccountIdTag, std::string>;              // 12 digits

using StoreId = StrongId<struct StoreIdTag, std::uint32_t>;            // 0: the shared store; else an account's own
using TableNumber = StrongId<struct TableNumberTag, std::uint32_t>;    // a physical table's storage identity
using TenantNumber = StrongId<struct TenantNumberTag, std::uint32_t>;  // 0 where the table isn't shared
using Incarnation = StrongId<struct IncarnationTag, std::uint64_t>;    // one life of a logical table, never reused

// The context of a request as its credentials state it, before tenancy has looked it up.
// Without a tenant it is a service context; without a service it is no context at all.
struct ContextNames {
  EnvironmentName environment;
  ServiceName service;
  std::optional<TenantId> tenant;  // none: the service's own context

  // The service's own context, which this one is of or is.
  ContextNames OfService() const { return {environment, service, std::nullopt}; }
  friend auto operator<=>(const ContextNames&, const ContextNames&) = default;
  friend bool operator==(const ContextNames&, const ContextNames&) = default;
};

// Records, keys and answers have an empty text where there is no tenant.
inline std::string_view TextOf(const std::optional<TenantId>& tenant) {
  return tenant ? std::string_view(tenant->value()) : std::string_view();
}
inline std::optional<TenantId> TenantFromText(std::string text) {
  if (text.empty()) return std::nullopt;
  return TenantId(std::move(text));
}

}  // namespace insula
