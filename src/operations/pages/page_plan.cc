#include "operations/pages/page_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "operations/core/key_checks.h"
#include "operations/core/read_projection.h"
#include "operations/core/refusal.h"
#include "operations/core/scan_segment.h"
#include "operations/pages/starting_key.h"

namespace insula::operations {
namespace {

Result<const IndexSchema*> FindIndex(const PageParameters& parameters, const TableDefinition& definition) {
  if (!parameters.index_name) return nullptr;
  const IndexSchema* index = FindLiveIndex(definition, *parameters.index_name);
  if (index == nullptr || index->is_vector()) {
    return ValidationError(fmt::format("The table does not have the specified index: {}", *parameters.index_name));
  }
  if (index->backfilling) {
    return ValidationError(
        fmt::format("Cannot read from backfilling global secondary index: {}", *parameters.index_name));
  }
  if (index->global() && parameters.consistent) {
    return ValidationError("Consistent reads are not supported on global secondary indexes");
  }
  return index;
}

const KeySchema& KeysOf(const TableDefinition& definition, const IndexSchema* index) {
  return index != nullptr ? index->key : definition.schema->key;
}

}  // namespace

Result<void> CheckScalarKeys(const std::vector<std::string>& nested, const TableSchema& schema) {
  if (nested.empty()) return {};
  auto check = [&](const KeySchema& key, std::string_view kind) -> Result<void> {
    for (const auto* attributes : {&key.hash, &key.range}) {
      for (const KeyAttribute& attribute : *attributes) {
        if (std::ranges::find(nested, attribute.name) == nested.end()) continue;
        return ValidationError(
            fmt::format("Key attributes must be scalars; list random access '[]' and map lookup '.' "
                        "are not allowed: {}: {}",
                        kind, attribute.name));
      }
    }
    return {};
  };
  INSULA_TRY(check(schema.key, "Key"));
  for (const IndexSchema& index : schema.indexes) INSULA_TRY(check(index.key, "IndexKey"));
  return {};
}

namespace {

// A Query's filter is for what its keys don't say.
Result<void> CheckFilterKeys(const PageParameters& parameters, const KeySchema& keys) {
  if (parameters.filter == nullptr) return {};
  for (const auto* attributes : {&keys.hash, &keys.range}) {
    for (const KeyAttribute& attribute : *attributes) {
      const std::vector<std::string>& used = parameters.filter->attributes();
      if (std::ranges::find(used, attribute.name) == used.end()) continue;
      return ValidationError(fmt::format("{} can only contain non-primary key attributes: Primary key attribute: {}",
                                         parameters.legacy_filter ? "QueryFilter" : "Filter Expression",
                                         attribute.name));
    }
  }
  return {};
}

Result<void> CheckAllAttributes(const PageParameters& parameters, const IndexSchema* index) {
  bool all = parameters.select == Select::kAllAttributes;
  if (!all || index == nullptr || !index->global() || index->projection.type == ProjectionType::kAll) return {};
  return Invalid(
      "Select type ALL_ATTRIBUTES is not supported for global secondary index {} because its projection type "
      "is not ALL",
      index->name);
}

}  // namespace

std::vector<std::string> MissingIn(const IndexSchema& index, const TableSchema& schema,
                                   std::span<const std::string> names) {
  if (index.projection.type == ProjectionType::kAll) return {};
  const std::vector<std::string> projected = ProjectedNames(schema, index);
  const std::set<std::string, std::less<>> known(projected.begin(), projected.end());
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    if (!known.contains(name)) missing.push_back(name);
  }
  return missing;
}

namespace {

// A local index gets what it lacks from the table; a global one can't.
Result<void> PlanFetch(const PageParameters& parameters, const TableSchema& schema, PagePlan* plan) {
  if (plan->index == nullptr || plan->index->projection.type == ProjectionType::kAll) return {};
  const IndexSchema& index = *plan->index;
  if (parameters.projection) {
    std::vector<std::string> missing = MissingIn(index, schema, parameters.projection->attributes());
    if (!missing.empty() && index.global()) {
      return Invalid("Global secondary index {} does not project {}", index.name, ListOf(missing));
    }
    plan->fetch_from_table = !missing.empty();
  }
  if (parameters.select == Select::kAllAttributes) plan->fetch_from_table = true;
  return {};
}

// Asked of a Query alone: a Scan's filter finds what isn't projected missing.
Result<void> CheckFilterIsProjected(const PageParameters& parameters, const TableSchema& schema, const PagePlan& plan) {
  if (plan.index == nullptr || parameters.filter == nullptr || plan.fetch_from_table) return {};
  const std::vector<std::string> missing = MissingIn(*plan.index, schema, parameters.filter->attributes());
  if (missing.empty()) return {};
  return Invalid("Secondary index {} does not project one or more filter attributes: {}", plan.index->name,
                 ListOf(missing));
}

}  // namespace

