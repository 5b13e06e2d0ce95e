// Users. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "iam/access_keys.h"
#include "iam/entity_store.h"
#include "iam/page.h"
#include "iam/realm.h"

namespace insula::iam {

struct NewUser {
  std::string name;
  std::string path = "/";
  std::optional<std::string> boundary_arn{};
  Tags tags{};
};

// Safe from any thread; what it is made of outlives it. Errors beside those named: ValidationError for what isn't as
// AWS wants it, NoSuchEntity for a name that isn't there.
class Users {
 public:
  Users(EntityStore& store, const AccessKeys& keys) : store_(store), keys_(keys) {}

  // EntityAlreadyExists, LimitExceeded, InvalidInput (tags).
  Task<Result<UserPtr>> Create(Realm realm, NewUser request);
  // What policies say of the user by ARN goes on to mean it: trust policies are rewritten. EntityAlreadyExists.
  Task<Result<void>> Rename(Realm realm, std::string name, std::optional<std::string> new_name,
                            std::optional<std::string> new_path);
  // DeleteConflict while it has policies, groups or access keys.
  Task<Result<void>> Delete(Realm realm, std::string name);
  Result<UserPtr> Find(const Realm& realm, std::string_view name) const;
  Page<UserPtr> List(const Realm& realm, std::string_view path_prefix, const PageRequest& page) const;

 private:
  EntityStore& store_;
  const AccessKeys& keys_;
};

}  // namespace insula::iam
