// Typed access to a request body that has passed the checks of its shape.
//
//   INSULA_ASSIGN(wire::Request request, wire::DecodeRequest(body, wire::shapes::GetItem()));
//   std::string_view table = *request.root().String("TableName");        // NotNull, so it is there
//   bool consistent = request.root().Boolean("ConsistentRead").value_or(false);
//   INSULA_ASSIGN(AttributeMap key, wire::DecodeItem(request.root().Json("Key")));
//
// Asking for a field that the shape doesn't have, or with another kind, is our own bug and ends the process.
// Views are valid as long as their Request.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "model/attribute_value.h"
#include "wire/json_reader.h"
#include "wire/shape.h"

namespace insula::wire {

class StructureView {
 public:
  StructureView(JsonValue json, const Shape* shape) : json_(json), shape_(shape) {}

  bool Has(std::string_view field) const { return !Json(field).is_null(); }

  // nullopt where the field is absent (or null).
  std::optional<std::string_view> String(std::string_view field) const;
  std::optional<bool> Boolean(std::string_view field) const;
  std::optional<std::int64_t> Integer(std::string_view field) const;  // Short, Integer and Long
  std::optional<double> Number(std::string_view field) const;         // Double and Timestamp
  std::optional<std::string> Blob(std::string_view field) const;      // decoded
  std::optional<StructureView> Structure(std::string_view field) const;
  // The elements of a list of structures; nullopt where the list is absent.
  std::optional<std::vector<StructureView>> Structures(std::string_view field) const;
  // The elements of a list of strings.
  std::optional<std::vector<std::string>> Strings(std::string_view field) const;
  // A map of structures, in the order of the text; of several entries with one key the last counts.
  std::optional<std::vector<std::pair<std::string_view, StructureView>>> StructureMap(std::string_view field) const;
  // A map of strings (ExpressionAttributeNames).
  std::optional<std::map<std::string, std::string, std::less<>>> StringMap(std::string_view field) const;

  // Anything else (attribute values, items, keys, maps of lists): the JSON itself, null where absent.
  JsonValue Json(std::string_view field) const;
  JsonValue json() const { return json_; }
  ValueForm values() const { return shape_->values; }  // for DecodeValue and DecodeItem of what is in it
  const Shape& shape() const { return *shape_; }
  // The view of a structure nested in Json(field), e.g. of the lists in a map of lists.
  static StructureView Of(JsonValue json, const Shape& shape) { return {json, &shape}; }

 private:
  const Shape& ShapeOf(std::string_view field, Kind kind) const;

  JsonValue json_;
  const Shape* shape_;
};

class Request {
 public:
  Request(JsonDocument document, const Shape* shape) : document_(std::move(document)), shape_(shape) {}
  StructureView root() const { return {document_.root(), shape_}; }

 private:
  JsonDocument document_;
  const Shape* shape_;
};

// Parse, CheckTypes, CheckConstraints. `shape` must outlive the result (those of shapes.h live forever).
Result<Request> DecodeRequest(std::string_view body, const Shape& shape);

}  // namespace insula::wire
