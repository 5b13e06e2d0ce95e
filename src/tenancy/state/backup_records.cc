#include "tenancy/state/backup_records.h"

#include <fmt/format.h>

#include "base/enum_names.h"

namespace insula::tenancy {

std::span<const std::string_view> AllNames(BackupStatus) {
  static constexpr std::string_view kNames[] = {"CREATING", "AVAILABLE", "DELETING"};
  return kNames;
}
std::span<const std::string_view> AllNames(BackupKind) {
  static constexpr std::string_view kNames[] = {"USER", "SYSTEM", "INTERNAL"};
  return kNames;
}

std::string_view NameOf(BackupStatus status) { return NameFromTable(status); }
std::string_view NameOf(BackupKind kind) { return NameFromTable(kind); }

std::string BackupRecord::engine_id() const { return fmt::format("{}-{}", table->ref.incarnation().value(), id); }

}  // namespace insula::tenancy
