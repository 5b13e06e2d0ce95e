// The Authorization header taken apart, with AWS's words for what is wrong with its form.
#pragma once

#include <string_view>

#include "access/authenticator.h"
#include "base/result.h"

namespace insula::access {

// Views into the request.
struct AuthorizationHeader {
  std::string_view algorithm;
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
  std::string_view date;  // X-Amz-Date, or Date where there is none; trimmed
};

// MissingAuthenticationToken, IncompleteSignature, InvalidSignature.
Result<AuthorizationHeader> ReadAuthorizationHeader(const SignedRequest& request);

}  // namespace insula::access
