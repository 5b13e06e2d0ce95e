// Query and Scan against the table: index, starting key, key condition, and what may be asked of the index.
#pragma once

#include <optional>

#include "base/result.h"
#include "expression/expression.h"
#include "model/table_definition.h"
#include "model/table_schema.h"
#include "operations/page_parameters.h"
#include "storage/engine.h"
#include "tenancy/catalog.h"

namespace insula::operations {

struct PagePlan {
  const IndexSchema* index = nullptr;                     // of the table's definition; nullptr: the table itself
  std::optional<expression::KeyCondition> key_condition;  // a Query's
  bool fetch_from_table = false;                          // a local index that doesn't have all that is asked for
};

// ValidationException, in DynamoDB's order: the index, consistency, starting key and key condition attribute by
// attribute, boundaries, paths into keys, keys in a filter, attributes the index doesn't project.
Result<PagePlan> PlanQuery(const PageParameters& parameters, const TableDefinition& definition);
Result<PagePlan> PlanScan(const PageParameters& parameters, const TableDefinition& definition);

// Precondition: the table isn't pooled.
storage::PageRequest RequestOf(const PageParameters& parameters, const PagePlan& plan, const tenancy::Table& table);

}  // namespace insula::operations
