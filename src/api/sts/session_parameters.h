// What the operations that give temporary credentials have in common: the parameters that a session is made of.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/session.h"
#include "api/query/parameters.h"
#include "base/result.h"

namespace insula::api::sts {

// Names of sessions and federated users, and source identities: "[\w+=,.@-]*".
query::TextRule NameRule(std::size_t length_min, std::size_t length_max);
query::TextRule ArnRule();

struct SessionPolicies {
  std::string policy;             // empty: none
  std::vector<std::string> arns;  // of managed policies
};
SessionPolicies ReadPolicies(query::Parameters* parameters);
// MalformedPolicyDocument; NoSuchEntity isn't said here: a policy that isn't there allows nothing.
Result<void> CheckPolicies(const SessionPolicies& policies);

// Tags and TransitiveTagKeys.
struct GivenTags {
  std::vector<access::SessionTag> tags;
  std::vector<std::string> transitive_keys;
};
GivenTags ReadTags(query::Parameters* parameters, bool with_transitive);
// Those that the session has, with what a chained one inherits from the caller's session. InvalidParameterValue for
// keys that come twice, whatever their case, for transitive keys that no tag has, and for what would take an inherited
// tag's place.
Result<std::vector<access::SessionTag>> TagsOf(GivenTags given, const access::Session* caller);

}  // namespace insula::api::sts
