// The operations on tables, and Query and Scan; each in the file of its name.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/table_handle.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> TableOperations();

Task<Result<std::string>> CancelBulkOperation(Call& call);
Task<Result<std::string>> CreateTable(Call& call);
Task<Result<std::string>> DeleteTable(Call& call);
Task<Result<std::string>> DescribeBulkOperation(Call& call);
Task<Result<std::string>> DescribeContributorInsights(Call& call);
Task<Result<std::string>> DescribeEndpoints(Call& call);
Task<Result<std::string>> DescribeExport(Call& call);
Task<Result<std::string>> DescribeImport(Call& call);
Task<Result<std::string>> DescribeLimits(Call& call);
Task<Result<std::string>> DescribeTable(Call& call);
Task<Result<std::string>> DescribeTimeToLive(Call& call);
Task<Result<std::string>> ExportTableToPointInTime(Call& call);
Task<Result<std::string>> ImportTable(Call& call);
Task<Result<std::string>> ListBulkOperations(Call& call);
Task<Result<std::string>> ListContributorInsights(Call& call);
Task<Result<std::string>> ListExports(Call& call);
Task<Result<std::string>> ListImports(Call& call);
Task<Result<std::string>> ListTables(Call& call);
Task<Result<std::string>> ListTagsOfResource(Call& call);
Task<Result<std::string>> Query(Call& call);
Task<Result<std::string>> Scan(Call& call);
Task<Result<std::string>> StartBulkPutItems(Call& call);
Task<Result<std::string>> TagResource(Call& call);
Task<Result<std::string>> UntagResource(Call& call);
Task<Result<std::string>> UpdateContributorInsights(Call& call);
Task<Result<std::string>> UpdateTable(Call& call);
Task<Result<std::string>> UpdateTimeToLive(Call& call);

}  // namespace insula::operations
