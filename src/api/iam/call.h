// One request to IAM, from its parameters to its answer. An operation reads its parameters, has them checked, asks
// whether the caller may, acts, and answers:
//
//   Task<Result<void>> DeleteRole(Call& call) {
//     const std::string name = call.Name("RoleName", kRoleNameMax);
//     INSULA_CO_TRY(call.Check());
//     INSULA_CO_TRY(call.AuthorizeOn<iam::Role>(name));
//     co_return co_await call.iam.roles.Delete(call.realm, name);
//   }
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/iam/iam_facts.h"
#include "api/query/parameters.h"
#include "api/query/query_service.h"
#include "iam/arn.h"
#include "iam/constraints.h"
#include "iam/find.h"
#include "iam/identities.h"
#include "iam/quotas.h"

namespace insula::api::iam_service {

namespace iam = insula::iam;

class Call {
 public:
  // Everything outlives the call. The caller isn't null.
  Call(iam::Identities& identities, const query::Query& query, WallTime now, query::Answer& answer);

  iam::Identities& iam;
  const iam::Realm realm;  // the caller's context, whose account ARNs have
  query::Parameters parameters;
  iam::Constraints constraints;

  // Of parameters. What is wrong with one is said by Check().
  std::string Name(std::string_view parameter, std::size_t length_max);
  // A user's name, or, where it isn't given, that of the user who calls. ValidationException for callers who are none.
  Result<std::string> UserNameOrOwn();
  bool IsOfRoot() const { return query_.caller->grants == nullptr; }
  std::string Arn(std::string_view parameter);
  std::optional<std::string> OptionalArn(std::string_view parameter);
  std::string Path();        // "/" where it isn't given
  std::string PathPrefix();  // "/" where it isn't given
  iam::Tags Tags();
  std::vector<std::string> TagKeys();
  iam::PageRequest Page();
  // One of `values`, of which the first is the default.
  std::string OneOf(std::string_view parameter, const std::vector<std::string_view>& values);

  // ValidationException with what is wrong with the parameters.
  Result<void> Check() const;

  // AccessDenied, in IAM's words, unless the caller may do what it asks for with the resource.
  Result<void> Authorize(std::string_view resource, AskedOfIam asked = {}) const;
  // The same for another action than the request's own: "iam:PassRole".
  Result<void> AuthorizeAs(std::string_view action, std::string_view resource, AskedOfIam asked = {}) const;
  // For the entity with that name, its tags and its boundary; where there is none, for the one that it would be.
  template <class T>
  Result<void> AuthorizeOn(std::string_view name, AskedOfIam asked = {}) const;
  // For the managed policy with that ARN.
  Result<void> AuthorizeOnPolicy(std::string_view arn, AskedOfIam asked = {}) const;

  WallTime now() const { return now_; }
  query::Element result() { return answer_.Result(); }
  // The answer's last members, behind the list.
  void EndPage(const std::optional<std::string>& marker);

 private:
  const query::Query& query_;
  const WallTime now_;
  query::Answer& answer_;
};

template <class T>
Result<void> Call::AuthorizeOn(std::string_view name, AskedOfIam asked) const {
  const iam::SnapshotPtr snapshot = iam.Of(realm.scope);
  const auto found = iam::Find<T>(*snapshot, realm, name);
  if (!found.ok()) {
    T nobody;
    nobody.name = std::string(name);
    return Authorize(iam::ArnOf(realm.account, nobody), std::move(asked));
  }
  const T& entity = **found;
  if constexpr (requires { entity.tags; }) asked.resource_tags = entity.tags;
  if constexpr (requires { entity.boundary; }) {
    const iam::ManagedPolicyPtr bound = entity.boundary ? snapshot->PolicyWithId(*entity.boundary) : nullptr;
    if (bound != nullptr && asked.boundary_arn.empty()) asked.boundary_arn = iam::ArnOf(realm.account, *bound);
  }
  return Authorize(iam::ArnOf(realm.account, entity), std::move(asked));
}

}  // namespace insula::api::iam_service
