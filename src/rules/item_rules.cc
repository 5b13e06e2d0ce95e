#include "rules/item_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/vector_rules.h"

namespace insula::rules {
namespace {

std::size_t KeyBytes(const AttributeValue& value) {
  if (const auto* text = value.As<std::string>()) return text->size();
  if (const auto* binary = value.As<Binary>()) return binary->bytes.size();
  return 1;  // numbers are never empty and always short enough
}

std::string_view EmptyKind(const AttributeValue& value) {
  return value.type() == AttributeType::kS ? "string" : "binary";
}

Result<void> CheckKeySize(const AttributeValue& value, bool is_hash) {
  if (is_hash && KeyBytes(value) > kHashKeySizeMax) {
    return ValidationError(
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (!is_hash && KeyBytes(value) > kRangeKeySizeMax) {
    return ValidationError(
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of "
        "1024 bytes");
  }
  return {};
}

// Calls check(key attribute, is_hash) for each until one fails.
template <class Check>
Result<void> ForEachKey(const KeySchema& key, Check check) {
  for (const KeyAttribute& attribute : key.hash) INSULA_TRY(check(attribute, true));
  for (const KeyAttribute& attribute : key.range) INSULA_TRY(check(attribute, false));
  return {};
}

// Calls check(key attribute, is_hash, index) for each key of each index, global ones first.
template <class Check>
Result<void> ForEachIndexKey(const TableSchema& schema, Check check) {
  for (const IndexKind kind : {IndexKind::kGlobal, IndexKind::kLocal}) {
    for (const IndexSchema& index : schema.indexes) {
      if (index.kind != kind) continue;
      INSULA_TRY(ForEachKey(index.key, [&](const KeyAttribute& key, bool is_hash) -> Result<void> {
        return check(key, is_hash, index);
      }));
    }
  }
  return {};
}

Error EmptyKey(const KeyAttribute& key, const AttributeValue& value) {
  return ValidationError(fmt::format(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an "
      "empty {} value. Key: {}",
      EmptyKind(value), key.name));
}

Error EmptyIndexKey(const KeyAttribute& key, const AttributeValue& value, const IndexSchema& index) {
  return ValidationError(
      fmt::format("One or more parameter values are not valid. A value specified for a secondary index key is not "
                  "supported. The AttributeValue for a key attribute cannot contain an empty {} value. IndexName: "
                  "{}, IndexKey: {}",
                  EmptyKind(value), index.name, key.name));
}

}  // namespace

Result<void> CheckPutSize(const AttributeMap& item) {
  if (SizeOf(item) > kItemSizeMax) return ValidationError("Item size has exceeded the maximum allowed size");
  return {};
}

Result<void> CheckUpdatedSize(std::size_t item_bytes) {
  if (item_bytes > kItemSizeMax) return ValidationError(kUpdatedItemTooLarge);
  return {};
}

Result<void> CheckKeyValue(const KeyAttribute& key, const AttributeValue& value, bool is_hash) {
  if (KeyBytes(value) == 0) return EmptyKey(key, value);
  return CheckKeySize(value, is_hash);
}

Result<void> CheckPutKeys(const AttributeMap& item, const TableSchema& schema) {
  INSULA_TRY(ForEachKey(schema.key, [&](const KeyAttribute& key, bool is_hash) -> Result<void> {
    const AttributeValue* value = item.Find(key.name);
    if (!value) {
      return ValidationError(
          fmt::format("One or more parameter values were invalid: Missing the key {} in the item", key.name));
    }
    if (value->type() != key.type) {
      return ValidationError(
          fmt::format("One or more parameter values were invalid: Type mismatch for key {} expected: {} actual: {}",
                      key.name, NameOf(key.type), NameOf(value->type())));
    }
    return CheckKeyValue(key, *value, is_hash);
  }));
  if (schema.indexes.empty()) return {};
  INSULA_TRY(
      ForEachIndexKey(schema, [&](const KeyAttribute& key, bool is_hash, const IndexSchema& index) -> Result<void> {
        const AttributeValue* value = item.Find(key.name);
        if (!value) return {};
        if (value->type() != key.type) {
          return ValidationError(fmt::format(
              "One or more parameter values were invalid: Type mismatch for Index Key {} Expected: {} Actual: "
              "{} IndexName: {}",
              key.name, NameOf(key.type), NameOf(value->type()), index.name));
        }
        if (KeyBytes(*value) == 0) return EmptyIndexKey(key, *value, index);
        return CheckKeySize(*value, is_hash);
      }));
  return CheckVectors(item, schema, [](const std::string&) { return true; });
}

Result<void> CheckNoEmptyKey(const AttributeMap& attributes, const TableSchema& schema, bool whole_item) {
  const auto empty = [&](const KeyAttribute& key) -> const AttributeValue* {
    const AttributeValue* value = attributes.Find(key.name);
    return value && value->type() == key.type && KeyBytes(*value) == 0 ? value : nullptr;
  };
  INSULA_TRY(ForEachKey(schema.key, [&](const KeyAttribute& key, bool) -> Result<void> {
    if (const AttributeValue* value = empty(key)) return EmptyKey(key, *value);
    return {};
  }));
  if (!whole_item) return {};
  return ForEachIndexKey(schema, [&](const KeyAttribute& key, bool, const IndexSchema& index) -> Result<void> {
    if (const AttributeValue* value = empty(key)) return EmptyIndexKey(key, *value, index);
    return {};
  });
}

Result<void> CheckUpdatedIndexKeys(const AttributeMap& item, std::span<const std::string> written,
                                   const TableSchema& schema) {
  // An item that was skipped when the index was made may keep its value until somebody writes it.
  const auto is_written = [&](const std::string& name) {
    return std::find(written.begin(), written.end(), name) != written.end();
  };
  for (const IndexSchema& index : schema.indexes) {
    if (index.is_vector()) continue;
    INSULA_TRY(ForEachKey(index.key, [&](const KeyAttribute& key, bool is_hash) -> Result<void> {
      if (!is_written(key.name)) return {};
      const AttributeValue* value = item.Find(key.name);
      if (!value) return {};
      if (value->type() != key.type) {
        return ValidationError("The update expression attempted to update the secondary index key to unsupported type");
      }
      if (KeyBytes(*value) == 0) {
        return ValidationError(
            fmt::format("One or more parameter values are not valid. The update expression attempted to update a "
                        "secondary index key to a value that is not supported. The AttributeValue for a key attribute "
                        "cannot contain an empty {} value.",
                        EmptyKind(*value)));
      }
      return CheckKeySize(*value, is_hash);
    }));
  }
  return CheckVectors(item, schema, is_written);
}

bool BelongsToIndex(const AttributeMap& item, const IndexSchema& index) {
  if (index.is_vector()) return BelongsToVectorIndex(item, index);
  return ForEachKey(index.key,
                    [&](const KeyAttribute& key, bool is_hash) -> Result<void> {
                      const AttributeValue* value = item.Find(key.name);
                      if (!value || value->type() != key.type) return ValidationError("");
                      return CheckKeyValue(key, *value, is_hash);
                    })
      .ok();
}

}  // namespace insula::rules
