#include "records/json_writer.h"

#include <fmt/format.h>

namespace insula::records {

void JsonWriter::Separate() {
  if (comma_) text_.push_back(',');
  comma_ = true;
}

void JsonWriter::Quote(std::string_view text) {
  text_.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      text_.push_back('\\');
      text_.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      text_.push_back(c);
    }
  }
  text_.push_back('"');
}

JsonWriter& JsonWriter::Begin(char bracket) {
  Separate();
  text_.push_back(bracket);
  comma_ = false;
  return *this;
}
JsonWriter& JsonWriter::End(char bracket) {
  text_.push_back(bracket);
  comma_ = true;
  return *this;
}
JsonWriter& JsonWriter::Key(std::string_view key) {
  Separate();
  Quote(key);
  text_.push_back(':');
  comma_ = false;
  return *this;
}
JsonWriter& JsonWriter::Text(std::string_view value) {
  Separate();
  Quote(value);
  return *this;
}
JsonWriter& JsonWriter::Number(std::int64_t value) {
  Separate();
  text_ += std::to_string(value);
  return *this;
}
JsonWriter& JsonWriter::Flag(bool value) {
  Separate();
  text_ += value ? "true" : "false";
  return *this;
}

}  // namespace insula::records
