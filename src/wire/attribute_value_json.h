// Attribute values to and from DynamoDB's JSON: {"S": "text"}, {"N": "1"}, {"B": "base64"} …
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
//
// Reading has two steps, because any type error in a body precedes every error about a value: the type pass over
// the whole request (shape.h, SerializationException), then Decode… on the values that passed it, in the order
// in which DynamoDB validates them (ValidationException).
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "model/attribute_value.h"
#include "model/encoded_item.h"
#include "model/primary_key.h"
#include "wire/json_reader.h"
#include "wire/json_writer.h"
#include "wire/shape.h"

namespace insula::wire {

inline constexpr std::size_t kNestingLevelsMax = 32;

// ValidationException in DynamoDB's words: no or several datatypes, numbers out of range, empty sets, duplicates,
// NULL that isn't true, nesting deeper than 32 levels, names of no bytes or of more than 65,535. Precondition: `json`
// passed the type pass as an attribute value (or is null, which counts as an empty one).
Result<AttributeValue> DecodeValue(JsonValue json, ValueForm form = ValueForm::kCurrent);
// The same for a map of attribute values (an item or a key), in the order of the text; its own names come before all.
Result<AttributeMap> DecodeItem(JsonValue json, ValueForm form = ValueForm::kCurrent);
// What is wrong with the name of an attribute.
Result<void> CheckAttributeName(std::string_view name);

// As an object of one member, e.g. {"S":"text"}.
void WriteValue(const AttributeValue& value, JsonWriter* writer);
// As an object of attributes by name.
void WriteItem(const AttributeMap& item, JsonWriter* writer);
// Straight from the stored bytes, with no tree in between.
void WriteItem(const EncodedItem& item, JsonWriter* writer);
// The length of what that writes, without writing it.
std::size_t JsonSizeOf(const EncodedItem& item);
// Only the attributes of a key: {"pk":{"S":"a"},"sk":{"N":"1"}}.
void WriteKey(const PrimaryKey& key, const KeySchema& schema, JsonWriter* writer);

}  // namespace insula::wire
