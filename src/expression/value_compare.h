// How conditions compare values.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
#pragma once

#include <cstddef>
#include <optional>

#include "expression/ast.h"
#include "model/attribute_value.h"

namespace insula::expression {

// Either may be nullptr: the item has no such value. Values of different types, and missing ones, are equal to
// nothing (so <> is true of them) and ordered against nothing. Only S, N and B are ordered.
bool Compare(Comparator comparator, const AttributeValue* left, const AttributeValue* right);

// Both strings or both binaries, and the second at the front of the first.
bool BeginsWith(const AttributeValue& value, const AttributeValue& prefix);

// A substring of a string, a subsequence of a binary, an element of a set of its type or of a list.
bool Contains(const AttributeValue& container, const AttributeValue& element);

// Characters of S (UTF-16 units, as DynamoDB counts them), bytes of B, elements of sets, L and M; nothing for others.
std::optional<std::size_t> SizeFunction(const AttributeValue& value);

}  // namespace insula::expression
