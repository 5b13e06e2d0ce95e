// ADD and DELETE on sets.
#pragma once

#include "model/attribute_value.h"

namespace insula::expression {

// Both are sets of one type. The elements that `set` doesn't have are added to it.
void AddElements(AttributeValue* set, const AttributeValue& elements);

// Both are sets of one type. Returns whether any element is left.
[[nodiscard]] bool DeleteElements(AttributeValue* set, const AttributeValue& elements);

}  // namespace insula::expression
