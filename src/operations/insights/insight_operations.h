// The operations on contributor insights.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> InsightOperations();

Task<Result<std::string>> DescribeContributorInsights(Call& call);
Task<Result<std::string>> ListContributorInsights(Call& call);
Task<Result<std::string>> UpdateContributorInsights(Call& call);

}  // namespace insula::operations
