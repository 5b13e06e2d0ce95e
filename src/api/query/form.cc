#include "api/query/form.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/utf8.h"

namespace insula::api::query {
namespace {

Error Malformed(std::string message) { return Error(ErrorCode::kSerialization, std::move(message)); }

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Result<std::string> Decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] != '%') {
      decoded += text[i];
    } else {
      const int high = i + 2 < text.size() ? DigitOf(text[i + 1]) : -1;
      const int low = high >= 0 ? DigitOf(text[i + 2]) : -1;
      if (low < 0) return Malformed("The request's form has a '%' that two hexadecimal digits don't follow");
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!IsUtf8(decoded)) return Malformed("The request's form is no UTF-8");
  return decoded;
}

// "12" of "12.Key"; none where no number is in front.
std::optional<std::pair<unsigned, std::size_t>> LeadingNumber(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const auto length = static_cast<std::size_t>(end - text.data());
  if (length < text.size() && text[length] != '.') return std::nullopt;
  return std::pair(number, length);
}

}  // namespace

Result<Form> Form::Parse(std::string_view text) {
  Values values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    INSULA_ASSIGN(std::string name, Decode(pair.substr(0, equals)));
    INSULA_ASSIGN(std::string value, Decode(pair.substr(std::min(equals + 1, pair.size()))));
    if (values.size() == kParametersMax) return Malformed("The request's form has too many parameters");
    const auto [place, is_new] = values.emplace(std::move(name), std::move(value));
    if (!is_new) return Malformed(fmt::format("The request's form has {} twice", place->first));
  }
  return Form(std::make_shared<const Values>(std::move(values)), "");
}

std::string Form::NameOf(std::string_view name) const {
  return prefix_.empty() ? std::string(name) : fmt::format("{}.{}", prefix_, name);
}

std::optional<std::string_view> Form::Find(std::string_view name) const {
  const auto found = values_->find(NameOf(name));
  if (found == values_->end()) return std::nullopt;
  return found->second;
}

std::optional<std::string_view> Form::value() const {
  const auto found = values_->find(prefix_);
  if (found == values_->end()) return std::nullopt;
  return found->second;
}

std::vector<Form> Form::Members(std::string_view name) const {
  const std::string list = NameOf(name) + ".";
  std::map<unsigned, std::string> prefixes;  // by number
  for (auto at = values_->lower_bound(list); at != values_->end() && at->first.starts_with(list); ++at) {
    std::string_view rest = std::string_view(at->first).substr(list.size());
    constexpr std::string_view kMember = "member.";
    const std::size_t skipped = rest.starts_with(kMember) ? kMember.size() : 0;
    if (const auto number = LeadingNumber(rest.substr(skipped))) {
      prefixes.try_emplace(number->first, at->first.substr(0, list.size() + skipped + number->second));
    }
  }
  std::vector<Form> members;
  for (auto& [number, prefix] : prefixes) members.push_back(Form(values_, std::move(prefix)));
  return members;
}

Form Form::Part(std::string_view name) const { return Form(values_, NameOf(name)); }

bool Form::is_given() const {
  const auto first = values_->lower_bound(prefix_);
  if (first == values_->end() || !first->first.starts_with(prefix_)) return false;
  if (prefix_.empty() || first->first.size() == prefix_.size() || first->first[prefix_.size()] == '.') return true;
  // "Tag-a" comes between "Tag" and "Tag.a".
  const auto below = values_->lower_bound(prefix_ + ".");
  return below != values_->end() && below->first.starts_with(prefix_ + ".");
}

}  // namespace insula::api::query
