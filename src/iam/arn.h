// ARNs of IAM's entities: arn:aws:iam::ACCOUNT:role/path/Name.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "iam/entities.h"
#include "model/ids.h"

namespace insula::iam {

std::string ArnOf(const AccountId& account, const User& user);
std::string ArnOf(const AccountId& account, const Group& group);
std::string ArnOf(const AccountId& account, const Role& role);
std::string ArnOf(const AccountId& account, const ManagedPolicy& policy);  // of account "aws" if it is AWS's own
std::string ArnOf(const AccountId& account, const InstanceProfile& profile);

// What an ARN of IAM says. Nothing is looked up.
struct EntityArn {
  std::string_view account;  // 12 digits, or "aws"
  std::string_view kind;     // "role", "user", "policy" …
  std::string_view path;     // "/" at least
  std::string_view name;
};
// Views into `arn`; nullopt if it isn't one.
std::optional<EntityArn> ParseArn(std::string_view arn);

}  // namespace insula::iam
