#include "access/session_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "access/access_key_id.h"
#include "access/session_codec.h"
#include "base/base64.h"

namespace insula::access {
namespace {

constexpr std::string_view kAssociated = "insula session token";
constexpr std::size_t kSealedMax = kSessionTokenMax / 4 * 3;  // what is left of base64

Error InvalidToken() {
  return {ErrorCode::kUnrecognizedClient, "The security token included in the request is invalid."};
}

// The words are those that AWS's own answers have.
Error TooLarge(const Session& session, std::size_t percent) {
  if (session.policy.empty() && session.policy_arns.empty()) {
    return {ErrorCode::kPackedPolicyTooLarge,
            fmt::format("Packed size of session tags consumes {}% of allotted space.", percent)};
  }
  return {ErrorCode::kPackedPolicyTooLarge,
          fmt::format("Packed policy consumes {}% of allotted space, please use smaller policy.", percent)};
}

SecretText SecretOf(const TokenKey& key, std::string_view access_key_id) {
  constexpr std::size_t kSecretBytes = 30;  // 40 characters of base64
  const Sha256Digest digest = key.deriving.Sign(access_key_id);
  std::string secret;
  AppendBase64(AsText(digest).substr(0, kSecretBytes), &secret);
  return SecretText(std::move(secret));
}

}  // namespace

Result<IssuedSession> IssueSession(Session session, const TokenKeys& keys) {
  const TokenKeyPtr key = keys.Current(TokenPurpose::kSession);
  session.access_key_id = DrawAccessKeyId(kSessionPrefix);
  const PackedSession packed = PackSession(session);
  const std::string sealed = key->Seal(kAssociated, packed.bytes);
  const std::size_t without = sealed.size() - packed.rest_size;
  const std::size_t room = without < kSealedMax ? kSealedMax - without : 1;
  const std::size_t percent = (packed.rest_size * 100 + room - 1) / room;
  if (sealed.size() > kSealedMax) return TooLarge(session, std::max<std::size_t>(percent, 101));

  IssuedSession issued;
  issued.secret = SecretOf(*key, session.access_key_id);
  issued.access_key_id = std::move(session.access_key_id);
  issued.packed_policy_size = static_cast<int>(percent);
  AppendBase64(sealed, &issued.token);
  return issued;
}

Result<OpenedSession> OpenSessionToken(std::string_view token, const TokenKeys& keys) {
  if (token.size() > kSessionTokenMax || !IsBase64(token)) return InvalidToken();
  const std::string bytes = DecodeBase64(token);
  std::string_view sealed = bytes;
  const TokenKeyPtr key = keys.Find(TokenPurpose::kSession, &sealed);
  if (key == nullptr) return InvalidToken();
  const Result<std::string> packed = AesGcmOpen(key->sealing.view(), kAssociated, sealed);
  if (!packed.ok()) return InvalidToken();
  Result<Session> session = UnpackSession(*packed);
  if (!session.ok()) return InvalidToken();
  SecretText secret = SecretOf(*key, session->access_key_id);
  return OpenedSession{*std::move(session), std::move(secret)};
}

}  // namespace insula::access
