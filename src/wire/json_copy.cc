#include "wire/json_copy.h"

namespace insula::wire {

void WriteJson(JsonValue json, JsonWriter* writer) {
  switch (json.type()) {
    case JsonType::kNull:
      return writer->Null();
    case JsonType::kBoolean:
      return writer->Boolean(json.boolean());
    case JsonType::kInteger:
      return writer->Integer(json.integer());
    case JsonType::kDecimal:
      return writer->Double(json.decimal());
    case JsonType::kString:
      return writer->String(json.string());
    case JsonType::kArray:
      writer->BeginArray();
      for (const JsonValue element : json.elements()) WriteJson(element, writer);
      return writer->EndArray();
    case JsonType::kObject:
      writer->BeginObject();
      for (const auto& [name, value] : json.members()) {
        writer->Key(name);
        WriteJson(value, writer);
      }
      return writer->EndObject();
  }
}

}  // namespace insula::wire
