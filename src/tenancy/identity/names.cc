#include "tenancy/identity/names.h"

#include <fmt/format.h>

namespace insula::tenancy {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

Result<void> Check(std::string_view what, std::string_view name, bool upper_and_underscore, std::string_view rule) {
  bool good = !name.empty() && name.size() <= 63;
  for (std::size_t i = 0; good && i < name.size(); ++i) {
    const char c = name[i];
    const bool first = IsLower(c) || IsDigit(c) || (upper_and_underscore && IsUpper(c));
    good = first || (i > 0 && (c == '-' || (upper_and_underscore && c == '_')));
  }
  if (good) return {};
  return Error(ErrorCode::kInvalidArgument, fmt::format("{} '{}' is invalid: it must match {}", what, name, rule));
}

constexpr std::string_view kWord = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";
constexpr std::string_view kLowerWord = "[a-z0-9][a-z0-9-]{0,62}";

}  // namespace

Result<void> CheckEnvironmentName(std::string_view name) { return Check("Environment name", name, true, kWord); }
Result<void> CheckServiceName(std::string_view name) { return Check("Service name", name, true, kWord); }
Result<void> CheckTenantId(std::string_view id) { return Check("Tenant id", id, false, kLowerWord); }
Result<void> CheckTier(std::string_view tier) { return Check("Tier", tier, false, kLowerWord); }

Result<void> CheckTableName(std::string_view name) {
  if (name.size() < 3 || name.size() > 255) {
    return ValidationError("TableName must be at least 3 characters long and at most 255 characters long");
  }
  for (const char c : name) {
    if (!IsLower(c) && !IsUpper(c) && !IsDigit(c) && c != '_' && c != '-' && c != '.') {
      return ValidationError(
          fmt::format("1 validation error detected: Value '{}' at 'tableName' failed to satisfy "
                      "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
                      name));
    }
  }
  return {};
}

}  // namespace insula::tenancy
