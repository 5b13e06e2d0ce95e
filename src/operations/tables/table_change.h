// UpdateTable: what may be changed together, and the change itself.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"

namespace insula::operations {

// What DynamoDB checks before it looks whether the table exists, in its order. ValidationException.
Result<void> CheckUpdateTable(const UpdateTableInput& input);

// Applies all of it to `definition`, or refuses: ValidationException, ResourceInUseException, LimitExceededException,
// ResourceNotFoundException (an index). After a refusal `definition` is unspecified. Precondition: CheckUpdateTable
// passed.
Result<void> ApplyUpdate(const UpdateTableInput& input, std::string_view region, WallTime now,
                         TableDefinition* definition);

// The definition as the answer to UpdateTable shows it: changes of throughput, warmth and class are still under way,
// indexes that go are still there. UPDATING only by what DynamoDB shows so: throughput, streams, classes, indexes that
// come or go.
TableDefinition DuringUpdate(const UpdateTableInput& input, const TableDefinition& before, TableDefinition after);

}  // namespace insula::operations
