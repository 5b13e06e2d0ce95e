// What policies may ask about a request to IAM.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "iam/entities.h"
#include "operations/core/caller_facts.h"

namespace insula::api::iam_service {

// What a request and the entity that it is about say. Empty: nothing, which is an absent key.
struct AskedOfIam {
  insula::iam::Tags request_tags;     // that the entity gets
  std::vector<std::string> tag_keys;  // that it gets or loses
  insula::iam::Tags resource_tags;    // that it has
  std::string policy_arn;             // of the policy that is attached or detached
  std::string boundary_arn;           // of the entity's boundary, the one it gets or the one it has
  std::string passed_to_service;      // to whom a role is passed

  static AskedOfIam Tagging(insula::iam::Tags tags);
};

// `asked` outlives the facts.
class IamFacts : public operations::CallerFacts {
 public:
  IamFacts(const operations::Caller& caller, const AskedOfIam& asked);

 protected:
  policy::Fact FindOwn(policy::KeyName name, std::string_view detail) const override;

 private:
  const AskedOfIam& asked_;
  std::vector<std::string_view> tag_keys_;
};

}  // namespace insula::api::iam_service
