// Query and Scan against the table: index, starting key, key condition, and what may be asked of the index.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "expression/expression.h"
#include "model/table_definition.h"
#include "model/table_schema.h"
#include "operations/pages/page_parameters.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"

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

// "Key attributes must be scalars …" by the top-level names that are looked into.
Result<void> CheckScalarKeys(const std::vector<std::string>& nested, const TableSchema& schema);

// What of `names` an entry of the index doesn't have.
std::vector<std::string> MissingIn(const IndexSchema& index, const TableSchema& schema,
                                   std::span<const std::string> names);

storage::PageRequest RequestOf(const PageParameters& parameters, const PagePlan& plan, const tenancy::Table& table);

}  // namespace insula::operations
