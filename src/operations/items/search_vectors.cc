// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "expression/search_condition.h"
#include "model/vector_value.h"
#include "operations/core/key_checks.h"
#include "operations/core/parameters.h"
#include "operations/core/table_handle.h"
#include "operations/items/item_operations.h"
#include "operations/items/vector_answer.h"
#include "storage/engine.h"
#include "storage/vector_search.h"
#include "wire/attribute_value_json.h"

namespace insula::operations {
namespace {

constexpr std::int64_t kTopKMax = 100;

struct SearchParameters {
  std::string_view table_name;
  std::string_view index_name;
  std::vector<float> vector;
  std::size_t top_k = 0;
  std::vector<expression::SearchTerm> terms;
  std::optional<expression::ProjectionList> projection;
};

Result<std::vector<float>> DecodeVector(wire::StructureView input) {
  AttributeList elements;
  for (wire::JsonValue element : input.Json("SearchVector").elements()) {
    INSULA_ASSIGN(AttributeValue value, wire::DecodeValue(element, input.values()));
    elements.push_back(std::move(value));
  }
  const auto dimensions = static_cast<std::uint32_t>(elements.size());
  const AttributeValue value = AttributeValue::L(std::move(elements));
  if (FaultOf(value, dimensions)) {
    return ValidationError(
        "Search vector contains invalid values. All values in the search vector must be a 32-bit floating-point number "
        "attribute");
  }
  return VectorFrom(value);
}

Result<SearchParameters> DecodeSearch(wire::StructureView input) {
  SearchParameters parameters;
  parameters.table_name = *input.String("TableName");
  parameters.index_name = *input.String("IndexName");
  INSULA_TRY(CheckExpressionParameters(input, {"SearchConditionExpression", "ProjectionExpression"}, {}));
  INSULA_ASSIGN(parameters.vector, DecodeVector(input));
  const std::int64_t top_k = *input.Integer("TopK");
  if (top_k > kTopKMax) {
    return ValidationError(
        fmt::format("Provided TopK value '{}' is out of valid range. The value must be between 1 and {} inclusive",
                    top_k, kTopKMax));
  }
  parameters.top_k = static_cast<std::size_t>(top_k);
  INSULA_ASSIGN(expression::Placeholders placeholders, PlaceholdersOf(input));
  if (auto text = input.String("SearchConditionExpression")) {
    INSULA_ASSIGN(parameters.terms, expression::ParseSearchCondition(*text, placeholders));
  }
  INSULA_ASSIGN(parameters.projection, ProjectionOf(input, placeholders));
  INSULA_TRY(placeholders.CheckAllUsed());
  return parameters;
}

// The index to search: a vector index that is whole.
Result<const IndexSchema*> FindIndex(std::string_view name, const TableDefinition& definition) {
  const IndexSchema* index = FindLiveIndex(definition, name);
  if (index == nullptr || !index->is_vector()) {
    return ValidationError(fmt::format("The table does not have the specified index: {}", name));
  }
  if (index->backfilling) {
    return ValidationError(fmt::format("Cannot search backfilling vector index: {}", name));
  }
  return index;
}

}  // namespace

Task<Result<std::string>> SearchVectors(Call& call) {
  wire::StructureView input = call.input();
  INSULA_CO_ASSIGN(SearchParameters parameters, DecodeSearch(input));
  const ItemNamerOf names([&parameters](NamedItems* named) {
    for (const expression::SearchTerm& term : parameters.terms) {
      named->AddKeyValue(term.attribute, term.value);
      named->AddAttributes({&term.attribute, 1});
    }
    named->AddProjection(parameters.projection);
  });
  Intent intent(Access::kRead, names);
  intent.index = parameters.index_name;
  INSULA_CO_ASSIGN(TableHandle table, TableHandle::Open(call, parameters.table_name, intent));
  const TableSchema& schema = *table->definition.schema;
  INSULA_CO_ASSIGN(const IndexSchema* index, FindIndex(parameters.index_name, table->definition));
  if (parameters.vector.size() != index->vector.dimensions) {
    co_return ValidationError(fmt::format("Input search vector dimension {} does not match vector index dimension {}",
                                          parameters.vector.size(), index->vector.dimensions));
  }
  INSULA_CO_ASSIGN(expression::SearchCondition condition, expression::ResolveSearchTerms(parameters.terms, *index));
  if (parameters.projection) INSULA_CO_TRY(CheckNoNestedKey(parameters.projection->nested_attributes(), schema));

  storage::VectorSearchRequest request{.table = table->ref,
                                       .index = index->id,
                                       .partition = std::move(condition.partition),
                                       .filters = std::move(condition.filters),
                                       .vector = std::move(parameters.vector),
                                       .top_k = parameters.top_k};
  INSULA_CO_ASSIGN(storage::VectorSearchResult found, co_await table.SearchVectors(std::move(request)));
  const auto each_item = [&found](const auto& take) {
    for (const storage::VectorMatch& match : found.matches) take(match.item);
  };
  const auto write = [&] {
    return SearchAnswer(found.matches, schema, *index, parameters.projection, ReturnCapacityOf(input));
  };
  co_return co_await call.Answer(each_item, write);
}

}  // namespace insula::operations
