#include "policy/resource_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "policy/arn_pattern.h"
#include "policy/document_rules.h"

namespace insula::policy {
namespace {

constexpr std::array<std::string_view, 13> kIamPaths = {"user/",
                                                        "federated-user/",
                                                        "role/",
                                                        "group/",
                                                        "instance-profile/",
                                                        "mfa/",
                                                        "server-certificate/",
                                                        "policy/",
                                                        "sms-mfa/",
                                                        "saml-provider/",
                                                        "oidc-provider/",
                                                        "report/",
                                                        "access-report/"};

// Whether the resource may be one of IAM's: up to its first wildcard or variable it may start as one of the paths does.
bool MayBeIamPath(std::string_view resource) {
  const std::size_t known = resource.find_first_of("*?$");
  const std::string_view start = resource.substr(0, known);
  return std::any_of(kIamPaths.begin(), kIamPaths.end(), [&](std::string_view path) {
    return start.starts_with(path) || (known != std::string_view::npos && path.starts_with(start));
  });
}

}  // namespace

bool LacksParts(std::string_view resource) {
  if (resource == "*") return false;
  const auto colons = std::count(resource.begin(), resource.end(), ':');
  return (colons < 5 && resource.find("::") != std::string_view::npos) || resource.starts_with("arn:aws::");
}

Result<void> CheckResource(const std::string& resource, bool variables) {
  if (resource == "*") return {};
  const auto parts = SplitArnPattern(resource, variables);
  if (!parts[1]) return MalformedDocument(fmt::format("Resource {} must be in ARN format or \"*\".", resource));
  // Of further organizations of AWS's are named in the same way: "aws-cn", "aws-us-gov"; "*" is all of them.
  if (*parts[1] != "*" && !parts[1]->starts_with("aws")) {
    return MalformedDocument(fmt::format("Partition \"{0}\" is not valid for resource \"arn:{0}:{1}:{2}:{3}:{4}\".",
                                         *parts[1], parts[2].value_or("*"), parts[3].value_or("*"),
                                         parts[4].value_or("*"), parts[5].value_or("*")));
  }
  if (parts[0] != "arn") return MalformedDocument(fmt::format("Resource {} must be in ARN format or \"*\".", resource));
  if (!parts[2] || parts[2]->find_first_of("*?$") != std::string_view::npos) {
    return MalformedDocument("Resource vendor must be fully qualified and cannot contain regexes.");
  }
  const bool region = parts[3] && !parts[3]->empty();
  if (*parts[2] == "iam" && region) {
    return MalformedDocument(fmt::format("IAM resource {} cannot contain region information.", resource));
  }
  if (*parts[2] == "s3" && region) {
    return MalformedDocument(fmt::format("Resource {} can not contain region information.", resource));
  }
  if (*parts[2] == "iam" && parts[5] && !MayBeIamPath(*parts[5])) {
    return MalformedDocument(
        fmt::format("IAM resource path must either be \"*\" or start with {}.", fmt::join(kIamPaths, ", ")));
  }
  return {};
}

}  // namespace insula::policy
