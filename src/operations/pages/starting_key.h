// ExclusiveStartKey against a table's or index's keys, and against the key condition it continues.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "expression/expression.h"
#include "model/attribute_value.h"
#include "model/table_schema.h"

namespace insula::operations {

// One key attribute of the queried key: "The provided starting key is invalid" if it is missing, "The provided key
// element does not match the schema", or what is wrong with its size.
Result<void> CheckStartingKeyPiece(const AttributeMap& key, const KeyAttribute& attribute, bool hash);

// The table's own key within it: "The provided starting key is invalid: …".
Result<void> CheckTableKeyIn(const AttributeMap& key, const KeySchema& schema);

// Whether the query that `condition` describes could have stopped at `key`. Precondition: pieces checked.
Result<void> CheckWithinQuery(const AttributeMap& key, const KeySchema& schema,
                              const expression::KeyCondition& condition);

}  // namespace insula::operations
