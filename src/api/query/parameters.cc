#include "api/query/parameters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace insula::api::query {
namespace {

std::size_t CharactersOf(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "Tags.member.1.Key" to "tags.1.member.key": paths count before they say what is counted.
std::string AsPath(std::string_view name) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t dot = name.find('.');
    parts.emplace_back(name.substr(0, dot));
    parts.back()[0] = parts.back().empty() ? '\0' : Lower(parts.back()[0]);
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i] == "member") std::swap(parts[i], parts[i + 1]), ++i;
  }
  return fmt::format("{}", fmt::join(parts, "."));
}

}  // namespace

std::string Parameters::PathOf(std::string_view name) const {
  const std::string_view part = form_.name();
  return AsPath(part.empty() ? std::string(name) : name.empty() ? std::string(part) : fmt::format("{}.{}", part, name));
}

void Parameters::Violated(const std::string& path, std::optional<std::string_view> value, std::string_view constraint) {
  const std::string shown = value ? fmt::format("'{}'", *value) : "null";
  violations_.push_back(
      fmt::format("Value {} at '{}' failed to satisfy constraint: Member must {}", shown, path, constraint));
}

void Parameters::CheckText(const std::string& path, std::string_view value, const TextRule& rule) {
  const std::size_t length = CharactersOf(value);
  if (length < rule.length_min)
    Violated(path, value, fmt::format("have length greater than or equal to {}", rule.length_min));
  if (length > rule.length_max)
    Violated(path, value, fmt::format("have length less than or equal to {}", rule.length_max));
  if (rule.matches != nullptr && !rule.matches(value))
    Violated(path, value, fmt::format("satisfy regular expression pattern: {}", rule.pattern));
}

std::string Parameters::Required(std::string_view name, const TextRule& rule) {
  const auto value = form_.Find(name);
  if (!value) {
    Violated(PathOf(name), std::nullopt, "not be null");
    return {};
  }
  CheckText(PathOf(name), *value, rule);
  return std::string(*value);
}

std::optional<std::string> Parameters::Optional(std::string_view name, const TextRule& rule) {
  const auto value = form_.Find(name);
  if (!value) return std::nullopt;
  CheckText(PathOf(name), *value, rule);
  return std::string(*value);
}

std::optional<std::int64_t> Parameters::Number(std::string_view name, std::int64_t min, std::int64_t max) {
  const auto text = form_.Find(name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) {
    if (!malformed_) malformed_ = fmt::format("{} must be an integer", name);
    return std::nullopt;
  }
  if (value < min) Violated(PathOf(name), *text, fmt::format("have value greater than or equal to {}", min));
  if (value > max) Violated(PathOf(name), *text, fmt::format("have value less than or equal to {}", max));
  return value;
}

bool Parameters::Boolean(std::string_view name, bool otherwise) {
  const auto text = form_.Find(name);
  if (!text) return otherwise;
  if (*text == "true" || *text == "false") return *text == "true";
  if (!malformed_) malformed_ = fmt::format("{} must be true or false", name);
  return otherwise;
}

std::vector<Form> Parameters::Structures(std::string_view name, std::size_t count_max) {
  std::vector<Form> members = form_.Members(name);
  if (members.size() > count_max) {
    Violated(PathOf(name), fmt::format("[{} members]", members.size()),
             fmt::format("have length less than or equal to {}", count_max));
    members.clear();
  }
  return members;
}

std::vector<std::string> Parameters::Texts(std::string_view name, const TextRule& rule, std::size_t count_max) {
  std::vector<std::string> texts;
  for (const Form& member : Structures(name, count_max)) {
    const std::string path = AsPath(member.name());
    if (!member.value()) {
      Violated(path, std::nullopt, "not be null");
      continue;
    }
    CheckText(path, *member.value(), rule);
    texts.emplace_back(*member.value());
  }
  return texts;
}

Result<void> Parameters::Check() const {
  if (malformed_) return ValidationError(*malformed_);
  if (violations_.empty()) return {};
  return ValidationError(fmt::format("{} validation error{} detected: {}", violations_.size(),
                                     violations_.size() == 1 ? "" : "s", fmt::join(violations_, "; ")));
}

}  // namespace insula::api::query
