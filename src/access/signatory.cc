#include "access/signatory.h"

#include <utility>

#include "access/access_key_id.h"

namespace insula::access {
namespace {

Signatory Nobody(std::string_view why) { return {nullptr, nullptr, why}; }

}  // namespace

Principal Signatory::ToPrincipal() const {
  if (session == nullptr) return PrincipalOf(credential->key.id, credential->key.owner);
  return {session->session.access_key_id, SessionPrincipal{{session, &session->session}}};
}

Result<void> Signatory::CheckExpiry(WallTime now) const {
  const bool session_over = session != nullptr && now >= session->session.expires;
  const bool key_over = credential != nullptr && credential->key.expires && now >= *credential->key.expires;
  if (!session_over && !key_over) return {};
  return Error(ErrorCode::kExpiredToken, "The security token included in the request is expired");
}

Signatory FindSignatory(const CredentialStore& credentials, SessionCache* sessions, std::string_view access_key_id,
                        const SentToken& token) {
  if (token.misplaced) return Nobody("a session token in a header, and the signature in the URL");
  if (!token.text) {
    if (CredentialPtr credential = credentials.Find(access_key_id)) return {std::move(credential), nullptr};
    return Nobody(access_key_id.starts_with(kSessionPrefix) ? "no session token, and the access key is a session's"
                                                            : "an access key that isn't known");
  }
  if (sessions == nullptr) return Nobody("a session token, and there are no sessions here");
  Result<OpenedSessionPtr> opened = sessions->Open(*token.text);
  if (!opened.ok()) return Nobody("a session token that wasn't given here");
  const Session& session = (*opened)->session;
  if (session.access_key_id != access_key_id) return Nobody("not the session token of the access key");
  if (session.parent_key_id.empty()) return {nullptr, *std::move(opened)};
  CredentialPtr parent = credentials.Find(session.parent_key_id);
  if (parent == nullptr) return Nobody("a session of an access key that is gone or inactive");
  return {std::move(parent), *std::move(opened)};
}

}  // namespace insula::access
