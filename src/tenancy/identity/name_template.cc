#include "tenancy/identity/name_template.h"

#include <fmt/format.h>

#include <optional>

#include "base/enum_names.h"

namespace insula::tenancy {
namespace {

bool IsTableNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

Error Bad(std::string_view text, std::string_view why) {
  return Error(ErrorCode::kInvalidArgument, fmt::format("Name template '{}' is invalid: {}", text, why));
}

}  // namespace

std::span<const std::string_view> AllNames(Placeholder) {
  static constexpr std::string_view kNames[] = {"environment", "service", "tenant", "table"};
  return kNames;
}
std::string_view NameOf(Placeholder placeholder) { return NameFromTable(placeholder); }

Result<NameTemplate> NameTemplate::Parse(std::string_view text) {
  NameTemplate result;
  result.text_ = text;
  std::string literal;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{') {
      if (!IsTableNameCharacter(text[i])) {
        return Bad(text, fmt::format("'{}' can't be part of a table name", text[i]));
      }
      literal.push_back(text[i]);
      continue;
    }
    const std::size_t end = text.find('}', i);
    if (end == std::string_view::npos) return Bad(text, "a '{' has no '}'");
    const std::string_view word = text.substr(i + 1, end - i - 1);
    const std::optional<Placeholder> found = FromName<Placeholder>(word);
    if (!found) {
      return Bad(text, fmt::format("unknown placeholder {{{}}}; there are {{environment}}, {{service}}, {{tenant}} and "
                                   "{{table}}",
                                   word));
    }
    if (result.Has(*found)) return Bad(text, fmt::format("{{{}}} appears twice", word));
    if (!literal.empty()) result.parts_.emplace_back(std::exchange(literal, {}));
    result.parts_.emplace_back(*found);
    i = end;
  }
  if (!literal.empty()) result.parts_.emplace_back(std::move(literal));
  return result;
}

bool NameTemplate::Has(Placeholder placeholder) const {
  for (const Part& part : parts_) {
    const auto* p = std::get_if<Placeholder>(&part);
    if (p != nullptr && *p == placeholder) return true;
  }
  return false;
}

std::string NameTemplate::Expand(const Values& values) const {
  std::string name;
  for (const Part& part : parts_) {
    if (const auto* literal = std::get_if<std::string>(&part)) {
      name += *literal;
      continue;
    }
    switch (std::get<Placeholder>(part)) {
      case Placeholder::kEnvironment:
        name += values.environment;
        break;
      case Placeholder::kService:
        name += values.service;
        break;
      case Placeholder::kTenant:
        name += values.tenant;
        break;
      case Placeholder::kTable:
        name += values.table;
        break;
    }
  }
  return name;
}

}  // namespace insula::tenancy
