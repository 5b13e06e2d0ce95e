// Instance profiles: kept because Terraform and others make them beside roles; no machine takes a role from one here.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/page.h"
#include "iam/realm.h"

namespace insula::iam {

// A profile and what its role is now; null: it has none.
struct ProfileWithRole {
  InstanceProfilePtr profile;
  RolePtr role;
};

// Safe from any thread; the store outlives it. Errors beside those named: ValidationError for what isn't as AWS wants
// it, NoSuchEntity for a name that isn't there.
class InstanceProfiles {
 public:
  explicit InstanceProfiles(EntityStore& store) : store_(store) {}

  // EntityAlreadyExists, LimitExceeded, InvalidInput (tags).
  Task<Result<InstanceProfilePtr>> Create(Realm realm, std::string name, std::string path, Tags tags);
  Task<Result<void>> Delete(Realm realm, std::string name);  // DeleteConflict while it has a role
  Result<ProfileWithRole> Find(const Realm& realm, std::string_view name) const;
  Page<ProfileWithRole> List(const Realm& realm, std::string_view path_prefix, const PageRequest& page) const;
  Result<Page<ProfileWithRole>> ForRole(const Realm& realm, std::string_view role, const PageRequest& page) const;

  Task<Result<void>> AddRole(Realm realm, std::string name, std::string role);  // LimitExceeded: it has one
  Task<Result<void>> RemoveRole(Realm realm, std::string name, std::string role);

 private:
  EntityStore& store_;
};

}  // namespace insula::iam
