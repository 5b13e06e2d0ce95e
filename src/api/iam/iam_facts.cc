#include "api/iam/iam_facts.h"

#include <utility>

#include "iam/ignoring_case.h"

namespace insula::api::iam_service {
namespace {

using policy::Fact;
using policy::KeyName;

// IAM is a global service, and this is where it says that it is.
constexpr std::string_view kRegion = "us-east-1";

Fact TagIn(const insula::iam::Tags& tags, std::string_view key) {
  for (const insula::iam::Tag& tag : tags) {
    if (insula::iam::SameIgnoringCase(tag.key, key)) return Fact::Text(tag.value);
  }
  return {};
}

}  // namespace

AskedOfIam AskedOfIam::Tagging(insula::iam::Tags tags) {
  AskedOfIam asked;
  for (const insula::iam::Tag& tag : tags) asked.tag_keys.push_back(tag.key);
  asked.request_tags = std::move(tags);
  return asked;
}

IamFacts::IamFacts(const operations::Caller& caller, const AskedOfIam& asked)
    : CallerFacts(caller, kRegion), asked_(asked), tag_keys_(asked.tag_keys.begin(), asked.tag_keys.end()) {}

Fact IamFacts::FindOwn(KeyName name, std::string_view detail) const {
  switch (name) {
    case KeyName::kRequestTag:
      return TagIn(asked_.request_tags, detail);
    case KeyName::kResourceTag:
    case KeyName::kIamResourceTag:
      return TagIn(asked_.resource_tags, detail);
    case KeyName::kTagKeys:
      return Fact::Set(tag_keys_);
    case KeyName::kIamPolicyArn:
      return Fact::TextOrAbsent(asked_.policy_arn);
    case KeyName::kIamPermissionsBoundary:
      return Fact::TextOrAbsent(asked_.boundary_arn);
    case KeyName::kIamPassedToService:
      return Fact::TextOrAbsent(asked_.passed_to_service);
    default:
      return {};
  }
}

}  // namespace insula::api::iam_service
