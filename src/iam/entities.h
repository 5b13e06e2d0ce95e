// IAM's entities as they are kept: values that don't change. A change makes a new one, which takes the old one's place.
//
// They name each other by unique id, so that a new name, or another entity of an old one's name, means nothing to what
// is attached. An ARN holds the number of an account, which the scope's names have at the time; it is made when it is
// asked for (arn.h) and kept nowhere.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "policy/document.h"

namespace insula::iam {

// The keys of one entity's tags are different whatever their case.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
struct Tag {
  std::string key;
  std::string value;
  friend bool operator==(const Tag&, const Tag&) = default;
};
using Tags = std::vector<Tag>;

// A policy's text as it was put, character by character, and what it means.
struct PolicyText {
  std::string text;
  policy::DocumentPtr document;
};

// What every entity has. Names are unique within their scope and kind, whatever their case.
struct Entity {
  std::string id;  // "AROA…" (21 characters): never given again
  std::string name;
  std::string path = "/";
  WallTime created{};
};

// The policies of a user, a group or a role.
struct HeldPolicies {
  std::map<std::string, PolicyText> inline_policies;  // by name
  std::vector<std::string> attached;                  // managed policies' ids, in the order of attaching
};

struct User : Entity {
  HeldPolicies policies;
  std::optional<std::string> boundary;  // a managed policy's id
  std::vector<std::string> groups;      // their ids, in the order of joining
  Tags tags;
};

struct Group : Entity {
  HeldPolicies policies;
};

struct Role : Entity {
  PolicyText trust;
  std::optional<std::string> description;
  std::int64_t session_seconds_max = 3600;  // 3,600 to 43,200
  HeldPolicies policies;
  std::optional<std::string> boundary;  // a managed policy's id
  Tags tags;
  std::optional<WallTime> last_used;  // to the hour
  std::string last_used_region;
};

struct PolicyVersion {
  std::int64_t number = 1;  // "v1"
  WallTime created{};
  PolicyText policy;
};

struct ManagedPolicy : Entity {
  std::optional<std::string> description;
  WallTime updated{};
  std::int64_t default_version = 1;
  std::int64_t last_version = 1;        // the highest number that was ever given
  std::vector<PolicyVersion> versions;  // in order of their numbers; the default one is among them
  Tags tags;
  bool is_aws = false;  // one of AWS's own, the same in every scope

  const PolicyVersion* Version(std::int64_t number) const;
  const PolicyVersion& Default() const;
};

struct InstanceProfile : Entity {
  std::optional<std::string> role;  // its id
  Tags tags;
};

using UserPtr = std::shared_ptr<const User>;
using GroupPtr = std::shared_ptr<const Group>;
using RolePtr = std::shared_ptr<const Role>;
using ManagedPolicyPtr = std::shared_ptr<const ManagedPolicy>;
using InstanceProfilePtr = std::shared_ptr<const InstanceProfile>;

}  // namespace insula::iam
