// Session tokens: a session, sealed, so that a server keeps nothing of it and every gateway knows it again.
//
//   token   := base64(sealed)                       at most kSessionTokenMax characters
//   sealed  := generation(varint) nonce ciphertext tag       (TokenKey::Seal, purpose kSession)
//   plain   := session_codec.h
//
// The secret isn't in it: it is derived of the token key and the session's access key id.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "access/session.h"
#include "access/signing_key.h"
#include "access/token_keys.h"
#include "base/crypto.h"
#include "base/result.h"

namespace insula::access {

inline constexpr std::size_t kSessionTokenMax = 4096;  // characters

// What STS answers with: https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
struct IssuedSession {
  std::string access_key_id;  // "ASIA…", drawn
  SecretText secret;          // 40 characters
  std::string token;
  int packed_policy_size = 0;  // PackedPolicySize: percent of the room that a token has for policies and tags
};

// Seals `session`, whose access key id is drawn here. PackedPolicyTooLarge where its policies and tags have no room.
// Safe from any thread.
Result<IssuedSession> IssueSession(Session session, const TokenKeys& keys);

// A session as verifying a signature needs it.
struct OpenedSession {
  Session session;
  SecretText secret;
  mutable SigningKeySlot signing_key{};
};

// UnrecognizedClient, in AWS's words, for whatever IssueSession of these keys didn't give. An expired one opens: its
// bearer is told so. Safe from any thread.
Result<OpenedSession> OpenSessionToken(std::string_view token, const TokenKeys& keys);

}  // namespace insula::access
