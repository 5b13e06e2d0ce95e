// The parameters that expressions replaced, turned into expressions.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expression/expression.h"

namespace insula::expression {

enum class ComparisonOperator : std::uint8_t {
  kEq,
  kNe,
  kLe,
  kLt,
  kGe,
  kGt,
  kNotNull,
  kNull,
  kContains,
  kNotContains,
  kBeginsWith,
  kIn,
  kBetween
};
std::string_view NameOf(ComparisonOperator op);                                 // "EQ", "NOT_NULL" … as on the wire
std::optional<ComparisonOperator> ComparisonOperatorOf(std::string_view name);  // the reverse

enum class ConditionalOperator : std::uint8_t { kAnd, kOr };
enum class AttributeAction : std::uint8_t { kPut, kAdd, kDelete };

// One entry of Expected: either (comparison, list or value) or (value, exists).
struct ExpectedAttribute {
  std::optional<AttributeValue> value{};
  std::optional<bool> exists{};
  std::optional<ComparisonOperator> comparison{};
  std::optional<std::vector<AttributeValue>> attribute_value_list{};
};
// One entry of KeyConditions, QueryFilter or ScanFilter.
struct LegacyCondition {
  ComparisonOperator comparison = ComparisonOperator::kEq;
  std::vector<AttributeValue> attribute_value_list;
};
struct AttributeUpdate {
  std::optional<AttributeValue> value;
  AttributeAction action = AttributeAction::kPut;
};

// Each checks what DynamoDB checks (argument counts and types per operator) with its messages.
// Precondition: not empty (an empty Expected, filter or AttributeUpdates is none at all).
Result<Condition> FromExpected(const std::map<std::string, ExpectedAttribute>& expected, ConditionalOperator op);
Result<Condition> FromFilter(const std::map<std::string, LegacyCondition>& filter, ConditionalOperator op);
Result<Update> FromAttributeUpdates(const std::map<std::string, AttributeUpdate>& updates);
Result<KeyConditionExpression> FromKeyConditions(const std::map<std::string, LegacyCondition>& conditions);

}  // namespace insula::expression
