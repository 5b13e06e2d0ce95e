#include "api/query/element.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "base/utf8.h"

namespace insula::api::query {

namespace {

// https://www.w3.org/TR/xml/#charsets: neither most control characters nor U+FFFE and U+FFFF.
bool IsOfXml(std::string_view character) {
  const char first = character.front();
  if (character.size() == 1)
    return static_cast<unsigned char>(first) >= 0x20 || first == '\t' || first == '\n' || first == '\r';
  return character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";
}

}  // namespace

// pugixml takes what ends with a zero byte, which no text of XML has.
Element Element::Add(std::string_view name) { return Element(node_.append_child(std::string(name).c_str())); }

void Element::Text(std::string_view name, std::string_view value) {
  std::string text;
  text.reserve(value.size());
  while (!value.empty()) {
    const std::size_t length = Utf8SequenceAt(value);
    const std::string_view character = value.substr(0, std::max<std::size_t>(length, 1));
    if (length != 0 && IsOfXml(character)) text += character;
    value.remove_prefix(character.size());
  }
  node_.append_child(std::string(name).c_str()).append_child(pugi::node_pcdata).set_value(text.c_str());
}

void Element::Number(std::string_view name, std::int64_t value) { Text(name, fmt::to_string(value)); }

void Element::Boolean(std::string_view name, bool value) { Text(name, value ? "true" : "false"); }

void Element::Time(std::string_view name, WallTime value) {
  Text(name, fmt::format("{:%FT%TZ}", std::chrono::floor<std::chrono::seconds>(value)));
}

}  // namespace insula::api::query
