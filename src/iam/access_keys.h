// The access keys of users. The keys themselves are in access/credential_store.h; here is whose they are and how many.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/credential_store.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/page.h"
#include "iam/realm.h"

namespace insula::iam {

// Safe from any thread; the stores outlive it. NoSuchEntity for a user that isn't there, or a key that isn't its.
class AccessKeys {
 public:
  // Takes in the keys that there are. Users' keys are made through this alone from then on.
  AccessKeys(EntityStore& store, access::CredentialStore& credentials);

  Task<Result<access::CreatedKey>> Create(Realm realm, std::string user);  // LimitExceeded beyond two
  Task<Result<void>> SetStatus(Realm realm, std::string user, std::string access_key_id, access::KeyStatus status);
  Task<Result<void>> Delete(Realm realm, std::string user, std::string access_key_id);
  Result<Page<access::AccessKey>> List(const Realm& realm, std::string_view user, const PageRequest& page) const;
  // The user of the realm whose key it is.
  Result<UserPtr> OwnerOf(const Realm& realm, std::string_view access_key_id) const;

  std::vector<std::string> Of(const User& user) const;  // their ids, the oldest first
  // All keys of a user that is about to go.
  Task<Result<void>> DeleteAllOf(UserPtr user);

 private:
  void Note(const std::string& user_id, const std::string& access_key_id);
  void Forget(const std::string& user_id, const std::string& access_key_id);
  Result<UserPtr> OwnerOf(const Snapshot& now, const Realm& realm, std::string_view user,
                          std::string_view access_key_id) const;

  EntityStore& store_;
  access::CredentialStore& credentials_;
  mutable Mutex mutex_;
  std::unordered_map<std::string, std::vector<std::string>> by_user_ INSULA_GUARDED_BY(mutex_);  // by unique ids
};

}  // namespace insula::iam
