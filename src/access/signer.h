// Signs requests as a client does: the other side of authenticator.h.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/signing_key.h"
#include "base/clock.h"
#include "base/crypto.h"

namespace insula::access {

struct ClientCredentials {
  std::string access_key_id;
  std::string secret;
  std::string session_token;  // empty: none
};

// Safe from one thread at a time; keeps the derived key of the last day it signed on.
class Signer {
 public:
  Signer(ClientCredentials credentials, std::string region, std::string service);

  // For "s3" as S3 has it: the path is signed as it is sent, and the body's hash is a header of its own.
  // The headers to send beside `headers` (host among them, all of which are signed): X-Amz-Date, X-Amz-Security-Token
  // where there is a session token, and Authorization.
  std::vector<std::pair<std::string, std::string>> Sign(
      std::string_view method, std::string_view target,
      std::span<const std::pair<std::string_view, std::string_view>> headers, std::string_view body, WallTime time);

  // Not for S3, whose URLs don't sign the body. The target of a presigned URL: `target` with the signature in its
  // query, so that no header but `headers` is needed. `valid_for`: X-Amz-Expires; without it the URL is good as long as
  // a signed request is.
  std::string Presign(std::string_view method, std::string_view target,
                      std::span<const std::pair<std::string_view, std::string_view>> headers, std::string_view body,
                      WallTime time, std::optional<std::chrono::seconds> valid_for);

  const ClientCredentials& credentials() const { return credentials_; }

 private:
  const HmacSha256Key& KeyOf(std::string_view date);
  std::string ScopeOn(std::string_view date) const;

  ClientCredentials credentials_;
  std::string region_;
  std::string service_;
  std::string date_;
  std::optional<HmacSha256Key> key_;
};

}  // namespace insula::access
