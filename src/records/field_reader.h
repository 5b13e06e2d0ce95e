// Reads a record's list of fields (field_codec.h) from a JSON object. It remembers the first member that was missing or
// of another type; what is read after that means nothing.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/enum_names.h"
#include "base/result.h"
#include "model/ids.h"
#include "records/field_codec.h"

namespace insula::records {

class FieldReader {
 public:
  using JsonObject = simdjson::dom::object;
  using JsonElement = simdjson::simdjson_result<simdjson::dom::element>;

  static constexpr bool kReads = true;

  // The first failure goes to `*failure`, which outlives the reader.
  FieldReader(JsonObject object, std::optional<Error>* failure) : object_(object), failure_(failure) {}

  template <class T>
  void Field(std::string_view key, T& value) {
    Read(key, object_[key], &value);
  }
  template <class T>
  void Field(std::string_view key, std::optional<T>& value) {
    if (Has(key)) Field(key, value.emplace());
  }
  template <class T>
  void FieldIf(bool /*says_something*/, std::string_view key, T& value) {
    if (Has(key)) Field(key, value);
  }
  template <class T>
  void FieldOr(std::string_view key, T& value, const T& fallback) {
    value = fallback;
    if (Has(key)) Field(key, value);
  }
  template <class Enum>
  void Number(std::string_view key, Enum& value, Enum last) {
    const std::int64_t number = Integer(key, object_[key]);
    if (number < 0 || number > static_cast<std::int64_t>(last)) return Fail(key, "has an unknown value");
    value = static_cast<Enum>(number);
  }
  template <class Enum>
  void KeyType(std::string_view key, Enum& type) {
    const std::optional<Enum> read = FromName<Enum>(Text(key, object_[key]));
    if (!read || (*read != Enum::kS && *read != Enum::kN && *read != Enum::kB)) return Fail(key, "is not a key type");
    type = *read;
  }
  void Tenant(std::string_view key, std::optional<TenantId>& tenant) {
    tenant = TenantFromText(std::string(Text(key, object_[key])));
  }
  void Hex(std::string_view key, std::string& bytes);

  bool Has(std::string_view key) const { return object_[key].error() == simdjson::SUCCESS; }
  void Fail(std::string_view key, std::string_view why);

 private:
  // What failures call a part of an array, or of an object whose keys are data.
  static constexpr std::string_view kElement = "element";

  std::string_view Text(std::string_view key, JsonElement from);
  std::int64_t Integer(std::string_view key, JsonElement from);
  bool Flag(std::string_view key, JsonElement from);

  template <class T>
  void Read(std::string_view key, JsonElement from, T* value) {
    if constexpr (std::is_same_v<T, bool>) {
      *value = Flag(key, from);
    } else if constexpr (std::is_same_v<T, std::string>) {
      *value = Text(key, from);
    } else if constexpr (std::is_integral_v<T>) {
      *value = static_cast<T>(Integer(key, from));
    } else if constexpr (std::is_same_v<T, WallTime>) {
      *value = WallTime(std::chrono::microseconds(Integer(key, from)));
    } else if constexpr (std::is_enum_v<T>) {
      const std::optional<T> read = FromName<T>(Text(key, from));
      if (!read) return Fail(key, "has an unknown value");
      *value = *read;
    } else if constexpr (kIsStrongId<T>) {
      std::remove_cvref_t<decltype(value->value())> read{};
      Read(key, from, &read);
      *value = T(std::move(read));
    } else if constexpr (kIsShared<T>) {
      auto read = std::make_shared<std::remove_const_t<typename T::element_type>>();
      Read(key, from, read.get());
      *value = std::move(read);
    } else if constexpr (kIsArray<T>) {
      simdjson::dom::array array;
      if (from.get(array) != simdjson::SUCCESS) return Fail(key, "is not an array");
      for (auto element : array) Read(kElement, JsonElement(std::move(element)), &value->emplace_back());
    } else {
      JsonObject object;
      if (from.get(object) != simdjson::SUCCESS) return Fail(key, "is not an object");
      if constexpr (kIsObjectByName<T>) {
        for (auto field : object) {
          typename T::mapped_type member;
          Read(kElement, JsonElement(std::move(field.value)), &member);
          value->emplace(field.key, std::move(member));
        }
      } else {
        FieldReader inner(object, failure_);
        Fields(inner, *value);
      }
    }
  }

  JsonObject object_;
  std::optional<Error>* failure_;
};

}  // namespace insula::records
