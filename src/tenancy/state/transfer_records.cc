#include "tenancy/state/transfer_records.h"

#include "base/enum_names.h"

namespace insula::tenancy {

std::span<const std::string_view> AllNames(TransferStatus) {
  static constexpr std::string_view kNames[] = {"IN_PROGRESS",           "COMPLETED", "FAILED", "CANCELLED",
                                                "COMPLETED_WITH_ERRORS", "CANCELLING"};
  return kNames;
}
std::span<const std::string_view> AllNames(TransferKind) {
  static constexpr std::string_view kNames[] = {"export", "import", "bulk-operation"};
  return kNames;
}

std::string_view NameOf(TransferStatus status) { return NameFromTable(status); }
std::string_view NameOf(TransferKind kind) { return NameFromTable(kind); }

}  // namespace insula::tenancy
