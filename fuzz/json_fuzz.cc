// The JSON reader and the checks of requests. The first byte picks an operation; the rest is the body. Every item in a
// request that passes is read, written, read again and stored, and must stay the same throughout.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "wire/attribute_value_json.h"
#include "wire/request.h"
#include "wire/shapes.h"

namespace {

using namespace insula;
using namespace insula::wire;

std::string Written(const AttributeMap& item) {
  std::string json;
  JsonWriter writer(&json);
  WriteItem(item, &writer);
  return json;
}

void CheckItem(JsonValue json) {
  Result<AttributeMap> item = DecodeItem(json);
  if (!item.ok()) {
    INSULA_CHECK(item.error().code() == ErrorCode::kValidation && !item.error().message().empty());
    return;
  }
  const std::string text = Written(*item);
  Result<JsonDocument> again = JsonDocument::Parse(text);
  INSULA_CHECK(again.ok());
  Result<AttributeMap> same = DecodeItem(again->root());
  INSULA_CHECK(same.ok() && *same == *item);
  const EncodedItem stored = EncodedItem::From(*item);
  INSULA_CHECK(CheckEncodedItem(stored.bytes()).ok());
  INSULA_CHECK(Written(stored.Decode()) == text);
}

void Read(const StructureView& view);

void ReadCollection(const StructureView& view, const Field& field) {
  const Kind element = field.shape.element.front().kind;
  if (field.shape.kind == Kind::kList) {
    if (element == Kind::kString) view.Strings(field.name);
    if (element != Kind::kStructure) return;
    if (auto list = view.Structures(field.name)) {
      for (const StructureView& structure : *list) Read(structure);
    }
    return;
  }
  if (element == Kind::kString) view.StringMap(field.name);
  if (element == Kind::kAttributeValue && view.Has(field.name)) CheckItem(view.Json(field.name));
  if (element != Kind::kStructure) return;
  if (auto map = view.StructureMap(field.name)) {
    for (const auto& [key, structure] : *map) Read(structure);
  }
}

// Whatever a checked request promises to its readers.
void Read(const StructureView& view) {
  for (const Field& field : view.shape().fields) {
    switch (field.shape.kind) {
      case Kind::kString:
        view.String(field.name);
        break;
      case Kind::kBoolean:
        view.Boolean(field.name);
        break;
      case Kind::kInteger:
      case Kind::kLong:
        view.Integer(field.name);
        break;
      case Kind::kStructure:
        if (auto structure = view.Structure(field.name)) Read(*structure);
        break;
      case Kind::kList:
      case Kind::kMap:
        ReadCollection(view, field);
        break;
      default:
        break;
    }
    for (const Constraint& constraint : field.shape.constraints) {
      if (constraint.kind == Constraint::Kind::kNotNull) INSULA_CHECK(view.Has(field.name));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const Shape* const kShapes[] = {
      &shapes::PutItem(),     &shapes::GetItem(),     &shapes::UpdateItem(),         &shapes::DeleteItem(),
      &shapes::Query(),       &shapes::Scan(),        &shapes::BatchGetItem(),       &shapes::BatchWriteItem(),
      &shapes::CreateTable(), &shapes::UpdateTable(), &shapes::TransactWriteItems(), &shapes::TransactGetItems(),
      &shapes::ListTables(),  &shapes::DeleteTable(), &shapes::TagResource(),        &shapes::UpdateTimeToLive(),
  };
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  Result<Request> request = DecodeRequest(body, *kShapes[data[0] % std::size(kShapes)]);
  if (request.ok()) {
    Read(request->root());
    return 0;
  }
  const Error& error = request.error();
  INSULA_CHECK(error.code() == ErrorCode::kSerialization ||
               (error.code() == ErrorCode::kValidation && !error.message().empty()));
  INSULA_CHECK(error.message().size() < 20 * (size + 16 * 1024));
  return 0;
}
