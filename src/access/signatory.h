// Whose secret a request says that it is signed with: an access key's, or that of a session.
#pragma once

#include <optional>
#include <string_view>

#include "access/credential_store.h"
#include "access/principal.h"
#include "access/session_cache.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"

namespace insula::access {

// X-Amz-Security-Token as it came.
struct SentToken {
  std::optional<std::string_view> text{};
  bool misplaced = false;  // in a header, while the signature is in the URL
};

struct Signatory {
  CredentialPtr credential;    // the access key, or the one that the session comes from; none for a web identity's
  OpenedSessionPtr session;    // none for an access key
  std::string_view unknown{};  // why it is nobody; a literal, empty for somebody. Nothing below may be asked of nobody

  bool known() const { return unknown.empty(); }
  const SecretText& secret() const { return session != nullptr ? session->secret : credential->secret; }
  SigningKeySlot& signing_key() const { return session != nullptr ? session->signing_key : credential->signing_key; }
  Principal ToPrincipal() const;
  // ExpiredToken once the session or the access key has expired.
  Result<void> CheckExpiry(WallTime now) const;
};

// `sessions`: null where there are none. Safe from any thread.
Signatory FindSignatory(const CredentialStore& credentials, SessionCache* sessions, std::string_view access_key_id,
                        const SentToken& token);

}  // namespace insula::access
