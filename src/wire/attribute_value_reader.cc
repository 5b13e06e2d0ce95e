// DecodeValue and DecodeItem: the validation of values, in DynamoDB's words.
#include <algorithm>
#include <map>
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

constexpr std::size_t kNameSizeMax = 65535;

bool HasNull(JsonValue json) {
  for (JsonValue element : json.elements()) {
    if (element.is_null()) return true;
  }
  return false;
}

template <class T>
bool SortAndFindDuplicate(std::vector<T>* elements) {
  std::sort(elements->begin(), elements->end());
  return std::adjacent_find(elements->begin(), elements->end()) != elements->end();
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

class Decoder {
 public:
  explicit Decoder(ValueForm form) : older_(form == ValueForm::kOlder) {}

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
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
          "datatypes");
    }
    return decoded;
  }

  Result<AttributeMap> DecodeMembers(JsonValue json, std::size_t level) {
    std::vector<AttributeMap::Entry> entries;
    entries.reserve(json.size());
    for (auto [name, value] : json.members()) {
      if (level > 1 && names_.ok()) names_ = CheckAttributeName(name);
      INSULA_ASSIGN(AttributeValue decoded, Decode(value, level));
      entries.emplace_back(std::string(name), std::move(decoded));
    }
    return AttributeMap::FromUnsorted(std::move(entries));
  }

  // What is wrong with a name in an inner map, which comes after everything that is wrong with a value.
  Result<void> CheckInnerNames() { return std::move(names_); }

 private:
  Result<Number> DecodeNumber(std::string_view text) const {
    return Number::Parse(text, older_ ? NumberForm::kOlder : NumberForm::kCurrent);
  }

  // A set that has a member twice. In the current form its members are quoted, and sorted by their bytes as far as none
  // is repeated.
  std::string CollectionText(JsonValue json, bool binary) const {
    std::vector<std::string_view> texts;
    for (JsonValue element : json.elements()) texts.push_back(element.string());
    if (!older_) {
      std::map<std::string, std::string_view> sorted;
      for (const std::string_view text : texts) {
        if (!sorted.emplace(binary ? DecodeBase64(text) : std::string(text), text).second) break;
      }
      auto place = texts.begin();
      for (const auto& [bytes, text] : sorted) *place++ = text;
    }
    std::string all = "[";
    for (const std::string_view text : texts) {
      if (all.size() > 1) all += binary && !older_ ? "," : ", ";
      if (!older_) all += '"';
      all += text;
      if (!older_) all += '"';
    }
    return all + "]";
  }

  Result<AttributeValue> DecodeStringSet(JsonValue json) const {
    if (json.empty()) return InvalidParameter("An string set  may not be empty");
    if (HasNull(json)) return InvalidParameter("An string set may not have a null string as a member");
    StringSet set;
    for (JsonValue element : json.elements()) set.elements.emplace_back(element.string());
    if (SortAndFindDuplicate(&set.elements)) {
      return InvalidParameter("Input collection " + CollectionText(json, false) + " contains duplicates.");
    }
    return AttributeValue(AttributeValue::Variant(std::move(set)));
  }

  Result<AttributeValue> DecodeNumberSet(JsonValue json) const {
    if (json.empty()) return InvalidParameter("An number set  may not be empty");
    NumberSet set;
    for (JsonValue element : json.elements()) {
      INSULA_ASSIGN(Number number, DecodeNumber(element.is_null() ? std::string_view() : element.string()));
      set.elements.push_back(number);
    }
    if (SortAndFindDuplicate(&set.elements)) {
      return older_ ? ValidationError("Input collection contains duplicates")
                    : InvalidParameter("Input collection contains duplicates.");
    }
    return AttributeValue(AttributeValue::Variant(std::move(set)));
  }

  Result<AttributeValue> DecodeBinarySet(JsonValue json) const {
    if (json.empty()) return InvalidParameter("Binary sets should not be empty");
    if (HasNull(json)) return InvalidParameter("An binary set may not have a null binary as a member");
    BinarySet set;
    for (JsonValue element : json.elements()) set.elements.push_back({DecodeBase64(element.string())});
    if (SortAndFindDuplicate(&set.elements)) {
      return InvalidParameter("Input collection " + CollectionText(json, true) + "of type BS contains duplicates.");
    }
    return AttributeValue(AttributeValue::Variant(std::move(set)));
  }

  Result<AttributeValue> DecodeTyped(std::string_view type, JsonValue json, std::size_t level) {
    if (type == "S") return AttributeValue::S(std::string(json.string()));
    if (type == "N") {
      INSULA_ASSIGN(Number number, DecodeNumber(json.string()));
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

  bool older_;
  Result<void> names_;
};

}  // namespace

Result<void> CheckAttributeName(std::string_view name) {
  if (name.empty()) return ValidationError("Empty attribute name");
  if (name.size() > kNameSizeMax) {
    return ValidationError("Attribute name is too large, must be less than 65536 bytes");
  }
  return {};
}

Result<AttributeValue> DecodeValue(JsonValue json, ValueForm form) {
  Decoder decoder(form);
  INSULA_ASSIGN(AttributeValue value, decoder.Decode(json, 1));
  INSULA_TRY(decoder.CheckInnerNames());
  return value;
}

Result<AttributeMap> DecodeItem(JsonValue json, ValueForm form) {
  if (json.is_null()) return AttributeMap();
  for (auto [name, value] : json.members()) INSULA_TRY(CheckAttributeName(name));
  Decoder decoder(form);
  INSULA_ASSIGN(AttributeMap item, decoder.DecodeMembers(json, 1));
  INSULA_TRY(decoder.CheckInnerNames());
  return item;
}

}  // namespace insula::wire
