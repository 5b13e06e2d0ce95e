#include "operations/tables/index_rules.h"

#include <algorithm>
#include <set>

#include "operations/core/refusal.h"
#include "operations/tables/vector_index_rules.h"

namespace insula::operations {
namespace {

std::vector<std::string> NamesOf(std::span<const KeyElement> keys) {
  std::vector<std::string> names;
  for (const KeyElement& key : keys) names.push_back(key.name);
  return names;
}

std::vector<std::string> NamesOf(std::span<const KeyAttribute> definitions) {
  std::vector<std::string> names;
  for (const KeyAttribute& definition : definitions) names.push_back(definition.name);
  return names;
}

Result<void> CheckDefined(std::span<const KeyElement> keys, std::span<const KeyAttribute> definitions) {
  bool defined =
      std::ranges::all_of(keys, [&](const KeyElement& key) { return FindDefinition(definitions, key.name); });
  if (defined) return {};
  return Invalid(
      "Some index key attributes are not defined in AttributeDefinitions. Keys: {}, AttributeDefinitions: {}",
      ListOf(NamesOf(keys)), ListOf(NamesOf(definitions)));
}

// One hash attribute and at most one range attribute.
Result<void> CheckSimpleOrder(std::span<const KeyElement> keys) {
  if (keys.size() > 1 && keys[0].name == keys[1].name) {
    return ValidationError("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  if (keys[0].key_type != "HASH") {
    return ValidationError("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (keys.size() > 1 && keys[1].key_type != "RANGE") {
    return ValidationError("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  return {};
}

// Up to four of each, hash attributes first.
Result<void> CheckCompositeOrder(std::span<const KeyElement> keys) {
  std::set<std::string> names;
  for (const KeyElement& key : keys) {
    if (!names.insert(key.name).second) {
      return ValidationError("The KeySchema contains multiple key attributes with the same name");
    }
  }
  if (keys[0].key_type != "HASH") {
    return ValidationError("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (!std::ranges::is_sorted(keys, {}, &KeyElement::key_type)) {  // "HASH" < "RANGE"
    return Invalid("All HASH key attributes must precede RANGE key attributes in the KeySchema");
  }
  for (std::string_view type : {"HASH", "RANGE"}) {
    auto count = static_cast<std::size_t>(std::ranges::count(keys, type, &KeyElement::key_type));
    if (count > kKeyAttributesOfAKindMax) {
      return Invalid("The KeySchema exceeds the maximum allowed number of {} key attributes", type);
    }
  }
  return {};
}

// How many indexes, or definitions, of a request are looked at one by one. A table has room for far fewer.
constexpr std::size_t kLookedAtMax = 500;

Error TooManyLocalIndexes() {
  return Invalid("Number of LocalSecondaryIndexes exceeds per-table limit of {}", kLocalIndexesMax);
}
Error TooManyGlobalIndexes() {
  return Invalid("GlobalSecondaryIndex count exceeds the per-table limit of {}", kGlobalIndexesMax);
}

Result<void> CheckLocalIndexes(const CreateTableInput& input, std::set<std::string>* names) {
  if (input.keys.size() != 2) {
    return Invalid(
        "Table KeySchema does not have a range key, which is required when specifying a "
        "LocalSecondaryIndex");
  }
  for (const IndexInput& index : *input.local_indexes) {
    INSULA_TRY(CheckIndexKeys(index, IndexKind::kLocal, input.attribute_definitions));
    if (index.keys.size() != 2) return Invalid("Index KeySchema does not have a range key for index: {}", index.name);
    if (index.keys[0].name != input.keys[0].name) {
      return Invalid(
          "Index KeySchema does not have the same leading hash key as table KeySchema for index: {}. index "
          "hash key: {}, table hash key: {}",
          index.name, index.keys[0].name, input.keys[0].name);
    }
    INSULA_TRY(CheckIndexProjection(index.projection, index.non_key_attributes));
    INSULA_TRY(CheckIndexName(index.name, names));
  }
  if (input.local_indexes->size() > kLocalIndexesMax) {
    return TooManyLocalIndexes();
  }
  return {};
}

Result<void> CheckGlobalIndexes(const CreateTableInput& input, BillingMode mode, std::set<std::string>* names) {
  for (const IndexInput& index : *input.global_indexes) {
    INSULA_TRY(CheckIndexKeys(index, IndexKind::kGlobal, input.attribute_definitions));
    INSULA_TRY(CheckIndexProjection(index.projection, index.non_key_attributes));
    if (mode == BillingMode::kPayPerRequest && index.throughput) {
      return Invalid("ProvisionedThroughput should not be specified for index: {} when BillingMode is PAY_PER_REQUEST",
                     index.name);
    }
    INSULA_TRY(CheckIndexName(index.name, names));
  }
  if (input.global_indexes->size() > kGlobalIndexesMax) {
    return TooManyGlobalIndexes();
  }
  for (const IndexInput& index : *input.global_indexes) {
    if (mode == BillingMode::kProvisioned && !index.throughput) {
      return Invalid("ProvisionedThroughput is not specified for index: {}", index.name);
    }
  }
  return {};
}

// Of key elements or of a search schema's.
class UsedNames {
 public:
  void Add(const auto& elements) {
    for (const auto& element : elements) {
      if (seen_.insert(element.name).second) names_.push_back(element.name);
    }
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;  // in the order of the request
  std::set<std::string_view> seen_;
};

Result<void> CheckAllUsed(const CreateTableInput& input) {
  UsedNames used;
  used.Add(input.keys);
  for (const auto* indexes : {&input.local_indexes, &input.global_indexes}) {
    if (!*indexes) continue;
    for (const IndexInput& index : **indexes) used.Add(index.keys);
  }
  std::size_t of_vectors = 0;  // which are refused as such, when their index is looked at
  if (input.vector_indexes) {
    for (const VectorIndexInput& index : *input.vector_indexes) {
      used.Add(index.search_schema);
      of_vectors += FindDefinition(input.attribute_definitions, index.vector_attribute) != nullptr ? 1 : 0;
    }
  }
  if (input.attribute_definitions.size() <= used.names().size() + of_vectors) return {};
  return Invalid("Some AttributeDefinitions are not used. AttributeDefinitions: {}, keys used: {}",
                 ListOf(NamesOf(input.attribute_definitions)), ListOf(used.names()));
}

Result<void> CheckDefinedOnce(std::span<const KeyAttribute> definitions) {
  std::set<std::string> names;
  for (const KeyAttribute& definition : definitions) {
    if (!names.insert(definition.name).second) {
      return ValidationError("Attribute Name is duplicated: " + definition.name);
    }
  }
  return {};
}

}  // namespace

const KeyAttribute* FindDefinition(std::span<const KeyAttribute> definitions, const std::string& name) {
  auto found = std::ranges::find(definitions, name, &KeyAttribute::name);
  return found == definitions.end() ? nullptr : &*found;
}

Result<void> CheckTableKeys(const CreateTableInput& input) {
  if (input.keys.size() > input.attribute_definitions.size()) {
    return ValidationError("Invalid KeySchema: Some index key attribute have no definition");
  }
  INSULA_TRY(CheckDefined(input.keys, input.attribute_definitions));
  INSULA_TRY(CheckSimpleOrder(input.keys));
  const bool indexed = input.local_indexes || input.global_indexes || input.vector_indexes;
  if (!indexed && input.keys.size() != input.attribute_definitions.size()) {
    INSULA_TRY(CheckDefinedOnce(input.attribute_definitions));
    return Invalid(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  return {};
}

Result<void> CheckIndexes(const CreateTableInput& input, BillingMode mode) {
  // Each index is looked at before their number is, as in DynamoDB; but not tens of thousands, each among as many
  // definitions.
  if (input.local_indexes && input.local_indexes->size() > kLookedAtMax) return TooManyLocalIndexes();
  if (input.global_indexes && input.global_indexes->size() > kLookedAtMax) return TooManyGlobalIndexes();
  if (input.vector_indexes && input.vector_indexes->size() > kLookedAtMax) return TooManyVectorIndexes();
  if (input.local_indexes && input.local_indexes->empty()) return Invalid("List of LocalSecondaryIndexes is empty");
  if (input.global_indexes && input.global_indexes->empty()) return Invalid("List of GlobalSecondaryIndexes is empty");
  INSULA_TRY(CheckDefinedOnce(input.attribute_definitions));
  INSULA_TRY(CheckAllUsed(input));
  std::set<std::string> names;
  if (input.local_indexes) INSULA_TRY(CheckLocalIndexes(input, &names));
  if (input.global_indexes) INSULA_TRY(CheckGlobalIndexes(input, mode, &names));
  if (input.vector_indexes) INSULA_TRY(CheckVectorIndexes(input, mode, &names));
  return {};
}

Result<void> CheckIndexKeys(const IndexInput& index, IndexKind kind, std::span<const KeyAttribute> definitions) {
  INSULA_TRY(CheckDefined(index.keys, definitions));
  bool composite =
      index.keys.size() > 2 || (index.keys.size() == 2 && index.keys[0].key_type == "HASH" &&
                                index.keys[1].key_type == "HASH" && index.keys[0].name != index.keys[1].name);
  return kind == IndexKind::kGlobal && composite ? CheckCompositeOrder(index.keys) : CheckSimpleOrder(index.keys);
}

Result<void> CheckIndexName(const std::string& name, std::set<std::string>* seen) {
  if (seen->insert(name).second) return {};
  return Invalid("Duplicate index name: {}", name);
}

Result<void> CheckIndexProjection(const std::optional<ProjectionType>& type,
                                  const std::optional<std::vector<std::string>>& non_key_attributes) {
  if (!type) return Invalid("Unknown ProjectionType: null");
  if (*type == ProjectionType::kInclude) {
    if (!non_key_attributes) return Invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  } else if (non_key_attributes) {
    return Invalid("ProjectionType is {}, but NonKeyAttributes is specified",
                   *type == ProjectionType::kAll ? "ALL" : "KEYS_ONLY");
  }
  if (!non_key_attributes) return {};
  std::set<std::string> names;
  for (const std::string& name : *non_key_attributes) {
    if (!names.insert(name).second) return Invalid("Duplicate element in NonKeyAttributes: {}", name);
  }
  return {};
}

Result<void> CheckProjectedAttributes(std::span<const IndexSchema> indexes) {
  std::size_t count = 0;  // an attribute counts once per index
  for (const IndexSchema& index : indexes) {
    count += index.projection.non_key_attributes.size();
    if (index.is_vector()) count += 1 + index.vector.filters.size();
  }
  if (count <= kProjectedAttributesMax) return {};
  return Invalid("Number of NonKeyAttributes over all secondary indexes exceeds per-table limit of {}",
                 kProjectedAttributesMax);
}

KeySchema KeySchemaOf(std::span<const KeyElement> keys, std::span<const KeyAttribute> definitions) {
  KeySchema schema;
  for (const KeyElement& key : keys) {
    (key.key_type == "HASH" ? schema.hash : schema.range).push_back(*FindDefinition(definitions, key.name));
  }
  return schema;
}

IndexSchema IndexSchemaOf(const IndexInput& index, IndexKind kind, std::span<const KeyAttribute> definitions) {
  IndexSchema schema;
  schema.name = index.name;
  schema.kind = kind;
  schema.key = KeySchemaOf(index.keys, definitions);
  schema.projection.type = *index.projection;
  if (index.non_key_attributes) schema.projection.non_key_attributes = *index.non_key_attributes;
  return schema;
}

}  // namespace insula::operations
