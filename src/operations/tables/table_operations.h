// The operations on tables; each in the file of its name.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> TableOperations();

Task<Result<std::string>> CreateTable(Call& call);
Task<Result<std::string>> DeleteTable(Call& call);
Task<Result<std::string>> DescribeEndpoints(Call& call);
Task<Result<std::string>> DescribeLimits(Call& call);
Task<Result<std::string>> DescribeTable(Call& call);
Task<Result<std::string>> DescribeTimeToLive(Call& call);
Task<Result<std::string>> ListTables(Call& call);
Task<Result<std::string>> ListTagsOfResource(Call& call);
Task<Result<std::string>> TagResource(Call& call);
Task<Result<std::string>> UntagResource(Call& call);
Task<Result<std::string>> UpdateTable(Call& call);
Task<Result<std::string>> UpdateTimeToLive(Call& call);

}  // namespace insula::operations
