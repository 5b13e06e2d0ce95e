// Backups, restoring and continuous backups; each in the file of its name.
#pragma once

#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> BackupOperations();

Task<Result<std::string>> CreateBackup(Call& call);
Task<Result<std::string>> DeleteBackup(Call& call);
Task<Result<std::string>> DescribeBackup(Call& call);
Task<Result<std::string>> DescribeContinuousBackups(Call& call);
Task<Result<std::string>> ListBackups(Call& call);
Task<Result<std::string>> RestoreTableFromBackup(Call& call);
Task<Result<std::string>> RestoreTableToPointInTime(Call& call);
Task<Result<std::string>> UpdateContinuousBackups(Call& call);

}  // namespace insula::operations
