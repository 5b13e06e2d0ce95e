// CreateTable's parameters among themselves.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"

namespace insula::operations {

// Everything DynamoDB checks before it looks whether the table exists, in its order: ValidationException, or
// LimitExceededException for throughput beyond the quota of `region`.
Result<void> CheckCreateTable(const CreateTableInput& input, std::string_view region);

// ResourceInUseException while the table is being created or deleted: neither can be changed, or deleted (again).
Result<void> CheckSettled(const TableDefinition& definition);

// The definition to create. What is the catalog's to set (id, status, times, index ids) is left out. Precondition:
// CheckCreateTable passed.
TableDefinition DefinitionOf(const CreateTableInput& input, WallTime now);

}  // namespace insula::operations
