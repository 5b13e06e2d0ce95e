// AttachUserPolicy, AttachGroupPolicy, AttachRolePolicy, their opposites, and the lists of what is attached.
#include <array>

#include "api/iam/holder_kinds.h"
#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

template <class T>
Result<std::pair<std::string, std::string>> HolderAndArn(Call& call) {
  std::string name = HolderName<T>(call);
  std::string arn = call.Arn("PolicyArn");
  INSULA_TRY(call.Check());
  AskedOfIam asked;
  asked.policy_arn = arn;
  INSULA_TRY(call.AuthorizeOn<T>(name, std::move(asked)));
  return std::pair(std::move(name), std::move(arn));
}

template <class T>
Task<Result<void>> AttachTo(Call& call) {
  INSULA_CO_ASSIGN(const auto asked, HolderAndArn<T>(call));
  co_return co_await HolderKind<T>::Policies(call).Attach(call.realm, asked.first, asked.second);
}

template <class T>
Task<Result<void>> DetachFrom(Call& call) {
  INSULA_CO_ASSIGN(const auto asked, HolderAndArn<T>(call));
  co_return co_await HolderKind<T>::Policies(call).Detach(call.realm, asked.first, asked.second);
}

template <class T>
Task<Result<void>> ListAttachedTo(Call& call) {
  const std::string name = HolderName<T>(call);
  const std::string prefix = call.PathPrefix();
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<T>(name));
  INSULA_CO_ASSIGN(const auto page, HolderKind<T>::Policies(call).ListAttached(call.realm, name, prefix, request));
  const iam::SnapshotPtr now = call.iam.Of(call.realm.scope);
  const Shapes shapes(call.realm.account, *now);
  query::Element policies = call.result().Add("AttachedPolicies");
  for (const iam::ManagedPolicyPtr& policy : page.items) shapes.Attached(policies.Add("member"), *policy);
  call.EndPage(page.marker);
  co_return Result<void>();
}

}  // namespace

Operations AttachedPolicyOperations() {
  static constexpr std::array kOperations = {
      Operation{"AttachUserPolicy", AttachTo<iam::User>},
      Operation{"AttachGroupPolicy", AttachTo<iam::Group>},
      Operation{"AttachRolePolicy", AttachTo<iam::Role>},
      Operation{"DetachUserPolicy", DetachFrom<iam::User>},
      Operation{"DetachGroupPolicy", DetachFrom<iam::Group>},
      Operation{"DetachRolePolicy", DetachFrom<iam::Role>},
      Operation{"ListAttachedUserPolicies", ListAttachedTo<iam::User>},
      Operation{"ListAttachedGroupPolicies", ListAttachedTo<iam::Group>},
      Operation{"ListAttachedRolePolicies", ListAttachedTo<iam::Role>},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
