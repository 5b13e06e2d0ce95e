#include "operations/backup_operations.h"

#include <array>

#include "wire/backup_shapes.h"
#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> BackupOperations() {
  static constexpr std::array kOperations = {
      Operation{"CreateBackup", wire::shapes::CreateBackup, CreateBackup},
      Operation{"DeleteBackup", wire::shapes::DeleteBackup, DeleteBackup},
      Operation{"DescribeBackup", wire::shapes::DescribeBackup, DescribeBackup},
      Operation{"DescribeContinuousBackups", wire::shapes::DescribeContinuousBackups, DescribeContinuousBackups},
      Operation{"ListBackups", wire::shapes::ListBackups, ListBackups},
      Operation{"RestoreTableFromBackup", wire::shapes::RestoreTableFromBackup, RestoreTableFromBackup},
      Operation{"RestoreTableToPointInTime", wire::shapes::RestoreTableToPointInTime, RestoreTableToPointInTime},
      Operation{"UpdateContinuousBackups", wire::shapes::UpdateContinuousBackups, UpdateContinuousBackups},
  };
  return kOperations;
}

}  // namespace insula::operations
