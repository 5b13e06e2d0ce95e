// DynamoDB's attribute values as a tree: what expressions evaluate and updates change.
// The stored form is EncodedItem (encoded_item.h); the JSON form belongs to wire/.
#pragma once

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/number.h"

namespace insula {

class AttributeValue;

enum class AttributeType : std::uint8_t { kS, kN, kB, kBool, kNull, kSS, kNS, kBS, kL, kM };

std::string_view NameOf(AttributeType type);                // "S", "N", … "M" as on the wire
std::span<const std::string_view> AllNames(AttributeType);  // base/enum_names.h

// Attributes by name, unique, kept in byte order of the name.
class AttributeMap {
 public:
  using Entry = std::pair<std::string, AttributeValue>;

  AttributeMap();
  AttributeMap(std::initializer_list<Entry> entries);
  // In any order; of several entries with one name the last stays.
  static AttributeMap FromUnsorted(std::vector<Entry> entries);
  AttributeMap(const AttributeMap&);
  AttributeMap(AttributeMap&&) noexcept;
  AttributeMap& operator=(const AttributeMap&);
  AttributeMap& operator=(AttributeMap&&) noexcept;
  ~AttributeMap();

  const AttributeValue* Find(std::string_view name) const;  // nullptr if absent
  AttributeValue* Find(std::string_view name);
  void Set(std::string name, AttributeValue value);  // inserts or replaces
  bool Erase(std::string_view name);
  // The same for many names, in one pass over the map: a Set or an Erase alone moves all that come after it.
  // Precondition: in order, each name once.
  void SetAll(std::vector<Entry> entries);
  void EraseAll(const std::vector<std::string_view>& names);
  std::size_t size() const;
  bool empty() const { return size() == 0; }
  std::vector<Entry>::const_iterator begin() const;
  std::vector<Entry>::const_iterator end() const;
  std::vector<Entry>::iterator begin();
  std::vector<Entry>::iterator end();
  bool operator==(const AttributeMap&) const;

 private:
  std::vector<Entry> entries_;
};

using AttributeList = std::vector<AttributeValue>;

struct Binary {  // raw bytes, apart from text
  std::string bytes;
  auto operator<=>(const Binary&) const = default;
};
struct Null {
  auto operator<=>(const Null&) const = default;
};
// Sets hold unique elements in ascending order; empty sets don't exist in DynamoDB (checked at the edge).
struct StringSet {
  std::vector<std::string> elements;
  bool operator==(const StringSet&) const = default;
};
struct NumberSet {
  std::vector<Number> elements;
  bool operator==(const NumberSet&) const = default;
};
struct BinarySet {
  std::vector<Binary> elements;
  bool operator==(const BinarySet&) const = default;
};

// A regular value type. Alternatives are in the order of AttributeType.
class AttributeValue {
 public:
  using Variant = std::variant<std::string, Number, Binary, bool, Null, StringSet, NumberSet, BinarySet, AttributeList,
                               AttributeMap>;

  AttributeValue() : v_(Null{}) {}
  explicit AttributeValue(Variant v) : v_(std::move(v)) {}
  static AttributeValue S(std::string s) { return AttributeValue(Variant(std::in_place_index<0>, std::move(s))); }
  static AttributeValue N(Number n) { return AttributeValue(Variant(std::in_place_index<1>, n)); }
  static AttributeValue N(std::int64_t n) { return N(Number(n)); }
  static AttributeValue B(std::string bytes) { return AttributeValue(Variant(Binary{std::move(bytes)})); }
  static AttributeValue Bool(bool b) { return AttributeValue(Variant(std::in_place_index<3>, b)); }
  static AttributeValue NullValue() { return AttributeValue(); }
  static AttributeValue L(AttributeList l) { return AttributeValue(Variant(std::move(l))); }
  static AttributeValue M(AttributeMap m) { return AttributeValue(Variant(std::move(m))); }

  AttributeType type() const { return static_cast<AttributeType>(v_.index()); }
  template <class T>
  const T* As() const {
    return std::get_if<T>(&v_);
  }
  template <class T>
  T* As() {
    return std::get_if<T>(&v_);
  }
  const Variant& variant() const { return v_; }

  bool operator==(const AttributeValue&) const = default;

 private:
  Variant v_;
};

// Orders two values of one scalar type (S by UTF-8 bytes, N numerically, B by unsigned bytes).
// Precondition: same type, one of S, N, B.
std::strong_ordering CompareScalars(const AttributeValue& a, const AttributeValue& b);

// Some total order of all values, in which equal ones are those that `==` says are: for sorting and searching.
std::strong_ordering CompareValues(const AttributeValue& a, const AttributeValue& b);

}  // namespace insula
