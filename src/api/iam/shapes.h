// Entities as IAM's answers have them. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Types.html
#pragma once

#include <string>
#include <string_view>

#include "api/query/element.h"
#include "iam/arn.h"
#include "iam/instance_profiles.h"
#include "iam/policies.h"
#include "iam/snapshot.h"

namespace insula::api::iam_service {

// Documents are percent-encoded in answers (RFC 3986), so that no XML parser touches their white space.
std::string PercentEncoded(std::string_view text);

// Writes what describes entities of one account. `now` outlives it.
class Shapes {
 public:
  Shapes(const AccountId& account, const insula::iam::Snapshot& now) : account_(account), now_(now) {}

  // How much of an entity there is to see: lists leave out what each Get… has.
  enum class Detail { kListed, kCreated, kWhole };

  void User(query::Element to, const insula::iam::User& user, Detail detail) const;
  void Group(query::Element to, const insula::iam::Group& group) const;
  void Role(query::Element to, const insula::iam::Role& role, Detail detail) const;
  void Policy(query::Element to, const insula::iam::PolicyUse& use, Detail detail) const;
  void Version(query::Element to, const insula::iam::ManagedPolicy& policy, const insula::iam::PolicyVersion& version,
               bool with_document) const;
  void Profile(query::Element to, const insula::iam::ProfileWithRole& profile, Detail detail) const;
  void Attached(query::Element to, const insula::iam::ManagedPolicy& policy) const;

  // "Tags" below `to`, if there are any, and "PermissionsBoundary", if there is one.
  void TagsIn(query::Element to, const insula::iam::Tags& tags) const;
  void BoundaryIn(query::Element to, const std::optional<std::string>& id) const;

 private:
  const AccountId& account_;
  const insula::iam::Snapshot& now_;
};

}  // namespace insula::api::iam_service