Result<PagePlan> PlanQuery(const PageParameters& parameters, const TableDefinition& definition) {
  const TableSchema& schema = *definition.schema;
  PagePlan plan;
  INSULA_ASSIGN(plan.index, FindIndex(parameters, definition));
  const KeySchema& keys = KeysOf(definition, plan.index);
  const std::optional<AttributeMap>& start = parameters.exclusive_start_key;
  if (start && start->size() != KeyNames(schema, plan.index).size()) {
    return ValidationError("The provided starting key is invalid");
  }
  expression::KeyAttributeCheck piece;
  if (start) {
    piece = [&](const KeyAttribute& attribute, bool hash) { return CheckStartingKeyPiece(*start, attribute, hash); };
  }
  INSULA_ASSIGN(plan.key_condition, parameters.key_condition->Resolve(keys, parameters.index_name.value_or(""), piece));
  if (start) {
    INSULA_TRY(CheckTableKeyIn(*start, schema.key));
    INSULA_TRY(CheckWithinQuery(*start, keys, *plan.key_condition));
  }
  INSULA_TRY(CheckProjection(parameters.projection, schema));
  INSULA_TRY(CheckFilterKeys(parameters, keys));
  INSULA_TRY(CheckAllAttributes(parameters, plan.index));
  if (parameters.filter != nullptr) INSULA_TRY(CheckScalarKeys(parameters.filter->nested_attributes(), schema));
  INSULA_TRY(PlanFetch(parameters, schema, &plan));
  INSULA_TRY(CheckFilterIsProjected(parameters, schema, plan));
  return plan;
}

Result<PagePlan> PlanScan(const PageParameters& parameters, const TableDefinition& definition) {
  const TableSchema& schema = *definition.schema;
  PagePlan plan;
  INSULA_ASSIGN(plan.index, FindIndex(parameters, definition));
  const std::optional<AttributeMap>& start = parameters.exclusive_start_key;
  if (start && start->size() != KeyNames(schema, plan.index).size()) {
    return ValidationError(plan.index != nullptr ? "The provided starting key is invalid"
                                                 : "The provided starting key is invalid: The provided key element "
                                                   "does not match the schema");
  }
  if (start && plan.index != nullptr) {
    for (const KeyAttribute& attribute : plan.index->key.hash) {
      INSULA_TRY(CheckStartingKeyPiece(*start, attribute, true));
    }
    for (const KeyAttribute& attribute : plan.index->key.range) {
      INSULA_TRY(CheckStartingKeyPiece(*start, attribute, false));
    }
  }
  INSULA_TRY(CheckAllAttributes(parameters, plan.index));
  if (start) INSULA_TRY(CheckTableKeyIn(*start, schema.key));
  if (start && parameters.segment && plan.index == nullptr) {  // of an index, the engine knows
    INSULA_TRY(CheckInSegment(*start->Find(schema.hash().name), *parameters.segment));
  }
  INSULA_TRY(CheckProjection(parameters.projection, schema));
  if (parameters.filter != nullptr) INSULA_TRY(CheckScalarKeys(parameters.filter->nested_attributes(), schema));
  INSULA_TRY(PlanFetch(parameters, schema, &plan));
  return plan;
}

storage::PageRequest RequestOf(const PageParameters& parameters, const PagePlan& plan, const tenancy::Table& table) {
  storage::PageRequest request{.table = table.ref};
  if (plan.index != nullptr) request.index = plan.index->id;
  request.key_condition = plan.key_condition;
  request.forward = parameters.forward;
  request.consistent_read = parameters.consistent;
  request.exclusive_start_key = parameters.exclusive_start_key;
  request.limit = parameters.limit;
  request.filter = parameters.filter;
  request.segment = parameters.segment;
  request.fetch_from_table = plan.fetch_from_table;
  request.count_only = parameters.select == Select::kCount;
  return request;
}

}  // namespace insula::operations
