// How DynamoDB's messages print the value of a request's field: as Java's toString does.
#pragma once

#include <string>

#include "wire/shape.h"

namespace insula::wire {

// "abc", "-1", "[a, b]", "{key=value}", "KeySchemaElement(attributeName=pk, keyType=HASH)", "null". Long collections
// are cut after some kilobytes, so that an error is never much larger than that.
std::string ValueText(JsonValue json, const Shape& shape);

// The name with its first letter in lower case: "TableName" as messages write it.
std::string LowerFirst(std::string_view name);

}  // namespace insula::wire
