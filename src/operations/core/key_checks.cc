#include "operations/core/key_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/item_rules.h"

namespace insula::operations {
namespace {

constexpr std::string_view kSchemaMismatch = "The provided key element does not match the schema";

// Calls visit(attribute, hash) for each key attribute until one gives an error.
template <class Visit>
Result<void> ForEachKeyAttribute(const KeySchema& schema, const Visit& visit) {
  for (const KeyAttribute& attribute : schema.hash) INSULA_TRY(visit(attribute, true));
  for (const KeyAttribute& attribute : schema.range) INSULA_TRY(visit(attribute, false));
  return {};
}

// Global indexes come first in DynamoDB's checks.
template <class Visit>
Result<void> ForEachIndexKeyAttribute(const TableSchema& schema, const Visit& visit) {
  for (const IndexKind kind : {IndexKind::kGlobal, IndexKind::kLocal}) {
    for (const IndexSchema& index : schema.indexes) {
      if (index.kind != kind) continue;
      INSULA_TRY(ForEachKeyAttribute(
          index.key, [&](const KeyAttribute& attribute, bool hash) { return visit(attribute, hash, index); }));
    }
  }
  return {};
}

PrimaryKey MakeKey(AttributeMap& attributes, const KeySchema& schema) {
  PrimaryKey key;
  key.hash = std::move(*attributes.Find(schema.hash.front().name));
  if (!schema.range.empty()) key.range = std::move(*attributes.Find(schema.range.front().name));
  return key;
}

}  // namespace

bool HasKey(const AttributeMap& attributes, const KeySchema& schema) {
  auto has = [&](const KeyAttribute& attribute) {
    const AttributeValue* value = attributes.Find(attribute.name);
    return value != nullptr && value->type() == attribute.type;
  };
  return std::ranges::all_of(schema.hash, has) && std::ranges::all_of(schema.range, has);
}

Result<PrimaryKey> KeyFrom(AttributeMap key, const KeySchema& schema) {
  if (key.size() != schema.hash.size() + schema.range.size()) return ValidationError(std::string(kSchemaMismatch));
  INSULA_TRY(ForEachKeyAttribute(schema, [&](const KeyAttribute& attribute, bool hash) -> Result<void> {
    const AttributeValue* value = key.Find(attribute.name);
    if (value == nullptr || value->type() != attribute.type) return ValidationError(std::string(kSchemaMismatch));
    return rules::CheckKeyValue(attribute, *value, hash);
  }));
  return MakeKey(key, schema);
}

Result<PrimaryKey> KeyOfPut(const AttributeMap& item, const TableSchema& schema) {
  INSULA_TRY(rules::CheckPutKeys(item, schema));
  return KeyOf(item, schema.key);
}

Result<void> CheckUpdatesNoKey(std::span<const std::string> attributes, const KeySchema& schema) {
  return ForEachKeyAttribute(schema, [&](const KeyAttribute& attribute, bool) -> Result<void> {
    if (std::ranges::find(attributes, attribute.name) == attributes.end()) return {};
    return ValidationError(
        fmt::format("One or more parameter values were invalid: Cannot update attribute {}. This attribute is part of "
                    "the key",
                    attribute.name));
  });
}

Result<void> CheckNoNestedKey(std::span<const std::string> nested_attributes, const TableSchema& schema) {
  if (nested_attributes.empty()) return {};
  auto nested = [&](const std::string& name) {
    return std::ranges::find(nested_attributes, name) != nested_attributes.end();
  };
  constexpr std::string_view kText =
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: {}: {}";
  INSULA_TRY(ForEachKeyAttribute(schema.key, [&](const KeyAttribute& attribute, bool) -> Result<void> {
    if (nested(attribute.name)) return ValidationError(fmt::format(kText, "Key", attribute.name));
    return {};
  }));
  return ForEachIndexKeyAttribute(schema, [&](const KeyAttribute& attribute, bool, const IndexSchema&) -> Result<void> {
    if (nested(attribute.name)) return ValidationError(fmt::format(kText, "IndexKey", attribute.name));
    return {};
  });
}

}  // namespace insula::operations
