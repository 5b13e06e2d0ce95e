#include "iam/arn.h"

#include <fmt/format.h>

namespace insula::iam {
namespace {

constexpr std::string_view kPrefix = "arn:aws:iam::";

std::string Arn(std::string_view account, std::string_view kind, const Entity& entity) {
  return fmt::format("{}{}:{}{}{}", kPrefix, account, kind, entity.path, entity.name);
}

}  // namespace

std::string ArnOf(const AccountId& account, const User& user) { return Arn(account.value(), "user", user); }
std::string ArnOf(const AccountId& account, const Group& group) { return Arn(account.value(), "group", group); }
std::string ArnOf(const AccountId& account, const Role& role) { return Arn(account.value(), "role", role); }
std::string ArnOf(const AccountId& account, const ManagedPolicy& policy) {
  return Arn(policy.is_aws ? std::string_view("aws") : std::string_view(account.value()), "policy", policy);
}
std::string ArnOf(const AccountId& account, const InstanceProfile& profile) {
  return Arn(account.value(), "instance-profile", profile);
}

std::optional<EntityArn> ParseArn(std::string_view arn) {
  if (!arn.starts_with(kPrefix)) return std::nullopt;
  arn.remove_prefix(kPrefix.size());
  const std::size_t colon = arn.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view resource = arn.substr(colon + 1);
  const std::size_t first = resource.find('/');
  const std::size_t last = resource.rfind('/');
  if (first == std::string_view::npos || first == 0 || last + 1 == resource.size()) return std::nullopt;
  return EntityArn{.account = arn.substr(0, colon),
                   .kind = resource.substr(0, first),
                   .path = resource.substr(first, last + 1 - first),
                   .name = resource.substr(last + 1)};
}

}  // namespace insula::iam
