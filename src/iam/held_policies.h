// The policies of users, groups and roles: those within them, those attached to them, and their boundaries.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/page.h"
#include "iam/realm.h"

namespace insula::iam {

// A policy as a request gives it, compiled. MalformedPolicyDocument.
Result<PolicyText> CompilePolicy(std::string text, policy::DocumentKind kind);

// Of users, groups or roles: T is User, Group or Role. Safe from any thread; the store outlives it. `holder` is the
// entity's name; NoSuchEntity if there is none of that name.
template <class T>
class HeldPolicyFace {
 public:
  explicit HeldPolicyFace(EntityStore& store) : store_(store) {}

  // In the place of the one with that name. MalformedPolicyDocument, LimitExceeded, ValidationError.
  Task<Result<void>> Put(Realm realm, std::string holder, std::string policy_name, std::string document);
  Task<Result<void>> Delete(Realm realm, std::string holder, std::string policy_name);  // NoSuchEntity
  Result<PolicyText> Get(const Realm& realm, std::string_view holder, std::string_view policy_name) const;
  Result<Page<std::string>> List(const Realm& realm, std::string_view holder, const PageRequest& page) const;

  // Nothing changes if it is attached already. NoSuchEntity, LimitExceeded, ValidationError for what is no ARN.
  Task<Result<void>> Attach(Realm realm, std::string holder, std::string policy_arn);
  Task<Result<void>> Detach(Realm realm, std::string holder, std::string policy_arn);
  Result<Page<ManagedPolicyPtr>> ListAttached(const Realm& realm, std::string_view holder, std::string_view path_prefix,
                                              const PageRequest& page) const;

 private:
  EntityStore& store_;
};

extern template class HeldPolicyFace<User>;
extern template class HeldPolicyFace<Group>;
extern template class HeldPolicyFace<Role>;

// Of users or roles.
template <class T>
class BoundaryFace {
 public:
  explicit BoundaryFace(EntityStore& store) : store_(store) {}

  Task<Result<void>> Put(Realm realm, std::string holder, std::string policy_arn);  // NoSuchEntity
  Task<Result<void>> Delete(Realm realm, std::string holder);                       // nothing changes if there is none

 private:
  EntityStore& store_;
};

extern template class BoundaryFace<User>;
extern template class BoundaryFace<Role>;

}  // namespace insula::iam
