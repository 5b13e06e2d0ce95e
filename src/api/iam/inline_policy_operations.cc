// PutUserPolicy, PutGroupPolicy, PutRolePolicy and what else is done with policies that lie within one entity.
#include <array>

#include "api/iam/holder_kinds.h"
#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

template <class T>
Task<Result<void>> Put(Call& call) {
  const std::string name = HolderName<T>(call);
  std::string policy = call.parameters.Required("PolicyName");
  std::string document = call.parameters.Required("PolicyDocument");
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<T>(name));
  co_return co_await HolderKind<T>::Policies(call).Put(call.realm, name, std::move(policy), std::move(document));
}

template <class T>
Task<Result<void>> Get(Call& call) {
  const std::string name = HolderName<T>(call);
  const std::string policy = call.Name("PolicyName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<T>(name));
  INSULA_CO_ASSIGN(const iam::PolicyText text, HolderKind<T>::Policies(call).Get(call.realm, name, policy));
  INSULA_CO_ASSIGN(const auto holder, iam::Find<T>(*call.iam.Of(call.realm.scope), call.realm, name));
  query::Element result = call.result();
  result.Text(HolderKind<T>::kParameter, holder->name);
  result.Text("PolicyName", policy);
  result.Text("PolicyDocument", PercentEncoded(text.text));
  co_return Result<void>();
}

template <class T>
Task<Result<void>> Delete(Call& call) {
  const std::string name = HolderName<T>(call);
  const std::string policy = call.Name("PolicyName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<T>(name));
  co_return co_await HolderKind<T>::Policies(call).Delete(call.realm, name, policy);
}

template <class T>
Task<Result<void>> List(Call& call) {
  const std::string name = HolderName<T>(call);
  const iam::PageRequest request = call.Page();
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<T>(name));
  INSULA_CO_ASSIGN(const auto page, HolderKind<T>::Policies(call).List(call.realm, name, request));
  query::Element names = call.result().Add("PolicyNames");
  for (const std::string& policy : page.items) names.Text("member", policy);
  call.EndPage(page.marker);
  co_return Result<void>();
}

}  // namespace

Operations InlinePolicyOperations() {
  static constexpr std::array kOperations = {
      Operation{"PutUserPolicy", Put<iam::User>},       Operation{"PutGroupPolicy", Put<iam::Group>},
      Operation{"PutRolePolicy", Put<iam::Role>},       Operation{"GetUserPolicy", Get<iam::User>},
      Operation{"GetGroupPolicy", Get<iam::Group>},     Operation{"GetRolePolicy", Get<iam::Role>},
      Operation{"DeleteUserPolicy", Delete<iam::User>}, Operation{"DeleteGroupPolicy", Delete<iam::Group>},
      Operation{"DeleteRolePolicy", Delete<iam::Role>}, Operation{"ListUserPolicies", List<iam::User>},
      Operation{"ListGroupPolicies", List<iam::Group>}, Operation{"ListRolePolicies", List<iam::Role>},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
