#include "operations/key_checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace insula::operations {
namespace {

constexpr std::string_view kSchemaMismatch = "The provided key element does not match the schema";

// Length of an S or B; nullopt for other types.
std::optional<std::size_t> LengthOf(const AttributeValue& value) {
  if (const auto* text = value.As<std::string>()) return text->size();
  if (const auto* binary = value.As<Binary>()) return binary->bytes.size();
  return std::nullopt;
}

Error EmptyKey(const AttributeValue& value, std::string_view name) {
  return ValidationError(
      fmt::format("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                  "an empty {} value. Key: {}",
                  value.type() == AttributeType::kS ? "string" : "binary", name));
}

Error EmptyIndexKey(const AttributeValue& value, std::string_view name, const IndexSchema& index) {
  return ValidationError(
      fmt::format("One or more parameter values are not valid. A value specified for a secondary index key is not "
                  "supported. The AttributeValue for a key attribute cannot contain an empty {} value. IndexName: {}, "
                  "IndexKey: {}",
                  value.type() == AttributeType::kS ? "string" : "binary", index.name, name));
}

Result<void> CheckKeySize(const AttributeValue& value, bool hash) {
  std::size_t length = LengthOf(value).value_or(0);
  if (hash && length > kHashKeySizeMax) {
    return ValidationError(
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (!hash && length > kRangeKeySizeMax) {
    return ValidationError(
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of "
        "1024 bytes");
  }
  return {};
}

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
  for (bool global : {true, false}) {
    for (const IndexSchema& index : schema.indexes) {
      if (index.global != global) continue;
      INSULA_TRY(ForEachKeyAttribute(
          index.key, [&](const KeyAttribute& attribute, bool hash) { return visit(attribute, hash, index); }));
    }
  }
  return {};
}

bool IsTableKey(std::string_view name, const KeySchema& schema) {
  auto same = [&](const KeyAttribute& attribute) { return attribute.name == name; };
  return std::ranges::any_of(schema.hash, same) || std::ranges::any_of(schema.range, same);
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

Result<void> CheckKeyValue(const AttributeValue& value, std::string_view name, bool hash) {
  if (LengthOf(value) == 0) return EmptyKey(value, name);
  return CheckKeySize(value, hash);
}

Result<PrimaryKey> KeyFrom(AttributeMap key, const KeySchema& schema) {
  if (key.size() != schema.hash.size() + schema.range.size()) return ValidationError(std::string(kSchemaMismatch));
  INSULA_TRY(ForEachKeyAttribute(schema, [&](const KeyAttribute& attribute, bool hash) -> Result<void> {
    const AttributeValue* value = key.Find(attribute.name);
    if (value == nullptr || value->type() != attribute.type) return ValidationError(std::string(kSchemaMismatch));
    return CheckKeyValue(*value, attribute.name, hash);
  }));
  return MakeKey(key, schema);
}

Result<PrimaryKey> KeyOfPut(const AttributeMap& item, const TableSchema& schema) {
  INSULA_TRY(ForEachKeyAttribute(schema.key, [&](const KeyAttribute& attribute, bool hash) -> Result<void> {
    const AttributeValue* value = item.Find(attribute.name);
    if (value == nullptr) {
      return ValidationError(
          fmt::format("One or more parameter values were invalid: Missing the key {} in the item", attribute.name));
    }
    if (value->type() != attribute.type) {
      return ValidationError(
          fmt::format("One or more parameter values were invalid: Type mismatch for key {} expected: {} actual: {}",
                      attribute.name, NameOf(attribute.type), NameOf(value->type())));
    }
    return CheckKeyValue(*value, attribute.name, hash);
  }));
  if (!schema.indexes.empty()) {
    INSULA_TRY(ForEachIndexKeyAttribute(
        schema, [&](const KeyAttribute& attribute, bool hash, const IndexSchema& index) -> Result<void> {
          const AttributeValue* value = item.Find(attribute.name);
          if (value == nullptr || IsTableKey(attribute.name, schema.key)) return {};
          if (value->type() != attribute.type) {
            return ValidationError(
                fmt::format("One or more parameter values were invalid: Type mismatch for Index Key {} Expected: {} "
                            "Actual: {} IndexName: {}",
                            attribute.name, NameOf(attribute.type), NameOf(value->type()), index.name));
          }
          if (LengthOf(*value) == 0) return EmptyIndexKey(*value, attribute.name, index);
          return CheckKeySize(*value, hash);
        }));
  }
  return KeyOf(item, schema.key);
}

Result<void> CheckNoEmptyKey(const AttributeMap& attributes, const TableSchema& schema, bool whole_item) {
  INSULA_TRY(ForEachKeyAttribute(schema.key, [&](const KeyAttribute& attribute, bool) -> Result<void> {
    const AttributeValue* value = attributes.Find(attribute.name);
    if (value != nullptr && value->type() == attribute.type && LengthOf(*value) == 0) {
      return EmptyKey(*value, attribute.name);
    }
    return {};
  }));
  if (!whole_item) return {};
  return ForEachIndexKeyAttribute(schema,
                                  [&](const KeyAttribute& attribute, bool, const IndexSchema& index) -> Result<void> {
                                    const AttributeValue* value = attributes.Find(attribute.name);
                                    if (value != nullptr && value->type() == attribute.type && LengthOf(*value) == 0) {
                                      return EmptyIndexKey(*value, attribute.name, index);
                                    }
                                    return {};
                                  });
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
