#include "operations/tables/vector_index_rules.h"

#include <algorithm>

#include "operations/core/refusal.h"
#include "operations/tables/index_rules.h"

namespace insula::operations {
namespace {

constexpr std::int64_t kDimensionsMax = 4096;
constexpr std::int64_t kPartitionKeysMax = 1;
constexpr std::int64_t kInlineFiltersMax = 18;

Result<void> CheckSearchSchema(const std::vector<SearchElement>& schema) {
  const auto check = [&](std::string_view type, std::int64_t most) -> Result<void> {
    const auto count = std::ranges::count(schema, type, &SearchElement::type);
    if (count <= most) return {};
    return Invalid(
        "Value '{}' at 'SearchSchema' failed to satisfy constraint: Member must have {} count less than or equal to {}",
        count, type, most);
  };
  INSULA_TRY(check("HASH", kPartitionKeysMax));
  INSULA_TRY(check("INLINE_FILTER", kInlineFiltersMax));
  std::set<std::string_view> names;
  for (const SearchElement& element : schema) {
    if (!names.insert(element.name).second) {
      return Invalid("Duplicate attribute in SearchSchema: {}", element.name);
    }
  }
  return {};
}

std::string Spelled(const VectorSchema& vector) {
  return fmt::format("VectorIndexSchema:[VectorAttribute: key{{{}:L:{}}}]", vector.attribute, vector.dimensions);
}

}  // namespace

Result<void> CheckVectorIndex(const VectorIndexInput& index, std::span<const KeyAttribute> definitions) {
  INSULA_TRY(CheckSearchSchema(index.search_schema));
  if (index.dimensions < 1 || index.dimensions > kDimensionsMax) {
    return Invalid("Number of dimensions must be between 1 and {} inclusive.", kDimensionsMax);
  }
  if (FindDefinition(definitions, index.vector_attribute) != nullptr) {
    return Invalid(
        "Conflicting attribute definition for '{}'. An attribute cannot be defined in AttributeDefinitions when used "
        "as a VectorAttribute.",
        index.vector_attribute);
  }
  for (const SearchElement& element : index.search_schema) {
    if (FindDefinition(definitions, element.name) == nullptr) {
      return Invalid("One element in SearchSchema is not defined in attribute definitions");
    }
  }
  return CheckIndexProjection(index.projection, index.non_key_attributes);
}

Result<void> CheckDimensions(std::span<const IndexSchema> others, const IndexSchema& index) {
  for (const IndexSchema& other : others) {
    if (!other.is_vector() || other.vector.attribute != index.vector.attribute ||
        other.vector.dimensions == index.vector.dimensions) {
      continue;
    }
    return Invalid(
        "Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. "
        "Existing schema: {} New schema: {}",
        Spelled(other.vector), Spelled(index.vector));
  }
  return {};
}

Result<void> CheckVectorIndexes(const CreateTableInput& input, BillingMode mode, std::set<std::string>* names) {
  std::vector<IndexSchema> schemas;
  for (const VectorIndexInput& index : *input.vector_indexes) {
    INSULA_TRY(CheckVectorIndex(index, input.attribute_definitions));
    INSULA_TRY(CheckIndexName(index.name, names));
    IndexSchema schema = VectorIndexSchemaOf(index, input.attribute_definitions);
    INSULA_TRY(CheckDimensions(schemas, schema));
    schemas.push_back(std::move(schema));
  }
  if (!schemas.empty() && mode != BillingMode::kPayPerRequest) return VectorIndexesNeedPayPerRequest();
  if (schemas.size() > kVectorIndexesMax) {
    return TooManyVectorIndexes();
  }
  return {};
}

Error TooManyVectorIndexes() {
  return Invalid("VectorIndex count exceeds the per-table limit of {}", kVectorIndexesMax);
}

Error VectorIndexesNeedPayPerRequest() {
  return Invalid("Vector indexes are only supported for PAY_PER_REQUEST tables");
}

IndexSchema VectorIndexSchemaOf(const VectorIndexInput& index, std::span<const KeyAttribute> definitions) {
  IndexSchema schema;
  schema.name = index.name;
  schema.kind = IndexKind::kVector;
  schema.projection.type = *index.projection;
  if (index.non_key_attributes) schema.projection.non_key_attributes = *index.non_key_attributes;
  schema.vector.attribute = index.vector_attribute;
  schema.vector.dimensions = static_cast<std::uint32_t>(index.dimensions);
  schema.vector.distance = index.distance;
  for (const SearchElement& element : index.search_schema) {
    std::vector<KeyAttribute>& into = element.type == "HASH" ? schema.key.hash : schema.vector.filters;
    into.push_back(*FindDefinition(definitions, element.name));
  }
  return schema;
}

}  // namespace insula::operations
