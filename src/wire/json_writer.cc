#include "wire/json_writer.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "wire/base64.h"

namespace insula::wire {
namespace {

constexpr char kHex[] = "0123456789abcdef";

// What follows the backslash, 'u' for \u00XX, or 0 where a byte stands for itself.
constexpr std::array<char, 256> MakeEscapes() {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}
constexpr std::array<char, 256> kEscapes = MakeEscapes();

// Whether one of eight bytes needs escaping.
bool NeedsEscape(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  constexpr std::uint64_t kHighs = 0x8080808080808080u;
  auto has_zero = [](std::uint64_t v) { return (v - kOnes) & ~v & kHighs; };
  const std::uint64_t control = (bytes - kOnes * 0x20) & ~bytes & kHighs;
  return (control | has_zero(bytes ^ (kOnes * '"')) | has_zero(bytes ^ (kOnes * '\\'))) != 0;
}

}  // namespace

void JsonWriter::Integer(std::int64_t value) {
  Comma();
  char digits[20];
  out_->append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
  comma_ = true;
}

void JsonWriter::Double(double value) {
  Comma();
  if (value == std::floor(value) && std::fabs(value) < 1e15) {
    fmt::format_to(std::back_inserter(*out_), "{:.1f}", value);
  } else {
    fmt::format_to(std::back_inserter(*out_), "{}", value);
  }
  comma_ = true;
}

void JsonWriter::Base64(std::string_view bytes) {
  Comma();
  out_->push_back('"');
  AppendBase64(bytes, out_);
  out_->push_back('"');
  comma_ = true;
}

std::size_t QuotedSizeOf(std::string_view text) {
  std::size_t size = text.size() + 2;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (std::uint64_t bytes; i + 8 <= text.size(); i += 8) {
      std::memcpy(&bytes, text.data() + i, 8);
      if (NeedsEscape(bytes)) break;
    }
    if (i == text.size()) break;
    const char escape = kEscapes[static_cast<unsigned char>(text[i])];
    if (escape != 0) size += escape == 'u' ? 5 : 1;
  }
  return size;
}

void JsonWriter::AppendQuoted(std::string_view text) {
  out_->push_back('"');
  std::size_t clean = 0;  // where the bytes not yet copied begin
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (std::uint64_t bytes; i + 8 <= text.size(); i += 8) {
      std::memcpy(&bytes, text.data() + i, 8);
      if (NeedsEscape(bytes)) break;
    }
    if (i == text.size()) break;
    const auto byte = static_cast<unsigned char>(text[i]);
    const char escape = kEscapes[byte];
    if (escape == 0) [[likely]] {
      continue;
    }
    out_->append(text.substr(clean, i - clean));
    clean = i + 1;
    out_->push_back('\\');
    out_->push_back(escape);
    if (escape == 'u') {
      out_->append("00");
      out_->push_back(kHex[byte >> 4]);
      out_->push_back(kHex[byte & 15]);
    }
  }
  out_->append(text.substr(clean));
  out_->push_back('"');
}

}  // namespace insula::wire
