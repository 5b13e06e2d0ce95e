// DecodeValue and DecodeItem: the validation of values, in DynamoDB's words.
#include <algorithm>
#include <vector>

#include "base/check.h"
#include "wire/attribute_value_json.h"
#include "wire/base64.h"
#include "wire/coerce.h"

namespace insula::wire {
namespace {

Error InvalidParameter(std::string_view what) {
  return ValidationError("One or more parameter values were invalid: " + std::string(what));
}

Result<AttributeValue> Decode(JsonValue json, std::size_t level);

Result<AttributeMap> DecodeMembers(JsonValue json, std::size_t level) {
  std::vector<AttributeMap::Entry> entries;
  entries.reserve(json.size());
  for (auto [name, value] : json.members()) {
    INSULA_ASSIGN(AttributeValue decoded, Decode(value, level));
    entries.emplace_back(std::string(name), std::move(decoded));
  }
  return AttributeMap::FromUnsorted(std::move(entries));
}

// "[a, b]" from the elements as the request wrote them.
std::string CollectionText(JsonValue json) {
  std::string text = "[";
  for (JsonValue element : json.elements()) {
    if (text.size() > 1) text += ", ";
    text += element.string();
  }
  return text + "]";
}

template <class T>
bool SortAndFindDuplicate(std::vector<T>* elements) {
  std::sort(elements->begin(), elements->end());
  return std::adjacent_find(elements->begin(), elements->end()) != elements->end();
}

bool HasNull(JsonValue json) {
  for (JsonValue element : json.elements()) {
    if (element.is_null()) return true;
  }
  return false;
}

Result<AttributeValue> DecodeStringSet(JsonValue json) {
  if (json.empty()) return InvalidParameter("An string set  may not be empty");
  if (HasNull(json)) return InvalidParameter("An string set may not have a null string as a member");
  StringSet set;
  for (JsonValue element : json.elements()) set.elements.emplace_back(element.string());
  if (SortAndFindDuplicate(&set.elements)) {
    return InvalidParameter("Input collection " + CollectionText(json) + " contains duplicates.");
  }
  return AttributeValue(AttributeValue::Variant(std::move(set)));
}

Result<AttributeValue> DecodeNumberSet(JsonValue json) {
  if (json.empty()) return InvalidParameter("An number set  may not be empty");
  NumberSet set;
  for (JsonValue element : json.elements()) {
    INSULA_ASSIGN(Number number, Number::Parse(element.is_null() ? std::string_view() : element.string()));
    set.elements.push_back(number);
  }
  if (SortAndFindDuplicate(&set.elements)) return ValidationError("Input collection contains duplicates");
  return AttributeValue(AttributeValue::Variant(std::move(set)));
}

Result<AttributeValue> DecodeBinarySet(JsonValue json) {
  if (json.empty()) return InvalidParameter("Binary sets should not be empty");
  if (HasNull(json)) return InvalidParameter("An binary set may not have a null binary as a member");
  BinarySet set;
  for (JsonValue element : json.elements()) set.elements.push_back({DecodeBase64(element.string())});
  if (SortAndFindDuplicate(&set.elements)) {
    return InvalidParameter("Input collection " + CollectionText(json) + "of type BS contains duplicates.");
  }
  return AttributeValue(AttributeValue::Variant(std::move(set)));
}

Result<AttributeValue> DecodeTyped(std::string_view type, JsonValue json, std::size_t level) {
  if (type == "S") return AttributeValue::S(std::string(json.string()));
  if (type == "N") {
    INSULA_ASSIGN(Number number, Number::Parse(json.string()));
    return AttributeValue::N(number);
  }
  if (type == "B") return AttributeValue::B(DecodeBase64(json.string()));
  if (type == "BOOL") return AttributeValue::Bool(BooleanFrom(json));
  if (type == "NULL") {
    if (!BooleanFrom(json)) return InvalidParameter("Null attribute value types must have the value of true");
    return AttributeValue::NullValue();
  }
  if (type == "SS") return DecodeStringSet(json);
  if (type == "NS") return DecodeNumberSet(json);
  if (type == "BS") return DecodeBinarySet(json);
  if (type == "L") {
    AttributeList list;
    list.reserve(json.size());
    for (JsonValue element : json.elements()) {
      INSULA_ASSIGN(AttributeValue value, Decode(element, level + 1));
      list.push_back(std::move(value));
    }
    return AttributeValue::L(std::move(list));
  }
  INSULA_CHECK(type == "M");
  INSULA_ASSIGN(AttributeMap map, DecodeMembers(json, level + 1));
  return AttributeValue::M(std::move(map));
}

bool IsType(std::string_view name) {
  switch (name.size()) {
    case 1:
      return name == "S" || name == "N" || name == "B" || name == "L" || name == "M";
    case 2:
      return name == "SS" || name == "NS" || name == "BS";
    default:
      return name == "BOOL" || name == "NULL";
  }
}

Result<AttributeValue> Decode(JsonValue json, std::size_t level) {
  if (level > kNestingLevelsMax) {
    return ValidationError(
        "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported "
        "limit");
  }
  std::string_view seen;
  bool several = false;
  AttributeValue decoded;
  if (!json.is_null()) {
    for (auto [name, value] : json.members()) {
      if (value.is_null() || !IsType(name)) continue;
      INSULA_ASSIGN(decoded, DecodeTyped(name, value, level));
      if (!seen.empty() && seen != name) several = true;
      seen = name;
    }
  }
  if (seen.empty()) {
    return ValidationError("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  if (several) {
    return ValidationError(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes");
  }
  return decoded;
}

}  // namespace

Result<AttributeValue> DecodeValue(JsonValue json) { return Decode(json, 1); }

Result<AttributeMap> DecodeItem(JsonValue json) {
  if (json.is_null()) return AttributeMap();
  return DecodeMembers(json, 1);
}

}  // namespace insula::wire
