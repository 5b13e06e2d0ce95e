// What the kinds of entities have in common: how one is found by what a request calls it, and edited.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/realm.h"
#include "iam/refusals.h"
#include "iam/snapshot.h"

namespace insula::iam {

// By name, or a managed policy by its ARN, also AWS's own. NoSuchEntity; ValidationError for what is no policy's ARN.
template <class T>
Result<std::shared_ptr<const T>> Find(const Snapshot& now, const Realm& realm, std::string_view key);
template <>
Result<UserPtr> Find<User>(const Snapshot& now, const Realm& realm, std::string_view key);
template <>
Result<GroupPtr> Find<Group>(const Snapshot& now, const Realm& realm, std::string_view key);
template <>
Result<RolePtr> Find<Role>(const Snapshot& now, const Realm& realm, std::string_view key);
template <>
Result<ManagedPolicyPtr> Find<ManagedPolicy>(const Snapshot& now, const Realm& realm, std::string_view key);
template <>
Result<InstanceProfilePtr> Find<InstanceProfile>(const Snapshot& now, const Realm& realm, std::string_view key);

// The managed policy of that ARN; null: there is none.
ManagedPolicyPtr PolicyWithArn(const Snapshot& now, const Realm& realm, std::string_view arn);
// Its id, to attach it. NoSuchEntity, or ValidationError for what is no policy's ARN.
Result<std::string> AttachableId(const Snapshot& now, const Realm& realm, std::string_view arn);
// The same for a permissions boundary, which messages call a scope.
Result<std::string> BoundaryId(const Snapshot& now, const Realm& realm, std::string_view arn);

// Takes its turn, has `edit(now, entity)` change a copy of what `key` names, and commits that. Errors are Find's,
// `edit`'s and Commit's. `edit` holds what it needs by value. AccessDenied for a policy of AWS's own.
template <class T, class Edit>
Task<Result<std::shared_ptr<const T>>> EditEntity(EntityStore* store, Realm realm, std::string key, Edit edit) {
  EntityChange change = co_await store->Begin(realm.scope);
  INSULA_CO_ASSIGN(const std::shared_ptr<const T> old, Find<T>(change.now(), realm, key));
  if constexpr (std::is_same_v<T, ManagedPolicy>) {
    if (old->is_aws) co_return AwsPolicyUnmodifiable(key);
  }
  T next = *old;
  INSULA_CO_TRY(edit(change.now(), next));
  auto made = std::make_shared<const T>(std::move(next));
  change.Put(made);
  INSULA_CO_TRY(co_await change.Commit());
  co_return made;
}

}  // namespace insula::iam
