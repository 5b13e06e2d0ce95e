// What policies may ask of a statement: the keys that it gives, the attributes that it names, and its index.
#pragma once

#include "expression/partiql/statement.h"
#include "operations/core/intent.h"
#include "operations/core/named_items.h"

namespace insula::operations {

// Of a WHERE clause the keys that every item it is true of has: `k = 'a'` and `k IN ['a', 'b']`, alone or among what
// AND joins.
void NameIn(NamedItems* named, const partiql::Statement& statement);

// `namer` calls NameIn with the statement. Both outlive the intent.
Intent IntentOf(const partiql::Statement& statement, const ItemNamer& namer);

}  // namespace insula::operations
