#include "operations/tables/settings_rules.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "base/unicode.h"
#include "operations/core/refusal.h"

namespace insula::operations {
namespace {

constexpr std::size_t kTagKeySizeMax = 128;  // characters
constexpr std::size_t kTagValueSizeMax = 256;

std::size_t CharactersIn(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

// Letters, digits and blanks of any script, and + - = . _ : / @
bool HasTagCharacters(std::string_view text) {
  while (!text.empty()) {
    const char32_t c = ConsumeCodePoint(&text);
    const bool sign = c < 0x80 && std::string_view("+-=._:/@").find(static_cast<char>(c)) != std::string_view::npos;
    if (!sign && !IsLetterDigitOrBlank(c)) return false;
  }
  return true;
}

Error TooManyTags() { return ValidationError("Number of Tags exceed the current limit for the provided ResourceArn"); }

Result<void> CheckTagKey(const std::string& key) {
  if (key.empty() || CharactersIn(key) > kTagKeySizeMax || !HasTagCharacters(key)) {
    return ValidationError("The Tag Key provided is invalid, Key: " + key);
  }
  std::string prefix = key.substr(0, 4);
  std::ranges::transform(prefix, prefix.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c; });
  if (prefix == "aws:") return ValidationError("Tag Key cannot be prefixed with aws:, Key: " + key);
  return {};
}

}  // namespace

Result<void> CheckNewStream(const StreamInput& stream) {
  if (stream.enabled && !stream.view) {
    return Invalid("Table is being created with a stream enabled, UpdateViewType is required");
  }
  if (!stream.enabled && stream.view) {
    return Invalid("Table is being created with a stream disabled, UpdateViewType should not be specified");
  }
  return {};
}

Result<void> CheckSse(const SseInput& sse) {
  if (sse.enabled && !*sse.enabled) {
    if (sse.type) return Invalid("SSEType can not be specified if Enabled is false");
    if (sse.kms_key) return Invalid("KMSMasterKeyId can not be specified if Enabled is false");
    return {};
  }
  if (sse.type && *sse.type == "AES256") return Invalid("SSEType AES256 is not supported");
  if (sse.kms_key && !sse.type) return Invalid("SSEType KMS is required if KMSMasterKeyId is specified");
  return {};
}

bool AsksForKey(const SseInput& sse) { return sse.enabled.value_or(sse.type.has_value()); }

Result<void> CheckTableClass(const std::string& table_class) {
  if (table_class == kDefaultTableClass || table_class == "STANDARD_INFREQUENT_ACCESS") return {};
  return ValidationError(
      "Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, "
      "STANDARD_INFREQUENT_ACCESS].");
}

Result<void> CheckTags(const Tags& tags) {
  std::set<std::string> keys;
  for (const auto& [key, value] : tags) {
    INSULA_TRY(CheckTagKey(key));
    if (!value || CharactersIn(*value) > kTagValueSizeMax || !HasTagCharacters(*value)) {
      return ValidationError("The Tag Value provided is invalid, Value: " + value.value_or("null"));
    }
    if (!keys.insert(key).second) {
      return ValidationError("Duplicate Tag Keys provided as input: Duplicate Tag Key found " + key);
    }
  }
  return {};
}

Result<void> CheckTagKeys(std::span<const std::string> keys) {
  if (keys.size() > kTagsMax) return TooManyTags();
  for (const std::string& key : keys) INSULA_TRY(CheckTagKey(key));
  return {};
}

Result<void> CheckTagCount(const std::map<std::string, std::string>& tags) {
  if (tags.size() <= kTagsMax) return {};
  return TooManyTags();
}

}  // namespace insula::operations
