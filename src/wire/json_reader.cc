#include "wire/json_reader.h"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
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

// Objects with more members are looked into by an index of their names, made when somebody first asks: whoever goes
// through a million members for each of an operation's fields has a second's work.
constexpr std::size_t kMembersScannedMax = 32;

struct NamedValue {
  std::string_view name;
  JsonValue value;
};

// A document, and the indexes of its large objects: members by name, those of one name in the order of the text.
struct IndexedDocument : dom::document {
  mutable std::map<std::size_t, std::vector<NamedValue>> indexes;  // by where in the document the object is
};

struct Parsed {
  std::unique_ptr<dom::parser> parser = std::make_unique<dom::parser>(kJsonSizeMax);
  IndexedDocument document;
};

constexpr std::size_t kKeptMax = 4;                   // per thread
constexpr std::size_t kKeptCapacityMax = 128 * 1024;  // bytes of text, which take 14 times that; larger ones go

std::vector<std::unique_ptr<Parsed>>& Idle() {
  thread_local std::vector<std::unique_ptr<Parsed>> idle;
  return idle;
}

const std::vector<NamedValue>& IndexOf(const internal::JsonPlace& place, JsonValue object) {
  // All documents that there are places in were made here.
  const auto* document = static_cast<const IndexedDocument*>(static_cast<const dom::document*>(place.document));
  const auto [known, is_new] = document->indexes.try_emplace(place.index);
  std::vector<NamedValue>& index = known->second;
  if (is_new) {
    for (const auto& [name, value] : object.members()) index.push_back({name, value});
    // Of one name the first comes first: the texts lie in the document's buffer in the order of the members.
    std::ranges::sort(index, {}, [](const NamedValue& named) { return std::pair(named.name, named.name.data()); });
  }
  return index;
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
  if (size() > kMembersScannedMax) {
    const std::vector<NamedValue>& index = IndexOf(place_, *this);
    const auto after = std::ranges::upper_bound(index, name, {}, &NamedValue::name);
    return after != index.begin() && std::prev(after)->name == name ? std::prev(after)->value : JsonValue();
  }
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
    auto& idle = Idle();
    if (idle.empty()) {
      parsed = std::make_unique<Parsed>();
    } else {
      parsed = std::move(idle.back());
      idle.pop_back();
    }
  }
  ~State() {
    auto& idle = Idle();
    if (parsed->parser == nullptr || parsed->parser->capacity() > kKeptCapacityMax || idle.size() >= kKeptMax) return;
    parsed->document.indexes.clear();
    idle.push_back(std::move(parsed));
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::unique_ptr<Parsed> parsed;
};

JsonDocument::JsonDocument(std::unique_ptr<State> state, JsonValue root) : state_(std::move(state)), root_(root) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::Parse(std::string_view text) {
  if (text.size() > kJsonSizeMax) return NotJson();
  auto state = std::make_unique<State>();
  dom::parser& parser = *state->parsed->parser;
  if (parser.max_depth() != kJsonDepthMax &&
      parser.allocate(std::max<std::size_t>(text.size(), 4096), kJsonDepthMax) != simdjson::SUCCESS) {
    return NotJson();
  }
  dom::element root;
  if (parser.parse_into_document(state->parsed->document, text.data(), text.size()).get(root) != simdjson::SUCCESS) {
    return NotJson();
  }
  // The document lives without its parser, which holds as much again.
  if (parser.capacity() > kKeptCapacityMax) state->parsed->parser.reset();
  return JsonDocument(std::move(state), JsonValue(PlaceOf(root)));
}

}  // namespace insula::wire
