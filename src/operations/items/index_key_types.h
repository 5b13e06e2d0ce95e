// What an update says of the types of index keys before any item is looked at.
#pragma once

#include "base/result.h"
#include "expression/expression.h"
#include "model/table_schema.h"

namespace insula::operations {

// "Type mismatch for Index Key c Expected: S Actual: N IndexName: i" where the update itself shows the type it gives to
// an index key. (A type that only the item shows is the engine's to check.)
Result<void> CheckIndexKeyTypes(const expression::Update& update, const TableSchema& schema);

}  // namespace insula::operations
