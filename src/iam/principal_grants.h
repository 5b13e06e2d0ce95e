// What users and sessions may do by themselves, as the policy room evaluates it: made of what is kept, once, and again
// after whatever changes it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "access/session.h"
#include "base/mutex.h"
#include "base/seeded_hash.h"
#include "iam/entity_store.h"
#include "policy/grants.h"

namespace insula::iam {

// What a principal's organization adds to its grants: its ids, its service control policies. Safe from any thread.
class OrganizationGrants {
 public:
  virtual ~OrganizationGrants() = default;
  virtual void AddTo(const AccountId& account, policy::Grants* grants) const = 0;
  // Another number than before once anything that AddTo adds is another.
  virtual std::uint64_t revision() const = 0;
};

// Safe from any thread. What it gives is valid for one request: the next one asks again, which costs a look-up and two
// comparisons while nothing has changed. A change counts for every request that asks after it was made.
class PrincipalGrants {
 public:
  // Both outlive it; no organization: none adds anything.
  PrincipalGrants(const EntityStore& store, const OrganizationGrants* organization)
      : store_(store), organization_(organization) {}

  // Of a user by its own key. `account`: the number that its ARN has. Null: there is no such user any more.
  policy::GrantsPtr OfUser(std::string_view user_id, const AccountId& account) const;

  // Of a session: the policies of its role or user, with its own. They stay with the session (its slot `compiled`).
  // Null: its role or user is no more. A session of a context's own key is the context's root, or somebody whom it
  // gave a part of what it may. That the session's parent key and tenant are still there isn't looked at.
  policy::GrantsPtr OfSession(const access::Session& session) const;

 private:
  struct Made;
  using MadePtr = std::shared_ptr<const Made>;

  bool Valid(const Made& made) const;
  static policy::GrantsPtr GrantsIn(MadePtr made);
  MadePtr MakeOfUser(std::string_view user_id, const AccountId& account) const;
  MadePtr MakeOfSession(const access::Session& session) const;

  static constexpr std::size_t kUsersKept = 20'000;

  const EntityStore& store_;
  const OrganizationGrants* const organization_;
  mutable SharedMutex mutex_;
  mutable std::unordered_map<std::string, MadePtr, SeededTextHash, std::equal_to<>> users_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::iam
