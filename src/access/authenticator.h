// AWS Signature Version 4, header form, on every request.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "access/principal.h"
#include "base/clock.h"
#include "base/result.h"

namespace insula::access {

class CredentialStore;

// A request as it came: header names in any case, values untrimmed. Views must outlive the call.
struct SignedRequest {
  std::string_view method;
  std::string_view target;  // path and query, raw
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
};

struct Authenticated {
  Principal principal;
  std::string_view service;  // of the credential scope: "dynamodb", "sts", "insula" …; into the Authorization header
};

// Safe from any thread. Costs the same for unknown keys as for known ones, and compares in constant time.
class Authenticator {
 public:
  Authenticator(const CredentialStore& credentials, Clock& clock, std::string region);
  // MissingAuthenticationToken, IncompleteSignature, InvalidSignature, UnrecognizedClient, AccessDenied,
  // ExpiredToken, with AWS's messages.
  Result<Authenticated> Verify(const SignedRequest& request) const;

 private:
  const CredentialStore& credentials_;
  Clock& clock_;
  std::string region_;
};

}  // namespace insula::access
