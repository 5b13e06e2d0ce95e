#include "api/query/element.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

namespace insula::api::query {

// pugixml takes what ends with a zero byte, which no text of XML has.
Element Element::Add(std::string_view name) { return Element(node_.append_child(std::string(name).c_str())); }

void Element::Text(std::string_view name, std::string_view value) {
  std::string text;
  text.reserve(value.size());
  for (const char c : value) {
    const bool is_control = static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (!is_control) text += c;
  }
  node_.append_child(std::string(name).c_str()).append_child(pugi::node_pcdata).set_value(text.c_str());
}

void Element::Number(std::string_view name, std::int64_t value) { Text(name, fmt::to_string(value)); }

void Element::Boolean(std::string_view name, bool value) { Text(name, value ? "true" : "false"); }

void Element::Time(std::string_view name, WallTime value) {
  Text(name, fmt::format("{:%FT%TZ}", std::chrono::floor<std::chrono::seconds>(value)));
}

}  // namespace insula::api::query
