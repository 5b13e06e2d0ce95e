#include "operations/tables/vector_index_change.h"

#include <algorithm>

#include "operations/core/refusal.h"
#include "operations/tables/index_change.h"
#include "operations/tables/index_rules.h"
#include "operations/tables/vector_index_rules.h"

namespace insula::operations {
namespace {

IndexStatus StatusOf(const TableDefinition& definition, const std::string& index) {
  const auto settings = definition.index_settings.find(index);
  return settings == definition.index_settings.end() ? IndexStatus::kActive : settings->second.status;
}

// A key attribute can't be a vector.
Result<void> CheckIsNoKey(const IndexSchema& index, const TableDefinition& definition) {
  const auto check = [&](const KeySchema& key) -> Result<void> {
    for (const auto& [attributes, kind] : {std::pair(&key.hash, "HASH"), std::pair(&key.range, "RANGE")}) {
      for (const KeyAttribute& attribute : *attributes) {
        if (attribute.name != index.vector.attribute) continue;
        return Invalid(
            "Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. "
            "Existing schema: Schema:[SchemaElement: key{{{0}:{1}:{2}}}] New schema: VectorIndexSchema:"
            "[VectorAttribute: key{{{0}:L:{3}}}]",
            attribute.name, NameOf(attribute.type), kind, index.vector.dimensions);
      }
    }
    return {};
  };
  INSULA_TRY(check(definition.schema->key));
  for (const IndexSchema& other : definition.schema->indexes) INSULA_TRY(check(other.key));
  return {};
}

Result<void> Create(const VectorIndexInput& input, const std::vector<KeyAttribute>& definitions,
                    TableDefinition* definition) {
  if (definition->schema->FindIndex(input.name) != nullptr) {
    if (StatusOf(*definition, input.name) == IndexStatus::kCreating) {
      return InUse("Index is being created.  Table: {} Index: {}", definition->name, input.name);
    }
    return ValidationError("Attempting to create an index which already exists");
  }
  if (definition->billing_mode != BillingMode::kPayPerRequest) return VectorIndexesNeedPayPerRequest();
  IndexSchema index = VectorIndexSchemaOf(input, definitions);
  index.backfilling = true;
  INSULA_TRY(CheckIsNoKey(index, *definition));
  INSULA_TRY(CheckDimensions(definition->schema->indexes, index));
  INSULA_TRY(MergeDefinitions(index, definition));
  auto schema = std::make_shared<TableSchema>(*definition->schema);
  schema->indexes.push_back(index);
  INSULA_TRY(CheckProjectedAttributes(schema->indexes));
  const auto count = std::ranges::count_if(schema->indexes, &IndexSchema::is_vector);
  if (static_cast<std::size_t>(count) > kVectorIndexesMax) {
    return Error(
        ErrorCode::kLimitExceeded,
        fmt::format("Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit of {}",
                    kVectorIndexesMax));
  }
  definition->schema = std::move(schema);
  definition->index_settings[input.name].status = IndexStatus::kCreating;
  return {};
}

}  // namespace

Result<void> CheckVectorUpdates(const UpdateTableInput& input) {
  for (const VectorUpdateInput& update : *input.vector_updates) {
    if (update.actions() == 0) {
      return Invalid("One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be null");
    }
    if (update.actions() > 1) return Invalid("Only one vector index action is allowed per VectorIndexUpdate object");
  }
  if (input.vector_updates->size() > 1) return OneIndexAtATime();
  for (const VectorUpdateInput& update : *input.vector_updates) {
    if (!update.create) continue;
    const std::vector<KeyAttribute> definitions = input.attribute_definitions.value_or(std::vector<KeyAttribute>());
    INSULA_TRY(CheckVectorIndex(*update.create, definitions));
  }
  return {};
}

Result<void> ApplyVectorUpdates(const UpdateTableInput& input, TableDefinition* definition) {
  for (const VectorUpdateInput& update : *input.vector_updates) {
    for (const auto& [other, settings] : definition->index_settings) {
      if (other != update.index_name() && IsChanging(settings)) return OneIndexAtATime();
    }
    if (update.create) {
      INSULA_TRY(Create(*update.create, input.attribute_definitions.value_or(std::vector<KeyAttribute>()), definition));
    }
    if (!update.remove) continue;
    const IndexSchema* index = definition->schema->FindIndex(*update.remove);
    if (index == nullptr || !index->is_vector()) return NoSuchIndex(*update.remove, *definition);
    INSULA_TRY(RemoveIndex(*update.remove, definition));
  }
  return {};
}

bool HasVectorIndexes(const TableDefinition& definition) {
  return std::ranges::any_of(definition.schema->indexes, &IndexSchema::is_vector);
}

}  // namespace insula::operations
