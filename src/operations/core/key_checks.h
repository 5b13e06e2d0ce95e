// Keys of a request against a table's schema, in DynamoDB's words.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/attribute_value.h"
#include "model/primary_key.h"
#include "model/table_schema.h"

namespace insula::operations {

// The key of a get, update, delete …: exactly the key attributes, with their types, neither empty nor too large.
// "The provided key element does not match the schema".
Result<PrimaryKey> KeyFrom(AttributeMap key, const KeySchema& schema);

// The key of a whole item that is to be put: "Missing the key pk in the item", "Type mismatch for key pk …"; then the
// key attributes of its indexes, where it has them.
Result<PrimaryKey> KeyOfPut(const AttributeMap& item, const TableSchema& schema);

// Whether the key attributes are there and of their types.
bool HasKey(const AttributeMap& attributes, const KeySchema& schema);

// "Cannot update attribute pk. This attribute is part of the key", for an update's top-level attributes.
Result<void> CheckUpdatesNoKey(std::span<const std::string> attributes, const KeySchema& schema);

// "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk". Takes what the
// expressions' nested_attributes() give.
Result<void> CheckNoNestedKey(std::span<const std::string> nested_attributes, const TableSchema& schema);

}  // namespace insula::operations
