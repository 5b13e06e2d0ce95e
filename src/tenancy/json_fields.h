// JSON objects written and read field by field: all that the catalog's records need. Internal to the room.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace insula::tenancy {

// Appends a JSON text piece by piece; commas are its own business.
class JsonOut {
 public:
  JsonOut& Begin(char bracket);  // '{' or '['
  JsonOut& End(char bracket);    // '}' or ']'
  JsonOut& Key(std::string_view key);
  JsonOut& Text(std::string_view value);
  JsonOut& Number(std::int64_t value);
  JsonOut& Flag(bool value);
  // Key and value in one.
  JsonOut& Text(std::string_view key, std::string_view value) { return Key(key).Text(value); }
  JsonOut& Number(std::string_view key, std::int64_t value) { return Key(key).Number(value); }
  JsonOut& Flag(std::string_view key, bool value) { return Key(key).Flag(value); }
  JsonOut& Time(std::string_view key, WallTime value);  // microseconds since 1970
  std::string Take() { return std::move(text_); }

 private:
  void Separate();
  void Quote(std::string_view text);
  std::string text_;
  bool comma_ = false;
};

// Reads fields of an object and remembers the first that was missing or of another type; the values read after that
// are empty ones. Check `status` once at the end.
class JsonIn {
 public:
  using Object = simdjson::dom::object;
  using Element = simdjson::dom::element;

  explicit JsonIn(Object object, std::shared_ptr<std::optional<Error>> status = nullptr);

  std::string Text(std::string_view key);
  std::int64_t Number(std::string_view key);
  bool Flag(std::string_view key);
  WallTime Time(std::string_view key);
  bool Has(std::string_view key) const;
  JsonIn Child(std::string_view key);  // shares the status
  JsonIn Sub(Element element);         // an element that must be an object
  simdjson::dom::array Array(std::string_view key);
  Object Fields(std::string_view key);  // an object, to be walked
  std::string TextOf(Element element);

  void Fail(std::string_view key, std::string_view why);
  Result<void> status() const;

 private:
  Object object_;
  std::shared_ptr<std::optional<Error>> status_;
};

// Keeps the parser and its document.
class JsonText {
 public:
  // Corruption if `text` isn't a JSON object.
  Result<JsonIn> Parse(std::string_view text);

 private:
  simdjson::dom::parser parser_;
};

}  // namespace insula::tenancy
