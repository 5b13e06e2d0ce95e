// Operations on what isn't offered here (unoffered.h): they read their request as DynamoDB does, answer what is true,
// and refuse the rest.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> UnofferedOperations();

// global_tables.cc
Task<Result<std::string>> CreateGlobalTable(Call& call);
Task<Result<std::string>> DescribeGlobalTable(Call& call);
Task<Result<std::string>> DescribeGlobalTableSettings(Call& call);
Task<Result<std::string>> ListGlobalTables(Call& call);
Task<Result<std::string>> UpdateGlobalTable(Call& call);
Task<Result<std::string>> UpdateGlobalTableSettings(Call& call);
// Both DescribeTableReplicaAutoScaling and UpdateTableReplicaAutoScaling.
Task<Result<std::string>> ReplicaAutoScaling(Call& call);

// kinesis_destinations.cc
Task<Result<std::string>> DescribeKinesisStreamingDestination(Call& call);
Task<Result<std::string>> DisableKinesisStreamingDestination(Call& call);
Task<Result<std::string>> EnableKinesisStreamingDestination(Call& call);
Task<Result<std::string>> UpdateKinesisStreamingDestination(Call& call);

// resource_policies.cc
Task<Result<std::string>> DeleteResourcePolicy(Call& call);
Task<Result<std::string>> GetResourcePolicy(Call& call);
Task<Result<std::string>> PutResourcePolicy(Call& call);

}  // namespace insula::operations
