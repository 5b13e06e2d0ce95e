#include "records/field_reader.h"

#include <fmt/format.h>

namespace insula::records {
namespace {

// nullopt for what HexOf doesn't give.
std::optional<std::string> BytesOfHex(std::string_view hex) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

}  // namespace

void FieldReader::Fail(std::string_view key, std::string_view why) {
  if (*failure_) return;
  *failure_ = Error(ErrorCode::kCorruption, fmt::format("member '{}' {}", key, why));
}

std::string_view FieldReader::Text(std::string_view key, JsonElement from) {
  std::string_view text;
  if (from.get(text) != simdjson::SUCCESS) Fail(key, "is not a string");
  return text;
}
std::int64_t FieldReader::Integer(std::string_view key, JsonElement from) {
  std::int64_t number = 0;
  if (from.get(number) != simdjson::SUCCESS) Fail(key, "is not an integer");
  return number;
}
bool FieldReader::Flag(std::string_view key, JsonElement from) {
  bool flag = false;
  if (from.get(flag) != simdjson::SUCCESS) Fail(key, "is not a boolean");
  return flag;
}

void FieldReader::Hex(std::string_view key, std::string& bytes) {
  if (!Has(key)) return;
  std::optional<std::string> read = BytesOfHex(Text(key, object_[key]));
  if (!read) return Fail(key, "is not hexadecimal");
  bytes = *std::move(read);
}

}  // namespace insula::records
