// Exports, imports and bulk puts, as they are asked for; what does them is transfer/.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> TransferOperations();

Task<Result<std::string>> CancelBulkOperation(Call& call);
Task<Result<std::string>> DescribeBulkOperation(Call& call);
Task<Result<std::string>> DescribeExport(Call& call);
Task<Result<std::string>> DescribeImport(Call& call);
Task<Result<std::string>> ExportTableToPointInTime(Call& call);
Task<Result<std::string>> ImportTable(Call& call);
Task<Result<std::string>> ListBulkOperations(Call& call);
Task<Result<std::string>> ListExports(Call& call);
Task<Result<std::string>> ListImports(Call& call);
Task<Result<std::string>> StartBulkPutItems(Call& call);

}  // namespace insula::operations
