#include "tenancy/json_fields.h"

#include <fmt/format.h>

namespace insula::tenancy {

void JsonOut::Separate() {
  if (comma_) text_.push_back(',');
  comma_ = true;
}

void JsonOut::Quote(std::string_view text) {
  text_.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_.push_back('\\');
      text_.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      text_.push_back(c);
    }
  }
  text_.push_back('"');
}

JsonOut& JsonOut::Begin(char bracket) {
  Separate();
  text_.push_back(bracket);
  comma_ = false;
  return *this;
}
JsonOut& JsonOut::End(char bracket) {
  text_.push_back(bracket);
  comma_ = true;
  return *this;
}
JsonOut& JsonOut::Key(std::string_view key) {
  Separate();
  Quote(key);
  text_.push_back(':');
  comma_ = false;
  return *this;
}
JsonOut& JsonOut::Text(std::string_view value) {
  Separate();
  Quote(value);
  return *this;
}
JsonOut& JsonOut::Number(std::int64_t value) {
  Separate();
  text_ += std::to_string(value);
  return *this;
}
JsonOut& JsonOut::Flag(bool value) {
  Separate();
  text_ += value ? "true" : "false";
  return *this;
}
JsonOut& JsonOut::Time(std::string_view key, WallTime value) { return Number(key, value.time_since_epoch().count()); }

JsonIn::JsonIn(Object object, std::shared_ptr<std::optional<Error>> status)
    : object_(object), status_(status ? std::move(status) : std::make_shared<std::optional<Error>>()) {}

void JsonIn::Fail(std::string_view key, std::string_view why) {
  if (!*status_) {
    *status_ = Error(ErrorCode::kCorruption, fmt::format("A catalog record's member '{}' {}", key, why));
  }
}

Result<void> JsonIn::status() const {
  if (*status_) return **status_;
  return {};
}

std::string JsonIn::Text(std::string_view key) {
  std::string_view value;
  if (object_[key].get(value) != simdjson::SUCCESS) Fail(key, "is not a string");
  return std::string(value);
}
std::int64_t JsonIn::Number(std::string_view key) {
  std::int64_t value = 0;
  if (object_[key].get(value) != simdjson::SUCCESS) Fail(key, "is not an integer");
  return value;
}
bool JsonIn::Flag(std::string_view key) {
  bool value = false;
  if (object_[key].get(value) != simdjson::SUCCESS) Fail(key, "is not a boolean");
  return value;
}
WallTime JsonIn::Time(std::string_view key) { return WallTime(std::chrono::microseconds(Number(key))); }
bool JsonIn::Has(std::string_view key) const { return object_[key].error() == simdjson::SUCCESS; }

JsonIn JsonIn::Child(std::string_view key) { return JsonIn(Fields(key), status_); }
JsonIn JsonIn::Sub(Element element) {
  Object object;
  if (element.get(object) != simdjson::SUCCESS) Fail("element", "is not an object");
  return JsonIn(object, status_);
}
simdjson::dom::array JsonIn::Array(std::string_view key) {
  simdjson::dom::array array;
  if (object_[key].get(array) != simdjson::SUCCESS) {
    Fail(key, "is not an array");
    static simdjson::dom::parser parser;
    static const simdjson::dom::array empty = parser.parse(std::string_view("[]")).value().get_array().value();
    return empty;
  }
  return array;
}
JsonIn::Object JsonIn::Fields(std::string_view key) {
  Object object;
  if (object_[key].get(object) != simdjson::SUCCESS) {
    Fail(key, "is not an object");
    static simdjson::dom::parser parser;
    static const Object empty = parser.parse(std::string_view("{}")).value().get_object().value();
    return empty;
  }
  return object;
}
std::string JsonIn::TextOf(Element element) {
  std::string_view value;
  if (element.get(value) != simdjson::SUCCESS) Fail("element", "is not a string");
  return std::string(value);
}

Result<JsonIn> JsonText::Parse(std::string_view text) {
  simdjson::dom::object object;
  if (parser_.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) {
    return Error(ErrorCode::kCorruption, "A catalog record is not a JSON object");
  }
  return JsonIn(object);
}

}  // namespace insula::tenancy
