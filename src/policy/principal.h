// Who makes a request, as policies see it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "policy/condition_key.h"
#include "policy/fact.h"

namespace insula::policy {

// Tags to be found by key, whatever the case of its letters: "Tenant" and "tenant" are one tag to IAM.
class Tags {
 public:
  Tags() = default;
  // Of two pairs whose keys differ in case only, the first counts.
  explicit Tags(const std::vector<std::pair<std::string, std::string>>& pairs);

  // `small_key`: in small letters. The view lasts as long as these tags. An empty value is a value.
  Fact Find(std::string_view small_key) const;
  std::size_t size() const { return tags_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> tags_;  // key in small letters, value; sorted by key
};

enum class PrincipalType : std::uint8_t {
  kRoot,           // an account itself; everything is allowed to it that nothing forbids
  kUser,           // an IAM user, also with the keys of GetSessionToken
  kAssumedRole,    // a session of a role
  kFederatedUser,  // a session of GetFederationToken
  kWebIdentity,  // who shows a token of an identity provider to AssumeRoleWithWebIdentity: no policy but a role's trust
};

struct Principal {
  PrincipalType type = PrincipalType::kUser;
  // "arn:aws:iam::111122223333:root", "…:user/path/alice", "arn:aws:sts::111122223333:assumed-role/Reader/session",
  // "arn:aws:sts::111122223333:federated-user/bob". Empty for a web identity.
  std::string arn;
  // Of a session: the ARN of its role, or of the user who asked for a federated session. aws:PrincipalArn of a role's
  // session is this.
  std::string source_arn;
  std::string account;  // "111122223333"
  std::string
      unique_id;       // "AIDA…" of a user, "AROA…" of the role of a session; what a policy may name in an ARN's place
  std::string userid;  // aws:userid: "AIDA…", "AROA…:session", "111122223333:bob"; of the root, its account
  std::string username;  // a user's name; of others, empty
  std::string
      provider;  // ARN or name of the identity provider that vouched: aws:FederatedProvider, "Federated" in trusts
  std::string source_identity;
  std::string organization;              // aws:PrincipalOrgID
  std::string organization_path;         // the one of aws:PrincipalOrgPaths: "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"
  Tags tags;                             // a user's, or a session's together with its role's
  std::optional<WallTime> token_issued;  // of temporary credentials
  std::optional<bool> multi_factor;      // of temporary credentials: whether they were made with MFA
  std::optional<std::int64_t> multi_factor_age_s;

  // What this principal says to a key; absent for keys that are none of its own.
  Fact Find(KeyName name, std::string_view detail) const;
};

}  // namespace insula::policy
