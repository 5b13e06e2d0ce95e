#include "wire/value_text.h"

#include <fmt/format.h>

#include "wire/base64.h"
#include "wire/coerce.h"
#include "wire/json_copy.h"

namespace insula::wire {
namespace {

constexpr std::size_t kTextMax = 8 * 1024;

class Printer {
 public:
  void Print(JsonValue json, const Shape& shape) {
    if (json.is_null()) {
      text_ += "null";
      return;
    }
    switch (shape.kind) {
      case Kind::kList:
        PrintList(json, shape.element.front());
        return;
      case Kind::kMap:
        PrintMap(json, shape.element.front());
        return;
      case Kind::kStructure:
        PrintStructure(json, shape);
        return;
      case Kind::kAttributeValue:
        PrintAttributeValue(json);
        return;
      case Kind::kBoolean:
        text_ += BooleanFrom(json) ? "true" : "false";
        return;
      case Kind::kBlob: {
        const std::size_t size = DecodeBase64(json.string()).size();
        text_ += fmt::format("java.nio.HeapByteBuffer[pos=0 lim={0} cap={0}]", size);
        return;
      }
      case Kind::kString:
        text_ += json.string();
        return;
      case Kind::kDouble:
      case Kind::kTimestamp:
        text_ += fmt::format("{}", json.decimal());
        return;
      default:
        text_ += std::to_string(json.integer());
        return;
    }
  }

  std::string text() && { return std::move(text_); }

 private:
  bool Full() const { return text_.size() > kTextMax; }

  void Separate(bool* first) {
    if (!*first) text_ += ", ";
    *first = false;
  }

  void PrintList(JsonValue json, const Shape& element) {
    text_ += '[';
    bool first = true;
    for (JsonValue value : json.elements()) {
      if (Full()) break;
      Separate(&first);
      Print(value, element);
    }
    text_ += ']';
  }

  void PrintMap(JsonValue json, const Shape& element) {
    text_ += '{';
    bool first = true;
    for (auto [key, value] : json.members()) {
      if (Full()) break;
      Separate(&first);
      text_ += key;
      text_ += '=';
      Print(value, element);
    }
    text_ += '}';
  }

  void PrintStructure(JsonValue json, const Shape& shape) {
    text_ += shape.class_name;
    text_ += '(';
    bool first = true;
    for (const Field& field : shape.fields) {
      Separate(&first);
      text_ += LowerFirst(field.name);
      text_ += '=';
      Print(json.Member(field.name), field.shape);
    }
    text_ += ')';
  }

  void PrintAttributeValue(JsonValue json) {
    text_ += "AttributeValue(";
    bool first = true;
    for (auto [name, value] : json.members()) {
      if (value.is_null() || Full()) continue;
      Separate(&first);
      text_ += LowerFirst(name);
      text_ += '=';
      PrintAny(value);
    }
    text_ += ')';
  }

  // Inside attribute values, whose shapes follow from the JSON.
  void PrintAny(JsonValue json) {
    switch (json.type()) {
      case JsonType::kArray: {
        text_ += '[';
        bool first = true;
        for (JsonValue value : json.elements()) {
          if (Full()) break;
          Separate(&first);
          value.type() == JsonType::kObject ? PrintAttributeValue(value) : PrintAny(value);
        }
        text_ += ']';
        return;
      }
      case JsonType::kObject: {
        text_ += '{';
        bool first = true;
        for (auto [key, value] : json.members()) {
          if (Full()) break;
          Separate(&first);
          text_ += key;
          text_ += '=';
          value.type() == JsonType::kObject ? PrintAttributeValue(value) : PrintAny(value);
        }
        text_ += '}';
        return;
      }
      case JsonType::kString:
        text_ += json.string().substr(0, kTextMax);
        return;
      case JsonType::kBoolean:
        text_ += json.boolean() ? "true" : "false";
        return;
      case JsonType::kInteger:
      case JsonType::kDecimal:
        text_ += std::to_string(json.integer());
        return;
      case JsonType::kNull:
        text_ += "null";
        return;
    }
  }

  std::string text_;
};

}  // namespace

std::string ValueText(JsonValue json, const Shape& shape) {
  if (shape.shown_as_json) {
    std::string text;
    JsonWriter writer(&text);
    WriteJson(json, &writer);
    return text.substr(0, kTextMax);
  }
  Printer printer;
  printer.Print(json, shape);
  return std::move(printer).text();
}

std::string LowerFirst(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

}  // namespace insula::wire
