// Writes a record's list of fields (field_codec.h) as a JSON object.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/crypto.h"
#include "model/ids.h"
#include "records/field_codec.h"
#include "records/json_writer.h"

namespace insula::records {

class FieldWriter {
 public:
  static constexpr bool kReads = false;

  // Begins the object; Take() ends it.
  FieldWriter() { json_.Begin('{'); }
  std::string Take() {
    json_.End('}');
    return json_.Take();
  }

  // A member that is always there.
  template <class T>
  void Field(std::string_view key, const T& value) {
    json_.Key(key);
    Write(value);
  }
  // One that is there if it has a value.
  template <class T>
  void Field(std::string_view key, const std::optional<T>& value) {
    if (value) Field(key, *value);
  }
  // One that is left out where it says nothing.
  template <class T>
  void FieldIf(bool says_something, std::string_view key, const T& value) {
    if (says_something) Field(key, value);
  }
  // One that older programs left out, where it meant `fallback`.
  template <class T>
  void FieldOr(std::string_view key, const T& value, const T&) {
    Field(key, value);
  }
  // An enum's value by its number. `last` is the enum's last one.
  template <class Enum>
  void Number(std::string_view key, Enum value, Enum /*last*/) {
    json_.Key(key).Number(static_cast<std::int64_t>(value));
  }
  // S, N or B.
  template <class Enum>
  void KeyType(std::string_view key, Enum type) {
    Field(key, type);
  }
  // Written as an empty text where there is none.
  void Tenant(std::string_view key, const std::optional<TenantId>& tenant) { json_.Key(key).Text(TextOf(tenant)); }
  // Bytes as hexadecimal digits; left out where there are none.
  void Hex(std::string_view key, const std::string& bytes) {
    if (!bytes.empty()) json_.Key(key).Text(HexOf(bytes));
  }

  void Fail(std::string_view /*key*/, std::string_view /*why*/) {}  // what is written is right

 private:
  template <class T>
  void Write(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      json_.Flag(value);
    } else if constexpr (std::is_same_v<T, std::string>) {
      json_.Text(value);
    } else if constexpr (std::is_integral_v<T>) {
      json_.Number(static_cast<std::int64_t>(value));
    } else if constexpr (std::is_same_v<T, WallTime>) {
      json_.Number(value.time_since_epoch().count());  // microseconds since 1970
    } else if constexpr (std::is_enum_v<T>) {
      json_.Text(NameOf(value));
    } else if constexpr (kIsStrongId<T>) {
      Write(value.value());
    } else if constexpr (kIsShared<T>) {
      Write(*value);
    } else if constexpr (kIsArray<T>) {
      json_.Begin('[');
      for (const auto& element : value) Write(element);
      json_.End(']');
    } else {
      json_.Begin('{');
      if constexpr (kIsObjectByName<T>) {
        for (const auto& [name, member] : value) Field(name, member);
      } else {
        Fields(*this, value);
      }
      json_.End('}');
    }
  }

  JsonWriter json_;
};

}  // namespace insula::records
