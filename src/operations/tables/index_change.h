// The part of UpdateTable that concerns secondary indexes.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GlobalSecondaryIndexUpdate.html
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"

namespace insula::operations {

// LimitExceededException: one index of either kind is added or removed at a time.
Error OneIndexAtATime();
// ResourceNotFoundException.
Error NoSuchIndex(const std::string& index, const TableDefinition& definition);
// Whether an index is being built or dropped.
bool IsChanging(const IndexSettings& settings);

// Adds the attributes that the index is searched by; they keep the type that they have in the table's keys and other
// indexes. ValidationException.
Result<void> MergeDefinitions(const IndexSchema& index, TableDefinition* definition);

// ResourceInUseException while the index is being dropped; one that is being filled is given up. Precondition: it
// exists.
Result<void> RemoveIndex(const std::string& name, TableDefinition* definition);

// GlobalSecondaryIndexUpdates among themselves. ValidationException.
Result<void> CheckIndexUpdates(const UpdateTableInput& input);

// ResourceInUseException while an index is being built or dropped: throughput can't change then.
Result<void> CheckNoIndexIsChanging(const TableDefinition& definition);

// One index added or removed at a time (LimitExceededException); updates are of global indexes that exist
// (ResourceNotFoundException), and a switch to provisioned throughput names every index (ValidationException).
Result<void> CheckAgainstIndexes(const UpdateTableInput& input, bool to_provisioned, const TableDefinition& definition);

// Precondition: the checks above passed; definition->billing_mode is already the new one.
Result<void> ApplyIndexUpdates(const UpdateTableInput& input, std::string_view region, WallTime now,
                               TableDefinition* definition);

// In `after`: indexes with changed throughput are UPDATING with the old one, those that are warmed as they were,
// removed ones are back as DELETING.
void ShowIndexesDuringUpdate(const UpdateTableInput& input, const TableDefinition& before, TableDefinition* after);
bool WarmsIndex(const UpdateTableInput& input, std::string_view index);

}  // namespace insula::operations
