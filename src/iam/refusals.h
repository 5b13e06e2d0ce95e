// What IAM says when it refuses, in its own words. Each is as AWS was seen to answer it.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"

namespace insula::iam {

// What a message calls an entity: "The role with name X cannot be found."
inline constexpr std::string_view kUserWord = "user";
inline constexpr std::string_view kGroupWord = "group";
inline constexpr std::string_view kRoleWord = "role";

// `word` is one of the three.
Error NoSuchEntity(std::string_view word, std::string_view name);
Error NoSuchInlinePolicy(std::string_view word, std::string_view name);  // of an entity of that kind
Error NoSuchInstanceProfile(std::string_view name);
Error NoSuchPolicy(std::string_view arn);
Error NotAttachable(std::string_view arn);  // no such policy, to whoever would attach it or is asked for a version
Error NoSuchBoundary(std::string_view arn);
Error NoSuchVersion(std::string_view arn, std::string_view version);
Error NoSuchAccessKey(std::string_view access_key_id);
Error ArnNotParsed();

Error NameTaken(std::string_view word, std::string_view name);
Error InstanceProfileTaken(std::string_view name);
Error PolicyNameTaken(std::string_view name);

// "Cannot exceed quota for RolesPerAccount: 1000".
Error QuotaExceeded(std::string_view quota, std::size_t max);
Error InlinePoliciesTooLarge(std::string_view word, std::string_view name, std::size_t max);
Error TooManyVersions();

// "Cannot delete entity, must detach all policies first."
Error DeleteFirst(std::string_view what);
Error PolicyInUse();
Error PolicyHasVersions();
Error DefaultVersionInUse();

Error DuplicateTagKeys();
Error AwsPolicyUnmodifiable(std::string_view arn);

}  // namespace insula::iam
