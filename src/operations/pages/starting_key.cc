#include "operations/pages/starting_key.h"

#include <algorithm>

#include "operations/core/key_checks.h"
#include "rules/item_rules.h"

namespace insula::operations {
namespace {

using expression::KeyCondition;
using expression::RangeOperator;

bool BeginsWith(const AttributeValue& value, const AttributeValue& prefix) {
  if (const auto* text = value.As<std::string>()) return text->starts_with(*prefix.As<std::string>());
  if (const auto* binary = value.As<Binary>()) return binary->bytes.starts_with(prefix.As<Binary>()->bytes);
  return false;
}

bool Satisfies(const AttributeValue& value, const KeyCondition& condition) {
  switch (condition.op) {
    case RangeOperator::kNone:
      return true;
    case RangeOperator::kEqual:
      return CompareScalars(value, condition.low) == 0;
    case RangeOperator::kLess:
      return CompareScalars(value, condition.low) < 0;
    case RangeOperator::kLessOrEqual:
      return CompareScalars(value, condition.low) <= 0;
    case RangeOperator::kGreater:
      return CompareScalars(value, condition.low) > 0;
    case RangeOperator::kGreaterOrEqual:
      return CompareScalars(value, condition.low) >= 0;
    case RangeOperator::kBetween:
      return CompareScalars(value, condition.low) >= 0 && CompareScalars(value, condition.high) <= 0;
    case RangeOperator::kBeginsWith:
      return BeginsWith(value, condition.low);
  }
  return false;
}

bool RangeMatches(const AttributeMap& key, const KeySchema& schema, const KeyCondition& condition) {
  for (std::size_t i = 0; i < condition.range_prefix.size(); ++i) {
    if (*key.Find(schema.range[i].name) != condition.range_prefix[i]) return false;
  }
  if (condition.op == RangeOperator::kNone) return true;
  return Satisfies(*key.Find(schema.range[condition.range_prefix.size()].name), condition);
}

bool HashMatches(const AttributeMap& key, const KeySchema& schema, const KeyCondition& condition) {
  for (std::size_t i = 0; i < condition.hash.size(); ++i) {
    if (*key.Find(schema.hash[i].name) != condition.hash[i]) return false;
  }
  return true;
}

}  // namespace

Result<void> CheckStartingKeyPiece(const AttributeMap& key, const KeyAttribute& attribute, bool hash) {
  const AttributeValue* value = key.Find(attribute.name);
  if (value == nullptr) return ValidationError("The provided starting key is invalid");
  if (value->type() != attribute.type) {
    return ValidationError("The provided key element does not match the schema");
  }
  return rules::CheckKeyValue(attribute, *value, hash);
}

Result<void> CheckTableKeyIn(const AttributeMap& key, const KeySchema& schema) {
  AttributeMap own;
  for (const auto* attributes : {&schema.hash, &schema.range}) {
    for (const KeyAttribute& attribute : *attributes) {
      if (const AttributeValue* value = key.Find(attribute.name)) own.Set(attribute.name, *value);
    }
  }
  Result<PrimaryKey> checked = KeyFrom(std::move(own), schema);
  if (checked.ok()) return {};
  return ValidationError("The provided starting key is invalid: " + checked.error().message());
}

Result<void> CheckWithinQuery(const AttributeMap& key, const KeySchema& schema, const KeyCondition& condition) {
  bool hash = HashMatches(key, schema, condition);
  if (condition.op == RangeOperator::kNone && condition.range_prefix.empty()) {
    if (hash) return {};
    return ValidationError("The provided starting key is outside query boundaries based on provided conditions");
  }
  if (!RangeMatches(key, schema, condition)) {
    return ValidationError("The provided starting key does not match the range key predicate");
  }
  if (!hash) return ValidationError("The query can return at most one row and cannot be restarted");
  return {};
}

}  // namespace insula::operations
