#include "operations/copies/backup_operations.h"

#include <array>

#include "wire/backup_shapes.h"
#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> BackupOperations() {
  namespace shapes = wire::shapes;
  static constexpr std::array kOperations = {
      Operation{"CreateBackup", shapes::CreateBackup, CreateBackup},
      Operation{"DeleteBackup", shapes::DeleteBackup, DeleteBackup},
      Operation{"DescribeBackup", shapes::DescribeBackup, DescribeBackup},
      Operation{"DescribeContinuousBackups", shapes::DescribeContinuousBackups, DescribeContinuousBackups},
      Operation{"ListBackups", shapes::ListBackups, ListBackups},
      Operation{"RestoreTableFromBackup", shapes::RestoreTableFromBackup, RestoreTableFromBackup},
      Operation{"RestoreTableToPointInTime", shapes::RestoreTableToPointInTime, RestoreTableToPointInTime},
      Operation{"UpdateContinuousBackups", shapes::UpdateContinuousBackups, UpdateContinuousBackups},
  };
  return kOperations;
}

}  // namespace insula::operations
