// Items as the oracle has them, and as JSON says them. Nothing here is the server's own code: an item is a map of names
// to values of four types, and its JSON is written and read apart from wire/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <simdjson.h>

namespace insula::stress {

struct Value {
  enum Type : std::uint8_t { kText, kNumber, kTextSet, kBoolean, kOther };
  Type type = kText;
  std::string text;  // kOther: the JSON, which no item of the oracle's has
  std::int64_t number = 0;
  std::set<std::string> set;

  static Value Text(std::string text) { return {kText, std::move(text), 0, {}}; }
  static Value Number(std::int64_t number) { return {kNumber, {}, number, {}}; }
  static Value Set(std::set<std::string> set) { return {kTextSet, {}, 0, std::move(set)}; }
  static Value Boolean(bool value) { return {kBoolean, {}, value ? 1 : 0, {}}; }
  auto operator<=>(const Value&) const = default;  // DynamoDB's order for two texts and for two numbers
};

using Item = std::map<std::string, Value>;

std::string Quoted(std::string_view text);           // as a JSON string
std::string JsonOf(const Value& value);              // {"S":"x"}
std::string JsonOf(const Item& item);                // {"pk":{"S":"x"},…}
std::string Shown(const std::optional<Item>& item);  // for people: long texts are cut

// A parsed answer. The parser is the document's owner.
class Json {
 public:
  explicit Json(std::string_view text);
  bool ok() const { return ok_; }
  simdjson::dom::element root() const { return root_; }
  // The member at this path of names, if it is there.
  std::optional<simdjson::dom::element> At(std::initializer_list<std::string_view> path) const;
  std::string TextAt(std::initializer_list<std::string_view> path) const;  // empty if there is none
  std::optional<std::int64_t> NumberAt(std::initializer_list<std::string_view> path) const;
  std::optional<Item> ItemAt(std::initializer_list<std::string_view> path) const;

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  bool ok_ = false;
};

Item ItemFrom(simdjson::dom::element element);
std::string TextIn(simdjson::dom::element object, std::string_view name);  // empty if there is none

}  // namespace insula::stress
