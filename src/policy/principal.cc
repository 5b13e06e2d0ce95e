#include "policy/principal.h"

#include <algorithm>

#include "policy/small_letters.h"

namespace insula::policy {
namespace {

std::string_view TypeText(PrincipalType type) {
  switch (type) {
    case PrincipalType::kRoot:
      return "Account";
    case PrincipalType::kUser:
      return "User";
    case PrincipalType::kAssumedRole:
      return "AssumedRole";
    case PrincipalType::kFederatedUser:
      return "FederatedUser";
    case PrincipalType::kWebIdentity:
      return "Anonymous";
  }
  return "";
}

constexpr auto kKeyBefore = [](const std::pair<std::string, std::string>& tag, std::string_view key) {
  return tag.first < key;
};

}  // namespace

Tags::Tags(const std::vector<std::pair<std::string, std::string>>& pairs) {
  tags_.reserve(pairs.size());
  for (const auto& [key, value] : pairs) {
    std::string small_key = SmallLetters(key);
    const auto at = std::lower_bound(tags_.begin(), tags_.end(), small_key, kKeyBefore);
    if (at == tags_.end() || at->first != small_key) tags_.emplace(at, std::move(small_key), value);
  }
}

Fact Tags::Find(std::string_view small_key) const {
  const auto found = std::lower_bound(tags_.begin(), tags_.end(), small_key, kKeyBefore);
  return found != tags_.end() && found->first == small_key ? Fact::Text(found->second) : Fact();
}

Fact Principal::Find(KeyName name, std::string_view detail) const {
  switch (name) {
    case KeyName::kFederatedProvider:
      return Fact::TextOrAbsent(provider);
    case KeyName::kMultiFactorAuthAge:
      return multi_factor_age_s ? Fact::Number(*multi_factor_age_s) : Fact();
    case KeyName::kMultiFactorAuthPresent:
      return multi_factor ? Fact::Flag(*multi_factor) : Fact();
    case KeyName::kPrincipalAccount:
      return Fact::TextOrAbsent(account);
    case KeyName::kPrincipalArn:
      return Fact::TextOrAbsent(type == PrincipalType::kAssumedRole ? source_arn : arn);
    case KeyName::kPrincipalIsAwsService:
      return Fact::Flag(false);
    case KeyName::kPrincipalOrgId:
      return Fact::TextOrAbsent(organization);
    case KeyName::kPrincipalOrgPaths:
      return organization_path.empty() ? Fact() : Fact::Member(organization_path);
    case KeyName::kPrincipalTag:
      return tags.Find(detail);
    case KeyName::kPrincipalType:
      return Fact::Text(TypeText(type));
    case KeyName::kSourceIdentity:
      return Fact::TextOrAbsent(source_identity);
    case KeyName::kTokenIssueTime:
      return token_issued ? Fact::Time(*token_issued) : Fact();
    case KeyName::kUserid:
      return Fact::TextOrAbsent(userid);
    case KeyName::kUsername:
      return Fact::TextOrAbsent(username);
    default:
      return {};
  }
}

}  // namespace insula::policy
