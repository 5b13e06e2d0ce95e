// A JSON text, written piece by piece: all that records need.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace insula::records {

// Commas are its own business.
class JsonWriter {
 public:
  JsonWriter& Begin(char bracket);  // '{' or '['
  JsonWriter& End(char bracket);    // '}' or ']'
  JsonWriter& Key(std::string_view key);
  JsonWriter& Text(std::string_view value);
  JsonWriter& Number(std::int64_t value);
  JsonWriter& Flag(bool value);
  std::string Take() { return std::move(text_); }

 private:
  void Separate();
  void Quote(std::string_view text);
  std::string text_;
  bool comma_ = false;
};

}  // namespace insula::records
