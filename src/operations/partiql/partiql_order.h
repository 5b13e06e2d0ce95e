// ORDER BY of a SELECT: DynamoDB sorts nothing, it reads in the order of keys.
#pragma once

#include "base/result.h"
#include "expression/partiql/plan.h"
#include "expression/partiql/statement.h"
#include "model/table_schema.h"

namespace insula::operations {

// Puts the plan's reads in the order that the statement asks for; gives whether each goes forward. Without ORDER BY
// nothing changes. ValidationException for an order that keys don't have. `keys` are those of what is read.
Result<bool> OrderReads(const partiql::SelectStatement& statement, bool has_where, const KeySchema& keys,
                        partiql::ReadPlan* plan);

}  // namespace insula::operations
