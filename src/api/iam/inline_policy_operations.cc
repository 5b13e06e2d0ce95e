// PutUserPolicy, PutGroupPolicy, PutRolePolicy and what else is done with policies that lie within one entity.
#include <array>

#include "api/iam/holder_kinds.h"
#include "api/iam/operations.h"
#include "api/iam/shapes.h"

namespace insula::api::iam_service {
namespace {

template <class T>
Task<Result<void>> PutInline(Call& call) {
  const std::string name = HolderName<T>(call);
  std::string policy = call.parameters.Required("PolicyName");
  std::string document = call.parameters.Required("PolicyDocument");
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<T>(name));
  co_return co_await HolderKind<T>::Policies(call).Put(call.realm, name, std::move(policy), std::move(document));
}

template <class T>
Task<Result<void>> GetInline(Call& call) {
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
Task<Result<void>> DeleteInline(Call& call) {
  const std::string name = HolderName<T>(call);
  const std::string policy = call.Name("PolicyName", iam::kNameMax);
  INSULA_CO_TRY(call.Check());
  INSULA_CO_TRY(call.AuthorizeOn<T>(name));
  co_return co_await HolderKind<T>::Policies(call).Delete(call.realm, name, policy);
}

template <class T>
Task<Result<void>> ListInline(Call& call) {
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
      Operation{"PutUserPolicy", PutInline<iam::User>},       Operation{"PutGroupPolicy", PutInline<iam::Group>},
      Operation{"PutRolePolicy", PutInline<iam::Role>},       Operation{"GetUserPolicy", GetInline<iam::User>},
      Operation{"GetGroupPolicy", GetInline<iam::Group>},     Operation{"GetRolePolicy", GetInline<iam::Role>},
      Operation{"DeleteUserPolicy", DeleteInline<iam::User>}, Operation{"DeleteGroupPolicy", DeleteInline<iam::Group>},
      Operation{"DeleteRolePolicy", DeleteInline<iam::Role>}, Operation{"ListUserPolicies", ListInline<iam::User>},
      Operation{"ListGroupPolicies", ListInline<iam::Group>}, Operation{"ListRolePolicies", ListInline<iam::Role>},
  };
  return kOperations;
}

}  // namespace insula::api::iam_service
