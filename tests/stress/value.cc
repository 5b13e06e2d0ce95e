#include "tests/stress/value.h"

#include <charconv>

#include <fmt/format.h>

namespace insula::stress {
namespace {

Value ValueFrom(simdjson::dom::element element) {
  simdjson::dom::object object;
  Value other{Value::kOther, simdjson::minify(element), 0, {}};
  if (element.get(object) != simdjson::SUCCESS || object.size() != 1) return other;
  const auto field = *object.begin();
  std::string_view text;
  if (field.key == "S" && field.value.get(text) == simdjson::SUCCESS) return Value::Text(std::string(text));
  if (field.key == "N" && field.value.get(text) == simdjson::SUCCESS) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return Value::Number(number);
  }
  bool truth = false;
  if (field.key == "BOOL" && field.value.get(truth) == simdjson::SUCCESS) return Value::Boolean(truth);
  simdjson::dom::array array;
  if (field.key == "SS" && field.value.get(array) == simdjson::SUCCESS) {
    std::set<std::string> set;
    for (simdjson::dom::element member : array) {
      if (member.get(text) != simdjson::SUCCESS) return other;
      set.emplace(text);
    }
    if (set.size() == array.size()) return Value::Set(std::move(set));
  }
  return other;
}

}  // namespace

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out += '"';
}

std::string JsonOf(const Value& value) {
  switch (value.type) {
    case Value::kText:
      return "{\"S\":" + Quoted(value.text) + "}";
    case Value::kNumber:
      return fmt::format("{{\"N\":\"{}\"}}", value.number);
    case Value::kBoolean:
      return fmt::format("{{\"BOOL\":{}}}", value.number != 0);
    case Value::kTextSet: {
      std::string out;
      for (const std::string& member : value.set) out += (out.empty() ? "" : ",") + Quoted(member);
      return "{\"SS\":[" + out + "]}";
    }
    case Value::kOther:
      break;
  }
  return value.text;
}

std::string JsonOf(const Item& item) {
  std::string out;
  for (const auto& [name, value] : item) {
    out += (out.empty() ? "{" : ",") + Quoted(name) + ":" + JsonOf(value);
  }
  return out.empty() ? "{}" : out + "}";
}

std::string Shown(const std::optional<Item>& item) {
  if (!item) return "no item";
  Item cut = *item;
  for (auto& [name, value] : cut) {
    if (value.text.size() > 60) value.text = fmt::format("{}… ({} bytes)", value.text.substr(0, 24), value.text.size());
  }
  return JsonOf(cut);
}

Json::Json(std::string_view text) { ok_ = parser_.parse(text.data(), text.size()).get(root_) == simdjson::SUCCESS; }

std::optional<simdjson::dom::element> Json::At(std::initializer_list<std::string_view> path) const {
  if (!ok_) return std::nullopt;
  simdjson::dom::element at = root_;
  for (const std::string_view name : path) {
    if (at[name].get(at) != simdjson::SUCCESS) return std::nullopt;
  }
  return at;
}

std::string Json::TextAt(std::initializer_list<std::string_view> path) const {
  const auto at = At(path);
  std::string_view text;
  if (!at || at->get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

std::optional<std::int64_t> Json::NumberAt(std::initializer_list<std::string_view> path) const {
  const auto at = At(path);
  std::int64_t number = 0;
  if (!at || at->get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

std::optional<Item> Json::ItemAt(std::initializer_list<std::string_view> path) const {
  const auto at = At(path);
  if (!at) return std::nullopt;
  return ItemFrom(*at);
}

Item ItemFrom(simdjson::dom::element element) {
  Item item;
  simdjson::dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return item;
  for (const auto field : object) item.emplace(std::string(field.key), ValueFrom(field.value));
  return item;
}

std::string TextIn(simdjson::dom::element object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

}  // namespace insula::stress
