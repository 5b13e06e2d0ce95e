// The operations on tables, and Query and Scan; each in the file of its name.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "operations/pipeline.h"
#include "tenancy/catalog.h"

namespace insula::operations {

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

// The table of a control-plane operation, by name or ARN, in whatever status. An unknown one is
// ResourceNotFoundException "Requested resource not found: Table: NAME not found"; a change of a read-only one is
// AccessDeniedException.
Result<tenancy::TablePtr> FindForControl(const Call& call, std::string_view name_or_arn, Access access);

// Items and sizes of the table, summed over its parts where it is pooled. Nothing for a table that isn't there yet.
Task<Result<storage::TableStats>> StatsOf(Call& call, tenancy::TablePtr table);

}  // namespace insula::operations
