// How the WHERE clause of a statement uses a key.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "expression/expression.h"
#include "expression/partiql/statement.h"
#include "model/primary_key.h"
#include "model/table_schema.h"

namespace insula::partiql {

// One item, and what must hold of it.
struct KeyedWhere {
  PrimaryKey key;
  Where rest;                              // the WHERE clause without the key; nullptr: nothing more
  std::optional<std::string> conflicting;  // a key attribute that is compared with a second, other value (in `rest`)
};

// What counts as giving a key attribute: an equality, and in a read also IN with one value.
enum class KeyForm : std::uint8_t { kWrite, kRead };

// Whether `where` gives the whole primary key, as SplitByKey understands it; types aren't looked at.
bool GivesKey(const Where& where, const KeySchema& schema, KeyForm form);

// For a statement on one item. ValidationException if `where` doesn't give the whole primary key by equality, in the
// words of a write statement, or gives it values of another type; whoever runs a SELECT in a transaction or batch says
// it in others.
Result<KeyedWhere> SplitByKey(Where where, const KeySchema& schema, KeyForm form = KeyForm::kWrite);

// What holds if all of `all` do: nullptr for none, the condition itself for one.
Where Conjunction(std::vector<expression::ConditionNode> all);

// How a SELECT reads: by these key conditions, one after another, or (if there are none) by a scan. Nothing is read
// twice. The filter is the whole WHERE clause.
struct ReadPlan {
  std::vector<expression::KeyCondition> reads;
  std::optional<expression::Condition> filter;
};
// ValidationException for key values of the wrong type, too many reads, and alternatives that overlap.
Result<ReadPlan> PlanRead(Where where, const KeySchema& schema);

}  // namespace insula::partiql
