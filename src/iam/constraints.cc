#include "iam/constraints.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/unicode.h"
#include "base/utf8.h"
#include "iam/quotas.h"

namespace insula::iam {
namespace {

constexpr std::string_view kTagPattern = R"([\p{L}\p{Z}\p{N}_.:/=+\-@]+)";

std::size_t Characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_+=,.@-").find(c) != std::string_view::npos;
}

bool IsGraphic(char c) { return c >= 0x21 && c <= 0x7e; }

// Whether every code point is of [\t\n\r\x20-\xff], perhaps without the controls of [\x7f-\xa0].
bool IsLatin1Text(std::string_view text, bool with_controls) {
  if (!IsUtf8(text)) return false;
  while (!text.empty()) {
    const char32_t c = ConsumeCodePoint(&text);
    if (c == '\t' || c == '\n' || c == '\r') continue;
    if (c < 0x20 || c > 0xff) return false;
    if (!with_controls && c > 0x7e && c < 0xa1) return false;
  }
  return true;
}

bool IsTagText(std::string_view text) {
  if (!IsUtf8(text)) return false;
  while (!text.empty()) {
    const char32_t c = ConsumeCodePoint(&text);
    const bool sign = c < 0x80 && std::string_view("_.:/=+-@").find(static_cast<char>(c)) != std::string_view::npos;
    if (!sign && !IsLetterDigitOrBlank(c)) return false;
  }
  return true;
}

}  // namespace

void Constraints::Violated(std::string_view member, std::string_view value, std::string_view constraint) {
  violations_.push_back(fmt::format("Value '{}' at '{}' failed to satisfy constraint: {}", value, member, constraint));
}

void Constraints::Unfit(std::string message) {
  if (!unfit_) unfit_ = std::move(message);
}

void Constraints::Length(std::string_view member, std::string_view value, std::size_t min, std::size_t max) {
  const std::size_t size = Characters(value);
  if (size > max) Violated(member, value, fmt::format("Member must have length less than or equal to {}", max));
  if (size < min) Violated(member, value, fmt::format("Member must have length greater than or equal to {}", min));
}

void Constraints::Range(std::string_view member, std::int64_t value, std::int64_t min, std::int64_t max) {
  const std::string text = std::to_string(value);
  if (value > max) Violated(member, text, fmt::format("Member must have value less than or equal to {}", max));
  if (value < min) Violated(member, text, fmt::format("Member must have value greater than or equal to {}", min));
}

void Constraints::Name(std::string_view member, std::string_view value, std::size_t max) {
  Length(member, value, 1, max);
  if (!std::all_of(value.begin(), value.end(), IsNameCharacter)) {
    Unfit(
        fmt::format("The specified value for {} is invalid. It must contain only alphanumeric characters and/or the "
                    "following: +=,.@_-",
                    member));
  }
}

void Constraints::Path(std::string_view member, std::string_view value) {
  Length(member, value, 1, kPathMax);
  const bool framed = value.starts_with('/') && value.ends_with('/');
  if (!value.empty() && (!framed || !std::all_of(value.begin(), value.end(), IsGraphic))) {
    Unfit(
        fmt::format("The specified value for {} is invalid. It must begin and end with / and contain only "
                    "alphanumeric characters and/or / characters.",
                    member));
  }
}

void Constraints::PathPrefix(std::string_view member, std::string_view value) {
  Length(member, value, 1, kPathMax);
  if (!value.empty() && (value[0] != '/' || !std::all_of(value.begin(), value.end(), IsGraphic))) {
    Unfit(
        fmt::format("The specified value for {} is invalid. It must begin with / and contain only alphanumeric "
                    "characters and/or / characters.",
                    member));
  }
}

void Constraints::Description(std::string_view member, const std::optional<std::string>& value) {
  if (!value) return;
  Length(member, *value, 0, kDescriptionMax);
  if (!IsLatin1Text(*value, false)) {
    Violated(member, *value,
             "Member must satisfy regular expression pattern: "
             R"([\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*)");
  }
}

void Constraints::Document(std::string_view member, std::string_view value) {
  if (Characters(value) > kPolicyDocumentMax) {  // nobody needs to read all that again
    violations_.push_back(
        fmt::format("Value at '{}' failed to satisfy constraint: Member must have length less than or equal to {}",
                    member, kPolicyDocumentMax));
    return;
  }
  Length(member, value, 1, kPolicyDocumentMax);
  if (!IsLatin1Text(value, true)) {
    Unfit(
        fmt::format("The specified value for {} is invalid. It must contain only printable ASCII characters.", member));
  }
}

void Constraints::Arn(std::string_view member, std::string_view value) { Length(member, value, 20, 2048); }

void Constraints::TagList(const Tags& tags) {
  if (tags.size() > kTagsMax) {
    violations_.push_back(
        fmt::format("Value at 'tags' failed to satisfy constraint: Member must have length less than "
                    "or equal to {}",
                    kTagsMax));
    return;
  }
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string member = fmt::format("tags.{}.member.", i + 1);
    const auto& [key, value] = tags[i];
    Length(member + "key", key, 1, kTagKeyMax);
    if (!IsTagText(key)) {
      Violated(member + "key", key, fmt::format("Member must satisfy regular expression pattern: {}", kTagPattern));
    }
    Length(member + "value", value, 0, kTagValueMax);
    if (!IsTagText(value)) {
      Violated(member + "value", value,
               fmt::format("Member must satisfy regular expression pattern: {}*",
                           kTagPattern.substr(0, kTagPattern.size() - 1)));
    }
  }
}

void Constraints::TagKeys(const std::vector<std::string>& keys) {
  if (keys.size() > kTagsMax) {
    violations_.push_back(
        fmt::format("Value at 'tagKeys' failed to satisfy constraint: Member must have length less "
                    "than or equal to {}",
                    kTagsMax));
    return;
  }
  for (const std::string& key : keys) {
    Length("tagKeys", key, 1, kTagKeyMax);
    if (!IsTagText(key)) {
      Violated("tagKeys", key, fmt::format("Member must satisfy regular expression pattern: {}", kTagPattern));
    }
  }
}

Result<void> Constraints::Verdict() const {
  if (!violations_.empty()) {
    return ValidationError(fmt::format("{} validation error{} detected: {}", violations_.size(),
                                       violations_.size() == 1 ? "" : "s", fmt::join(violations_, "; ")));
  }
  if (unfit_) return ValidationError(*unfit_);
  return {};
}

std::size_t SizeWithoutBlanks(std::string_view document) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  return Characters(document) - static_cast<std::size_t>(std::count_if(document.begin(), document.end(), blank));
}

}  // namespace insula::iam
