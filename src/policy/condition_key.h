// The keys that conditions and policy variables are about. What a request may know is an enum, so that who is asked for
// a value switches over it; a key of any other name is kOther, and only a simulation has values for it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace insula::policy {

// X(enumerator, name in AWS's spelling). A name that ends in '/' is followed by a tag's key.
#define INSULA_CONDITION_KEYS(X)                                    \
  /* The principal's: answered from policy::Principal. */           \
  X(kFederatedProvider, "aws:FederatedProvider")                    \
  X(kMultiFactorAuthAge, "aws:MultiFactorAuthAge")                  \
  X(kMultiFactorAuthPresent, "aws:MultiFactorAuthPresent")          \
  X(kPrincipalAccount, "aws:PrincipalAccount")                      \
  X(kPrincipalArn, "aws:PrincipalArn")                              \
  X(kPrincipalIsAwsService, "aws:PrincipalIsAWSService")            \
  X(kPrincipalOrgId, "aws:PrincipalOrgID")                          \
  X(kPrincipalOrgPaths, "aws:PrincipalOrgPaths")                    \
  X(kPrincipalTag, "aws:PrincipalTag/")                             \
  X(kPrincipalType, "aws:PrincipalType")                            \
  X(kSourceIdentity, "aws:SourceIdentity")                          \
  X(kTokenIssueTime, "aws:TokenIssueTime")                          \
  X(kUserid, "aws:userid")                                          \
  X(kUsername, "aws:username")                                      \
  /* Answered from policy::Request. */                              \
  X(kCurrentTime, "aws:CurrentTime")                                \
  X(kEpochTime, "aws:EpochTime")                                    \
  X(kResourceAccount, "aws:ResourceAccount")                        \
  /* Asked of the caller's RequestFacts. */                         \
  X(kReferer, "aws:Referer")                                        \
  X(kRequestTag, "aws:RequestTag/")                                 \
  X(kRequestedRegion, "aws:RequestedRegion")                        \
  X(kResourceOrgId, "aws:ResourceOrgID")                            \
  X(kResourceOrgPaths, "aws:ResourceOrgPaths")                      \
  X(kResourceTag, "aws:ResourceTag/")                               \
  X(kSecureTransport, "aws:SecureTransport")                        \
  X(kSourceIp, "aws:SourceIp")                                      \
  X(kTagKeys, "aws:TagKeys")                                        \
  X(kUserAgent, "aws:UserAgent")                                    \
  X(kViaAwsService, "aws:ViaAWSService")                            \
  X(kAttributes, "dynamodb:Attributes")                             \
  X(kEnclosingOperation, "dynamodb:EnclosingOperation")             \
  X(kFirstPartitionKeyValues, "dynamodb:FirstPartitionKeyValues")   \
  X(kFourthPartitionKeyValues, "dynamodb:FourthPartitionKeyValues") \
  X(kFullTableScan, "dynamodb:FullTableScan")                       \
  X(kLeadingKeys, "dynamodb:LeadingKeys")                           \
  X(kReturnConsumedCapacity, "dynamodb:ReturnConsumedCapacity")     \
  X(kReturnValues, "dynamodb:ReturnValues")                         \
  X(kSecondPartitionKeyValues, "dynamodb:SecondPartitionKeyValues") \
  X(kSelect, "dynamodb:Select")                                     \
  X(kThirdPartitionKeyValues, "dynamodb:ThirdPartitionKeyValues")   \
  X(kIamPassedToService, "iam:PassedToService")                     \
  X(kIamPermissionsBoundary, "iam:PermissionsBoundary")             \
  X(kIamPolicyArn, "iam:PolicyARN")                                 \
  X(kIamResourceTag, "iam:ResourceTag/")                            \
  X(kStsDurationSeconds, "sts:DurationSeconds")                     \
  X(kStsExternalId, "sts:ExternalId")                               \
  X(kStsRoleSessionName, "sts:RoleSessionName")                     \
  X(kStsSourceIdentity, "sts:SourceIdentity")                       \
  X(kStsTransitiveTagKeys, "sts:TransitiveTagKeys")                 \
  X(kInsulaEnvironment, "insula:Environment")                       \
  X(kInsulaService, "insula:Service")                               \
  X(kInsulaTenant, "insula:Tenant")

enum class KeyName : std::uint8_t {
#define INSULA_KEY_ENUMERATOR(name, text) name,
  INSULA_CONDITION_KEYS(INSULA_KEY_ENUMERATOR)
#undef INSULA_KEY_ENUMERATOR
      kOther,
};

// A key as a policy names it. Two keys are one whatever the case of their letters.
struct ConditionKey {
  KeyName name = KeyName::kOther;
  std::string detail;  // in small letters: a tag's key ("tenant" of aws:PrincipalTag/Tenant), all of a kOther's name

  // Any text is a key of some name.
  static ConditionKey Parse(std::string_view text);
  // "aws:PrincipalTag/tenant", for explanations.
  std::string Text() const;
};

}  // namespace insula::policy
