// A parsed JSON text, bounded in size and depth, as something to look into. What it means is the business of
// shape.h and request.h; simdjson stays in the .cc files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace insula::wire {

inline constexpr std::size_t kJsonSizeMax = 16 * 1024 * 1024;  // bytes of text
inline constexpr std::size_t kJsonDepthMax = 1000;             // nested arrays and objects

enum class JsonType : std::uint8_t { kNull, kBoolean, kInteger, kDecimal, kString, kArray, kObject };

class JsonValue;

namespace internal {
// Where something is inside a document: two words that only the .cc file can read.
struct JsonPlace {
  const void* document = nullptr;
  std::size_t index = 0;
  bool operator==(const JsonPlace&) const = default;
};
}  // namespace internal

// A value inside a JsonDocument, valid as long as the document lives. Two words; copy it freely.
// A default-constructed one is null, as is a member that isn't there.
class JsonValue {
 public:
  JsonValue() = default;
  explicit JsonValue(internal::JsonPlace place) : place_(place) {}

  JsonType type() const;
  bool is_null() const { return type() == JsonType::kNull; }

  // Each of these requires the type it names. integer() also takes kDecimal, rounded down; both saturate. A null has no
  // elements and no members.
  bool boolean() const;
  std::int64_t integer() const;
  double decimal() const;  // kInteger or kDecimal
  std::string_view string() const;

  std::size_t size() const;  // elements of an array, members of an object (duplicate names counted)
  bool empty() const { return size() == 0; }

  class Elements;
  class Members;
  Elements elements() const;  // of an array, in order
  Members members() const;    // of an object, in the order of the text

  // The member of an object by name; null if there is none. The last one of several wins.
  JsonValue Member(std::string_view name) const;

  internal::JsonPlace place() const { return place_; }

 private:
  internal::JsonPlace place_;
};

class JsonValue::Elements {
 public:
  class iterator {
   public:
    using value_type = JsonValue;
    using difference_type = std::ptrdiff_t;
    explicit iterator(internal::JsonPlace place) : place_(place) {}
    JsonValue operator*() const { return JsonValue(place_); }
    iterator& operator++();
    bool operator==(const iterator&) const = default;

   private:
    internal::JsonPlace place_;
  };
  Elements(internal::JsonPlace first, internal::JsonPlace last) : first_(first), last_(last) {}
  iterator begin() const { return iterator(first_); }
  iterator end() const { return iterator(last_); }

 private:
  internal::JsonPlace first_, last_;
};

class JsonValue::Members {
 public:
  class iterator {
   public:
    using value_type = std::pair<std::string_view, JsonValue>;
    using difference_type = std::ptrdiff_t;
    explicit iterator(internal::JsonPlace place) : place_(place) {}
    value_type operator*() const;
    iterator& operator++();
    bool operator==(const iterator&) const = default;

   private:
    internal::JsonPlace place_;
  };
  Members(internal::JsonPlace first, internal::JsonPlace last) : first_(first), last_(last) {}
  iterator begin() const { return iterator(first_); }
  iterator end() const { return iterator(last_); }

 private:
  internal::JsonPlace first_, last_;
};

// Owns what parsing made. Movable; not for use by two threads at once.
class JsonDocument {
 public:
  // SerializationException without a message, as DynamoDB answers it, for what isn't one JSON value in valid UTF-8
  // within the bounds above. `text` needn't outlive the call.
  static Result<JsonDocument> Parse(std::string_view text);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const { return root_; }

 private:
  struct State;
  JsonDocument(std::unique_ptr<State> state, JsonValue root);
  std::unique_ptr<State> state_;
  JsonValue root_;
};

}  // namespace insula::wire
