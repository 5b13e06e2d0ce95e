// CheckTypes: the messages are those of the Java reader in front of DynamoDB, which says one thing about a value where
// a field stands (a structure's member) and another where an element stands (of a list or a map).
#include <array>
#include <utility>

#include "wire/base64.h"
#include "wire/coerce.h"
#include "wire/shape.h"

namespace insula::wire {
namespace {

Error Mismatch(std::string message) { return {ErrorCode::kSerialization, std::move(message)}; }

constexpr const char* kStructureFound = "Start of structure or map found where not expected";

std::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kString:
      return "String";
    case Kind::kBoolean:
      return "Boolean";
    case Kind::kShort:
      return "Short";
    case Kind::kInteger:
      return "Integer";
    case Kind::kLong:
      return "Long";
    case Kind::kDouble:
      return "Double";
    case Kind::kTimestamp:
      return "Timestamp";
    default:
      return "";
  }
}

// The type as Java's reflection prints it.
std::string JavaNameOf(const Shape& shape) {
  switch (shape.kind) {
    case Kind::kBlob:
      return "java.nio.ByteBuffer";
    case Kind::kTimestamp:
      return "java.util.Date";
    case Kind::kStructure:
      return "com.amazonaws.dynamodb.v20120810." + shape.class_name;
    case Kind::kAttributeValue:
      return "com.amazonaws.dynamodb.v20120810.AttributeValue";
    case Kind::kList:
      return "java.util.List<" + JavaNameOf(shape.element.front()) + ">";
    case Kind::kMap:
      return "java.util.Map<java.lang.String, " + JavaNameOf(shape.element.front()) + ">";
    default:
      return "java.lang." + std::string(NameOf(shape.kind));
  }
}

Error UnexpectedArray(const Shape& shape) {
  const bool generic = shape.kind == Kind::kMap || shape.kind == Kind::kList;
  return Mismatch("Unrecognized collection type " + std::string(generic ? "" : "class ") + JavaNameOf(shape));
}

// The reader's word for a scalar token.
std::string_view TokenOf(JsonValue json) {
  switch (json.type()) {
    case JsonType::kBoolean:
      return json.boolean() ? "TRUE_VALUE" : "FALSE_VALUE";
    case JsonType::kInteger:
      return "NUMBER_VALUE";
    case JsonType::kDecimal:
      return "DECIMAL_VALUE";
    default:
      return "STRING_VALUE";
  }
}

bool IsNumber(JsonType type) { return type == JsonType::kInteger || type == JsonType::kDecimal; }

Result<void> CheckScalar(JsonValue json, const Shape& shape) {
  const JsonType type = json.type();
  if (type == JsonType::kObject) return Mismatch(kStructureFound);
  if (type == JsonType::kArray) return UnexpectedArray(shape);
  switch (shape.kind) {
    case Kind::kString:
      if (type == JsonType::kString) return {};
      break;
    case Kind::kBoolean:
      if (type == JsonType::kBoolean) return {};
      if (type == JsonType::kString) {
        if (BooleanFrom(json.string()).has_value()) return {};
        return Mismatch("Unexpected token received from parser");
      }
      break;
    case Kind::kBlob:
      if (type == JsonType::kString) return CheckBase64(json.string());
      return Mismatch("only base-64-encoded strings are convertible to bytes");
    default:
      if (IsNumber(type)) return {};
      break;
  }
  return Mismatch(std::string(TokenOf(json)) + " cannot be converted to " + std::string(NameOf(shape.kind)));
}

enum class Place { kField, kElement };

Result<void> Check(JsonValue json, const Shape& shape, Place place);

// What a scalar gets where something with members or elements should be.
Error UnexpectedScalar(const Shape& shape, Place place) {
  if (place == Place::kField) return Mismatch("Unexpected field type");
  if (shape.kind == Kind::kStructure || shape.kind == Kind::kAttributeValue) {
    return Mismatch("Unexpected value type in payload");
  }
  return Mismatch(
      "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class "
      "(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of "
      "loader 'bootstrap')");
}

const Shape* AttributeValueMember(std::string_view name) {
  static const std::array<std::pair<std::string_view, Shape>, 10> members = {{
      {"S", String()},
      {"N", String()},
      {"B", Blob()},
      {"BOOL", Boolean()},
      {"NULL", Boolean()},
      {"SS", List(String())},
      {"NS", List(String())},
      {"BS", List(Blob())},
      {"L", List(AttributeValueShape())},
      {"M", Map(AttributeValueShape())},
  }};
  for (const auto& [member, shape] : members) {
    if (member == name) return &shape;
  }
  return nullptr;
}

Result<void> CheckList(JsonValue json, const Shape& shape, Place place) {
  if (json.type() == JsonType::kObject) return Mismatch(kStructureFound);
  if (json.type() != JsonType::kArray) return UnexpectedScalar(shape, place);
  for (JsonValue element : json.elements()) INSULA_TRY(Check(element, shape.element.front(), Place::kElement));
  return {};
}

Result<void> CheckMembers(JsonValue json, const Shape& shape, Place place) {
  if (json.type() == JsonType::kArray) return UnexpectedArray(shape);
  if (json.type() != JsonType::kObject) return UnexpectedScalar(shape, place);
  for (auto [name, value] : json.members()) {
    switch (shape.kind) {
      case Kind::kMap:
        INSULA_TRY(Check(value, shape.element.front(), Place::kElement));
        break;
      case Kind::kAttributeValue:
        if (const Shape* member = AttributeValueMember(name)) INSULA_TRY(Check(value, *member, Place::kField));
        break;
      default:
        if (const Field* field = shape.FindField(name)) INSULA_TRY(Check(value, field->shape, Place::kField));
        break;
    }
  }
  return {};
}

Result<void> Check(JsonValue json, const Shape& shape, Place place) {
  if (json.is_null()) return {};
  switch (shape.kind) {
    case Kind::kList:
      return CheckList(json, shape, place);
    case Kind::kMap:
    case Kind::kStructure:
    case Kind::kAttributeValue:
      return CheckMembers(json, shape, place);
    default:
      return CheckScalar(json, shape);
  }
}

}  // namespace

Result<void> CheckTypes(JsonValue body, const Shape& shape) { return Check(body, shape, Place::kField); }

}  // namespace insula::wire
