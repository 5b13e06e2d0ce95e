// Writes JSON straight into a string: no tree, no virtual call, commas kept by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace insula::wire {

// Appends to *out, which must outlive it. The caller keeps the order of calls right: inside an object Key() and
// then one value, inside an array values. Text is passed through as UTF-8; control characters, quotes and
// backslashes are escaped.
class JsonWriter {
 public:
  explicit JsonWriter(std::string* out) : out_(out) {}

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }
  void Key(std::string_view name) {
    Comma();
    AppendQuoted(name);
    out_->push_back(':');
    comma_ = false;
  }

  void String(std::string_view text) {
    Comma();
    AppendQuoted(text);
    comma_ = true;
  }
  void Integer(std::int64_t value);
  void Double(double value);  // "0.5", "1.0": always with a point
  void Boolean(bool value) { Raw(value ? "true" : "false"); }
  void Null() { Raw("null"); }
  void Base64(std::string_view bytes);  // as a string
  void Raw(std::string_view json) {     // one whole value, already JSON
    Comma();
    out_->append(json);
    comma_ = true;
  }

  // For text that needs no escaping: a key with its quotes and colon, `"S":`; a string appended to out() in between.
  void QuotedKey(std::string_view quoted) {
    Comma();
    out_->append(quoted);
    comma_ = false;
  }
  void BeginQuoted() {
    Comma();
    out_->push_back('"');
  }
  void EndQuoted() {
    out_->push_back('"');
    comma_ = true;
  }

  // Key and value in one.
  void StringField(std::string_view name, std::string_view text) { Key(name), String(text); }
  void IntegerField(std::string_view name, std::int64_t value) { Key(name), Integer(value); }
  void DoubleField(std::string_view name, double value) { Key(name), Double(value); }
  void BooleanField(std::string_view name, bool value) { Key(name), Boolean(value); }

  std::string* out() { return out_; }

 private:
  void Comma() {
    if (comma_) out_->push_back(',');
  }
  void Open(char bracket) {
    Comma();
    out_->push_back(bracket);
    comma_ = false;
  }
  void Close(char bracket) {
    out_->push_back(bracket);
    comma_ = true;
  }
  void AppendQuoted(std::string_view text);

  std::string* out_;
  bool comma_ = false;
};

// The length of a text as JsonWriter::String writes it, its quotes included.
std::size_t QuotedSizeOf(std::string_view text);

}  // namespace insula::wire
