#include "operations/core/permission.h"

#include "policy/denial.h"
#include "policy/evaluate.h"
#include "policy/root.h"

namespace insula::operations {

policy::Grants RootOf(const AccountId& account) {
  policy::Grants root;
  root.principal = policy::RootOf(account.value());
  return root;
}

Result<void> MustBeAllowed(const Caller& caller, const policy::Action& action, const Resource& resource,
                           const CallerFacts& facts, WallTime now) {
  if (caller.grants == nullptr && resource.policy == nullptr) return {};
  policy::Request request(action, resource.arn, resource.account, now, facts);
  request.is_of_own_account = resource.is_of_own_context;
  const auto judge = [&](const policy::Grants& grants) -> Result<void> {
    const policy::Verdict verdict = policy::Evaluate(grants, resource.policy, request);
    if (verdict.allowed()) return {};
    return Error(ErrorCode::kAccessDenied, policy::DenialMessage(grants.principal, request, verdict));
  };
  return caller.grants == nullptr ? judge(RootOf(tenancy::AccountOf(caller.context))) : judge(*caller.grants);
}

}  // namespace insula::operations
