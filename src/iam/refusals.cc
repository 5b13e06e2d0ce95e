#include "iam/refusals.h"

#include <fmt/format.h>

namespace insula::iam {
namespace {

Error Missing(std::string message) { return {ErrorCode::kNoSuchEntity, std::move(message)}; }
Error Taken(std::string message) { return {ErrorCode::kEntityAlreadyExists, std::move(message)}; }
Error Conflict(std::string message) { return {ErrorCode::kDeleteConflict, std::move(message)}; }
Error Limit(std::string message) { return {ErrorCode::kIamLimitExceeded, std::move(message)}; }

std::string Capitalized(std::string_view word) {
  std::string text(word);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

Error NoSuchEntity(std::string_view word, std::string_view name) {
  return Missing(fmt::format("The {} with name {} cannot be found.", word, name));
}
Error NoSuchInlinePolicy(std::string_view word, std::string_view name) {
  return Missing(fmt::format("The {} policy with name {} cannot be found.", word, name));
}
Error NoSuchInstanceProfile(std::string_view name) {
  return Missing(fmt::format("Instance Profile {} cannot be found.", name));
}
Error NoSuchPolicy(std::string_view arn) { return Missing(fmt::format("Policy {} was not found.", arn)); }
Error NotAttachable(std::string_view arn) {
  return Missing(fmt::format("Policy {} does not exist or is not attachable.", arn));
}
Error NoSuchBoundary(std::string_view arn) {
  return Missing(fmt::format("Scope ARN: {} does not exist or is not attachable.", arn));
}
Error NoSuchVersion(std::string_view arn, std::string_view version) {
  return Missing(fmt::format("Policy {} version {} does not exist or is not attachable.", arn, version));
}
Error NoSuchAccessKey(std::string_view access_key_id) {
  return Missing(fmt::format("The Access Key with id {} cannot be found.", access_key_id));
}
Error ArnNotParsed() { return ValidationError("Invalid ARN:  Could not be parsed!"); }

Error NameTaken(std::string_view word, std::string_view name) {
  return Taken(fmt::format("{} with name {} already exists.", Capitalized(word), name));
}
Error InstanceProfileTaken(std::string_view name) {
  return Taken(fmt::format("Instance Profile {} already exists.", name));
}
Error PolicyNameTaken(std::string_view name) {
  return Taken(fmt::format("A policy called {} already exists. Duplicate names are not allowed.", name));
}

Error QuotaExceeded(std::string_view quota, std::size_t max) {
  return Limit(fmt::format("Cannot exceed quota for {}: {}", quota, max));
}
Error InlinePoliciesTooLarge(std::string_view word, std::string_view name, std::size_t max) {
  return Limit(fmt::format("Maximum policy size of {} bytes exceeded for {} {}", max, word, name));
}
Error TooManyVersions() {
  return Limit(
      "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
      "existing version.");
}

Error DeleteFirst(std::string_view what) { return Conflict(fmt::format("Cannot delete entity, must {} first.", what)); }
Error PolicyInUse() { return Conflict("Cannot delete a policy attached to entities."); }
Error PolicyHasVersions() {
  return Conflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's "
      "versions. The default version is deleted with the policy.");
}
Error DefaultVersionInUse() { return Conflict("Cannot delete the default version of a policy."); }

Error DuplicateTagKeys() {
  return {ErrorCode::kInvalidInput, "Duplicate tag keys found. Please note that Tag keys are case insensitive."};
}
Error AwsPolicyUnmodifiable(std::string_view arn) {
  return {ErrorCode::kAccessDenied, fmt::format("{} is a policy of AWS's own and can't be changed", arn)};
}

}  // namespace insula::iam
