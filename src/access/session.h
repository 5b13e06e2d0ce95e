// A session: what temporary credentials stand for. It is kept nowhere: its token holds it, sealed (session_token.h).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html
//
// It holds unique ids and not names. Names are used again; a role made anew under an old name isn't the one that was
// assumed. Whoever lets a session act looks up what its ids mean now, and refuses it where they mean nothing any more.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "access/scope.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "model/ids.h"

namespace insula::access {

enum class SessionKind : std::uint8_t {
  kAssumedRole,      // AssumeRole
  kWebIdentityRole,  // AssumeRoleWithWebIdentity
  kFederatedUser,    // GetFederationToken
  kSessionToken,     // GetSessionToken
};

struct SessionTag {
  std::string key;
  std::string value;
  bool transitive = false;  // goes on to the next session of a chain of roles
  friend bool operator==(const SessionTag&, const SessionTag&) = default;
};

// What AssumeRoleWithWebIdentity found in the token that it was given.
struct WebIdentity {
  std::string provider;  // the issuer
  std::string subject;
  std::string audience;
  friend bool operator==(const WebIdentity&, const WebIdentity&) = default;
};

// What a room above made of a session (its policies, compiled). That room derives from it, and knows the type.
struct CompiledSession {
  virtual ~CompiledSession() = default;
};

// Where a room above keeps that beside the session, for as long as the session is cached: at most one thing at a time.
// It isn't part of what a session is: a copy begins empty, and any two are equal. Safe from any thread.
class CompiledSlot {
 public:
  CompiledSlot() = default;
  CompiledSlot(const CompiledSlot&) {}
  CompiledSlot& operator=(const CompiledSlot&) { return *this; }
  friend bool operator==(const CompiledSlot&, const CompiledSlot&) { return true; }

  std::shared_ptr<const CompiledSession> Find() const {
    const MutexLock lock(mutex_);
    return compiled_;
  }
  void Keep(std::shared_ptr<const CompiledSession> compiled) const {
    const MutexLock lock(mutex_);
    compiled_.swap(compiled);
  }

 private:
  mutable Mutex mutex_;
  mutable std::shared_ptr<const CompiledSession> compiled_ INSULA_GUARDED_BY(mutex_);
};

struct Session {
  SessionKind kind = SessionKind::kAssumedRole;
  std::string access_key_id;  // "ASIA…": its own
  // The long-term access key that it comes from, through however many sessions: once that is deactivated or deleted
  // the session is at its end. Empty for a web identity, which had none.
  std::string parent_key_id;

  // The unique id of the role ("AROA…") or of the user ("AIDA…"). Empty for the session token or the federated user of
  // a context's own access key, which acts as the context's root.
  std::string principal_id;
  AccountId account;            // of the role or user
  std::string name;             // RoleSessionName, or the federated user's name; empty for a session token
  std::string source_identity;  // SourceIdentity, once set the same through a chain; empty: none

  // Where it was placed. A tenant's name may mean another tenant later, but `tenant_account` is never given again:
  // the session is good while the name means this account. Empty where `scope` is no tenant's.
  Scope scope;
  AccountId tenant_account;

  std::vector<SessionTag> tags;
  std::string policy;                    // the inline session policy's text; empty: none
  std::vector<std::string> policy_arns;  // of managed session policies

  WallTime issued{};     // aws:TokenIssueTime
  WallTime expires{};    // refused from then on
  bool chained = false;  // assumed by a role's session: one hour at most
  std::optional<WebIdentity> web_identity;

  CompiledSlot compiled;
  friend bool operator==(const Session&, const Session&) = default;
};

}  // namespace insula::access
