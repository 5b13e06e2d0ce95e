// Checks on the operands of functions and operators, and their messages, that several parsers share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/attribute_value.h"

namespace insula::expression {

inline constexpr std::size_t kInOperandsMax = 100;

// A function of conditions, in expressions and in PartiQL alike.
struct FunctionTraits {
  std::string_view name;
  std::size_t operands;
};
const FunctionTraits* FindFunction(std::string_view name);  // nullptr: there is none
bool IsUpdateFunction(std::string_view name);               // if_not_exists, list_append

// Of a function that the language has, in a place that isn't for it.
std::string MisusedFunction(std::string_view name);

std::string IncorrectOperandType(std::string_view name, std::string_view type);
std::string TooManyInOperands(std::size_t count);

// S, N and B: the types <, <=, >, >= and BETWEEN order.
bool IsOrderedType(AttributeType type);

// The type that the second operand of attribute_type names. `value` is null for an operand that is no constant;
// `type` is its type where that is known. The error's message is without the expression's name.
Result<AttributeType> ParseTypeOperand(const AttributeValue* value, std::optional<AttributeType> type);

// The message if these can't be the bounds of BETWEEN: types that differ, or the lower above the upper.
std::optional<std::string> CheckBetweenBounds(const AttributeValue& low, const AttributeValue& high);

// As DynamoDB's messages show a value: "{S:abc}".
std::string DebugString(const AttributeValue& value);

}  // namespace insula::expression
