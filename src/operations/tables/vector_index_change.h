// The part of UpdateTable that concerns vector indexes.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_VectorIndexUpdate.html
#pragma once

#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"

namespace insula::operations {

// VectorIndexUpdates among themselves: ValidationException, or LimitExceededException for more than one.
Result<void> CheckVectorUpdates(const UpdateTableInput& input);

// Against the table. ResourceNotFoundException, ResourceInUseException, LimitExceededException, ValidationException.
// Precondition: the checks above passed; definition->billing_mode is already the new one.
Result<void> ApplyVectorUpdates(const UpdateTableInput& input, TableDefinition* definition);

// Whether the table has any.
bool HasVectorIndexes(const TableDefinition& definition);

}  // namespace insula::operations
