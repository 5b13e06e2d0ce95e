// Roles. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/page.h"
#include "iam/realm.h"

namespace insula::iam {

struct NewRole {
  std::string name;
  std::string path = "/";
  std::string trust;  // a policy document
  std::optional<std::string> description{};
  std::int64_t session_seconds_max = 3600;
  std::optional<std::string> boundary_arn{};
  Tags tags{};
};

// Safe from any thread; the store outlives it. Errors beside those named: ValidationError for what isn't as AWS wants
// it, NoSuchEntity for a name that isn't there.
class Roles {
 public:
  explicit Roles(EntityStore& store) : store_(store) {}

  // EntityAlreadyExists, LimitExceeded, MalformedPolicyDocument, InvalidInput (tags).
  Task<Result<RolePtr>> Create(Realm realm, NewRole request);
  // What isn't given stays as it is.
  Task<Result<RolePtr>> Update(Realm realm, std::string name, std::optional<std::string> description,
                               std::optional<std::int64_t> session_seconds_max);
  Task<Result<void>> UpdateTrust(Realm realm, std::string name, std::string trust);  // MalformedPolicyDocument, …
  // DeleteConflict while it has policies or is in an instance profile.
  Task<Result<void>> Delete(Realm realm, std::string name);
  Result<RolePtr> Find(const Realm& realm, std::string_view name) const;
  Page<RolePtr> List(const Realm& realm, std::string_view path_prefix, const PageRequest& page) const;

  // Remembers that the role with this id was used now, if an hour has gone by since that was remembered last; else it
  // costs a look-up. Nothing happens if there is no such role.
  Task<Result<void>> NoteUse(std::string role_id, std::string region);

 private:
  EntityStore& store_;
};

}  // namespace insula::iam
