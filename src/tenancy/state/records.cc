#include "tenancy/state/records.h"

#include "base/enum_names.h"

namespace insula::tenancy {

std::span<const std::string_view> AllNames(PartitionModel) {
  static constexpr std::string_view kNames[] = {"account", "table", "index"};
  return kNames;
}
std::span<const std::string_view> AllNames(TenantStatus) {
  static constexpr std::string_view kNames[] = {"ACTIVE", "SUSPENDED", "DELETING"};
  return kNames;
}
std::span<const std::string_view> AllNames(AccountKind) {
  static constexpr std::string_view kNames[] = {"payer", "shared", "tenant"};
  return kNames;
}

std::string_view NameOf(PartitionModel model) { return NameFromTable(model); }
std::string_view NameOf(TenantStatus status) { return NameFromTable(status); }
std::string_view NameOf(AccountKind kind) { return NameFromTable(kind); }

}  // namespace insula::tenancy
