#include "iam/access_keys.h"

#include <algorithm>

#include "iam/find.h"
#include "iam/quotas.h"
#include "iam/refusals.h"

namespace insula::iam {

AccessKeys::AccessKeys(EntityStore& store, access::CredentialStore& credentials)
    : store_(store), credentials_(credentials) {
  for (const access::AccessKey& key : credentials_.List({})) {
    if (const auto* owner = std::get_if<access::UserPrincipal>(&key.owner)) Note(owner->user_id, key.id);
  }
}

Task<Result<access::CreatedKey>> AccessKeys::Create(Realm realm, std::string user) {
  // Its turn keeps others from making keys of the same user, or deleting it, meanwhile.
  const EntityChange turn = co_await store_.Begin(realm.scope);
  INSULA_CO_ASSIGN(const UserPtr owner, Find<User>(turn.now(), realm, user));
  if (Of(*owner).size() >= kAccessKeysPerUserMax) {
    co_return QuotaExceeded("AccessKeysPerUser", kAccessKeysPerUserMax);
  }
  access::NewAccessKey request{access::UserPrincipal{realm.scope, owner->id}, std::nullopt, ""};
  INSULA_CO_ASSIGN(access::CreatedKey created, co_await credentials_.Create(std::move(request)));
  Note(owner->id, created.key.id);
  co_return created;
}

Task<Result<void>> AccessKeys::SetStatus(Realm realm, std::string user, std::string access_key_id,
                                         access::KeyStatus status) {
  const EntityChange turn = co_await store_.Begin(realm.scope);
  INSULA_CO_TRY(OwnerOf(turn.now(), realm, user, access_key_id));
  INSULA_CO_TRY(co_await credentials_.SetStatus(access_key_id, status));
  co_return Result<void>();
}

Task<Result<void>> AccessKeys::Delete(Realm realm, std::string user, std::string access_key_id) {
  const EntityChange turn = co_await store_.Begin(realm.scope);
  INSULA_CO_ASSIGN(const UserPtr owner, OwnerOf(turn.now(), realm, user, access_key_id));
  INSULA_CO_TRY(co_await credentials_.Delete(access_key_id));
  Forget(owner->id, access_key_id);
  co_return Result<void>();
}

Result<Page<access::AccessKey>> AccessKeys::List(const Realm& realm, std::string_view user,
                                                 const PageRequest& page) const {
  INSULA_ASSIGN(const UserPtr owner, Find<User>(*store_.Of(realm.scope), realm, user));
  std::vector<access::AccessKey> keys;
  for (const std::string& id : Of(*owner)) {
    Result<access::AccessKey> key = credentials_.Describe(id);
    if (key.ok()) keys.push_back(*std::move(key));
  }
  return PageOf(std::move(keys), page, [](const access::AccessKey& key) -> const std::string& { return key.id; });
}

Result<UserPtr> AccessKeys::OwnerOf(const Realm& realm, std::string_view access_key_id) const {
  const Result<access::AccessKey> key = credentials_.Describe(access_key_id);
  const auto* owner = key.ok() ? std::get_if<access::UserPrincipal>(&key->owner) : nullptr;
  const UserPtr user = owner == nullptr ? nullptr : store_.Of(realm.scope)->users.WithId(owner->user_id);
  if (user == nullptr) return NoSuchAccessKey(access_key_id);
  return user;
}

std::vector<std::string> AccessKeys::Of(const User& user) const {
  std::vector<std::string> keys;
  {
    const MutexLock lock(mutex_);
    const auto found = by_user_.find(user.id);
    if (found != by_user_.end()) keys = found->second;
  }
  // An operator deletes keys without asking here.
  std::erase_if(keys, [this](const std::string& id) { return !credentials_.Describe(id).ok(); });
  return keys;
}

Task<Result<void>> AccessKeys::DeleteAllOf(UserPtr user) {
  for (const std::string& id : Of(*user)) {
    const Result<void> deleted = co_await credentials_.Delete(id);
    if (!deleted.ok() && deleted.error().code() != ErrorCode::kNotFound) co_return deleted.error();
    Forget(user->id, id);
  }
  co_return Result<void>();
}

Result<UserPtr> AccessKeys::OwnerOf(const Snapshot& now, const Realm& realm, std::string_view user,
                                    std::string_view access_key_id) const {
  INSULA_ASSIGN(UserPtr owner, Find<User>(now, realm, user));
  const std::vector<std::string> keys = Of(*owner);
  if (std::find(keys.begin(), keys.end(), access_key_id) == keys.end()) return NoSuchAccessKey(access_key_id);
  return owner;
}

void AccessKeys::Note(const std::string& user_id, const std::string& access_key_id) {
  const MutexLock lock(mutex_);
  by_user_[user_id].push_back(access_key_id);
}

void AccessKeys::Forget(const std::string& user_id, const std::string& access_key_id) {
  const MutexLock lock(mutex_);
  const auto found = by_user_.find(user_id);
  if (found == by_user_.end()) return;
  std::erase(found->second, access_key_id);
  if (found->second.empty()) by_user_.erase(found);
}

}  // namespace insula::iam
