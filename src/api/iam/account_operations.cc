// What is asked of an account as a whole: GetAccountSummary, and what it hasn't: an alias, a password policy.
#include <array>

#include "api/iam/operations.h"

namespace insula::api::iam_service {
namespace {

void AnswerSummary(Call& call, const iam::Snapshot& now) {
  const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
  std::size_t versions = 0;
  for (const iam::ManagedPolicyPtr& policy : now.policies.ByName()) versions += policy->versions.size();
  const std::pair<const char*, std::int64_t> entries[] = {
      {"AccessKeysPerUserQuota", count(iam::kAccessKeysPerUserMax)},
      {"AccountAccessKeysPresent", 0},
      {"AccountMFAEnabled", 0},
      {"AccountPasswordPresent", 0},
      {"AccountSigningCertificatesPresent", 0},
      {"AssumeRolePolicySizeQuota", count(iam::kTrustPolicySizeMax)},
      {"AttachedPoliciesPerGroupQuota", count(iam::kAttachedPoliciesMax)},
      {"AttachedPoliciesPerRoleQuota", count(iam::kAttachedPoliciesMax)},
      {"AttachedPoliciesPerUserQuota", count(iam::kAttachedPoliciesMax)},
      {"GlobalEndpointTokenVersion", 1},
      {"GroupPolicySizeQuota", count(iam::kGroupPolicySizeMax)},
      {"Groups", count(now.groups.size())},
      {"GroupsPerUserQuota", count(iam::kGroupsPerUserMax)},
      {"GroupsQuota", count(iam::kGroupsMax)},
      {"InstanceProfiles", count(now.profiles.size())},
      {"InstanceProfilesQuota", count(iam::kInstanceProfilesMax)},
      {"MFADevices", 0},
      {"MFADevicesInUse", 0},
      {"Policies", count(now.policies.size())},
      {"PoliciesQuota", count(iam::kPoliciesMax)},
      {"PolicySizeQuota", count(iam::kManagedPolicySizeMax)},
      {"PolicyVersionsInUse", count(versions)},
      {"PolicyVersionsInUseQuota", count(iam::kPoliciesMax * iam::kPolicyVersionsMax)},
      {"Providers", 0},
      {"RolePolicySizeQuota", count(iam::kRolePolicySizeMax)},
      {"Roles", count(now.roles.size())},
      {"RolesQuota", count(iam::kRolesMax)},
      {"ServerCertificates", 0},
      {"ServerCertificatesQuota", 0},
      {"SigningCertificatesPerUserQuota", 0},
      {"UserPolicySizeQuota", count(iam::kUserPolicySizeMax)},
      {"Users", count(now.users.size())},
      {"UsersQuota", count(iam::kUsersMax)},
      {"VersionsPerPolicyQuota", count(iam::kPolicyVersionsMax)},
  };
  query::Element map = call.result().Add("SummaryMap");
  for (const auto& [key, value] : entries) {
    query::Element entry = map.Add("entry");
    entry.Text("key", key);
    entry.Number("value", value);
  }
}

Task<Result<void>> GetAccountSummary(Call& call) {
  INSULA_CO_TRY(call.Authorize("*"));
  AnswerSummary(call, *call.iam.Of(call.realm.scope));
  co_return Result<void>();
}

Task<Result<void>> ListAccountAliases(Call& call) {
  call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.Authorize("*"));
  call.result().Add("AccountAliases");
  call.EndPage(std::nullopt);
  co_return Result<void>();
}

Task<Result<void>> GetAccountPasswordPolicy(Call& call) {
  INSULA_CO_TRY(call.Authorize("*"));
  co_return Error(ErrorCode::kNoSuchEntity,
                  "The Password Policy with domain name " + call.realm.account.value() + " cannot be found.");
}

}  // namespace

Operations AccountOperations() {
  static constexpr std::array kOperations = {
      Operation{"GetAccountSummary", GetAccountSummary},
      Operation{"ListAccountAliases", ListAccountAliases},
      Operation{"GetAccountPasswordPolicy", GetAccountPasswordPolicy},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
