// Managed policies and their versions.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "iam/entity_store.h"
#include "iam/page.h"
#include "iam/realm.h"

namespace insula::iam {

struct NewPolicy {
  std::string name;
  std::string path = "/";
  std::string document;
  std::optional<std::string> description{};
  Tags tags{};
};

// Which policies List returns.
struct PolicyFilter {
  bool aws = true;    // AWS's own
  bool local = true;  // the scope's
  bool only_attached = false;
  std::string path_prefix = "/";
  bool as_permissions = true;  // with only_attached: to somebody
  bool as_boundary = false;    // with only_attached: as somebody's boundary
};

// A policy, and how many users, groups and roles it is attached to or the boundary of.
struct PolicyUse {
  ManagedPolicyPtr policy;
  std::size_t attachments = 0;
  std::size_t boundaries = 0;
};

// Whom a policy is attached to.
struct PolicyHolders {
  std::vector<UserPtr> users;
  std::vector<GroupPtr> groups;
  std::vector<RolePtr> roles;
};

// "v12" as 12; nullopt for what is no version's id.
std::optional<std::int64_t> ParseVersionId(std::string_view id);
std::string VersionId(std::int64_t number);

// Safe from any thread; the store outlives it. Errors beside those named: ValidationError for what isn't as AWS wants
// it, NoSuchEntity for an ARN that nothing has, AccessDenied for a change of AWS's own.
class Policies {
 public:
  explicit Policies(EntityStore& store) : store_(store) {}

  // EntityAlreadyExists, LimitExceeded, MalformedPolicyDocument, InvalidInput (tags).
  Task<Result<ManagedPolicyPtr>> Create(Realm realm, NewPolicy request);
  // DeleteConflict while it is attached, is a boundary, or has versions beside the default one.
  Task<Result<void>> Delete(Realm realm, std::string arn);
  Result<PolicyUse> Find(const Realm& realm, std::string_view arn) const;
  Page<PolicyUse> List(const Realm& realm, const PolicyFilter& filter, const PageRequest& page) const;

  // LimitExceeded beyond five, MalformedPolicyDocument. A number isn't given twice.
  Task<Result<PolicyVersion>> CreateVersion(Realm realm, std::string arn, std::string document, bool set_as_default);
  Task<Result<void>> SetDefaultVersion(Realm realm, std::string arn, std::string version_id);
  Task<Result<void>> DeleteVersion(Realm realm, std::string arn,
                                   std::string version_id);  // DeleteConflict: the default
  Result<PolicyVersion> FindVersion(const Realm& realm, std::string_view arn, std::string_view version_id) const;

  Result<PolicyHolders> Holders(const Realm& realm, std::string_view arn, bool as_boundary) const;

 private:
  EntityStore& store_;
};

}  // namespace insula::iam
