#include "wire/json_reader.h"

#include <simdjson.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/check.h"

namespace insula::wire {
namespace {

namespace dom = simdjson::dom;

static_assert(sizeof(dom::element) == sizeof(internal::JsonPlace) && std::is_trivially_copyable_v<dom::element>);
static_assert(sizeof(dom::array::iterator) == sizeof(internal::JsonPlace));
static_assert(sizeof(dom::object::iterator) == sizeof(internal::JsonPlace));

template <class To>
To At(internal::JsonPlace place) {
  static_assert(std::is_trivially_copyable_v<To>);
  return std::bit_cast<To>(place);
}
template <class From>
internal::JsonPlace PlaceOf(From from) {
  static_assert(std::is_trivially_copyable_v<From>);
  return std::bit_cast<internal::JsonPlace>(from);
}

std::int64_t Saturate(double value) {
  value = std::floor(value);
  if (value >= 9223372036854775808.0) return std::numeric_limits<std::int64_t>::max();
  if (value < -9223372036854775808.0) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

// DynamoDB says no more than the exception's name about JSON it can't read.
Error NotJson() { return {ErrorCode::kSerialization, ""}; }

constexpr std::size_t kKeptParsersMax = 4;                  // per thread
constexpr std::size_t kKeptParserCapacityMax = 128 * 1024;  // bytes of text, which take 14 times that; larger ones go

std::vector<std::unique_ptr<dom::parser>>& IdleParsers() {
  thread_local std::vector<std::unique_ptr<dom::parser>> parsers;
  return parsers;
}

}  // namespace

JsonType JsonValue::type() const {
  if (place_.document == nullptr) return JsonType::kNull;
  switch (At<dom::element>(place_).type()) {
    case dom::element_type::ARRAY:
      return JsonType::kArray;
    case dom::element_type::OBJECT:
      return JsonType::kObject;
    case dom::element_type::INT64:
    case dom::element_type::UINT64:
      return JsonType::kInteger;
    case dom::element_type::DOUBLE:
      return JsonType::kDecimal;
    case dom::element_type::STRING:
      return JsonType::kString;
    case dom::element_type::BOOL:
      return JsonType::kBoolean;
    case dom::element_type::NULL_VALUE:
      return JsonType::kNull;
  }
  return JsonType::kNull;
}

bool JsonValue::boolean() const { return At<dom::element>(place_).get_bool().value_unsafe(); }

std::int64_t JsonValue::integer() const {
  const auto element = At<dom::element>(place_);
  switch (element.type()) {
    case dom::element_type::INT64:
      return element.get_int64().value_unsafe();
    case dom::element_type::UINT64:
      return std::numeric_limits<std::int64_t>::max();
    default:
      return Saturate(element.get_double().value_unsafe());
  }
}

double JsonValue::decimal() const { return At<dom::element>(place_).get_double().value_unsafe(); }

std::string_view JsonValue::string() const { return At<dom::element>(place_).get_string().value_unsafe(); }

std::size_t JsonValue::size() const {
  if (is_null()) return 0;
  const auto element = At<dom::element>(place_);
  if (element.type() == dom::element_type::ARRAY) {
    const dom::array array = element.get_array().value_unsafe();
    const std::size_t count = array.size();
    if (count < 0xFFFFFF) return count;  // where simdjson's count saturates
    return static_cast<std::size_t>(std::distance(array.begin(), array.end()));
  }
  return element.get_object().value_unsafe().size();
}

JsonValue::Elements JsonValue::elements() const {
  if (is_null()) return {{}, {}};
  const dom::array array = At<dom::element>(place_).get_array().value_unsafe();
  return {PlaceOf(array.begin()), PlaceOf(array.end())};
}

JsonValue::Members JsonValue::members() const {
  if (is_null()) return {{}, {}};
  const dom::object object = At<dom::element>(place_).get_object().value_unsafe();
  return {PlaceOf(object.begin()), PlaceOf(object.end())};
}

JsonValue JsonValue::Member(std::string_view name) const {
  JsonValue found;
  for (auto [key, value] : members()) {
    if (key == name) found = value;
  }
  return found;
}

JsonValue::Elements::iterator& JsonValue::Elements::iterator::operator++() {
  place_ = PlaceOf(++At<dom::array::iterator>(place_));
  return *this;
}

JsonValue::Members::iterator::value_type JsonValue::Members::iterator::operator*() const {
  const auto it = At<dom::object::iterator>(place_);
  return {it.key(), JsonValue(PlaceOf(it.value()))};
}

JsonValue::Members::iterator& JsonValue::Members::iterator::operator++() {
  place_ = PlaceOf(++At<dom::object::iterator>(place_));
  return *this;
}

struct JsonDocument::State {
  State() {
    auto& idle = IdleParsers();
    if (idle.empty()) {
      parser = std::make_unique<dom::parser>(kJsonSizeMax);
    } else {
      parser = std::move(idle.back());
      idle.pop_back();
    }
  }
  ~State() {
    auto& idle = IdleParsers();
    if (idle.size() < kKeptParsersMax && parser->capacity() <= kKeptParserCapacityMax)
      idle.push_back(std::move(parser));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::unique_ptr<dom::parser> parser;
};

JsonDocument::JsonDocument(std::unique_ptr<State> state, JsonValue root) : state_(std::move(state)), root_(root) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::Parse(std::string_view text) {
  if (text.size() > kJsonSizeMax) return NotJson();
  auto state = std::make_unique<State>();
  if (state->parser->max_depth() != kJsonDepthMax &&
      state->parser->allocate(std::max<std::size_t>(text.size(), 4096), kJsonDepthMax) != simdjson::SUCCESS) {
    return NotJson();
  }
  dom::element root;
  if (state->parser->parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return NotJson();
  return JsonDocument(std::move(state), JsonValue(PlaceOf(root)));
}

}  // namespace insula::wire
