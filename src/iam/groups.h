// Groups of users. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/page.h"
#include "iam/realm.h"

namespace insula::iam {

// Safe from any thread; the store outlives it. Errors beside those named: ValidationError for what isn't as AWS wants
// it, NoSuchEntity for a name that isn't there.
class Groups {
 public:
  explicit Groups(EntityStore& store) : store_(store) {}

  Task<Result<GroupPtr>> Create(Realm realm, std::string name, std::string path);  // EntityAlreadyExists, LimitExceeded
  Task<Result<void>> Rename(Realm realm, std::string name, std::optional<std::string> new_name,
                            std::optional<std::string> new_path);  // EntityAlreadyExists
  Task<Result<void>> Delete(Realm realm, std::string name);        // DeleteConflict while it has policies or members
  Result<GroupPtr> Find(const Realm& realm, std::string_view name) const;
  Page<GroupPtr> List(const Realm& realm, std::string_view path_prefix, const PageRequest& page) const;

  Task<Result<void>> AddUser(Realm realm, std::string group, std::string user);     // LimitExceeded
  Task<Result<void>> RemoveUser(Realm realm, std::string group, std::string user);  // NoSuchEntity, also for no member
  Result<Page<UserPtr>> Members(const Realm& realm, std::string_view group, const PageRequest& page) const;
  Result<Page<GroupPtr>> Of(const Realm& realm, std::string_view user, const PageRequest& page) const;

 private:
  EntityStore& store_;
};

}  // namespace insula::iam
