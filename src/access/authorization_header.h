// Where a request carries its signature, taken apart: the Authorization header, or the query of a presigned URL; with
// AWS's words for what is wrong with its form.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "access/authenticator.h"
#include "base/error.h"
#include "base/result.h"

namespace insula::access {

Error IncompleteSignature(std::string message);

// What a presigned URL says of its signature, decoded.
struct QueryAuthorization {
  std::optional<std::string> algorithm, credential, signed_headers, signature, date, expires, security_token;
};

// Views into the request or the QueryAuthorization.
struct Authorization {
  std::string_view algorithm;
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
  std::string_view date;  // X-Amz-Date, or the header Date where there is none; trimmed

  bool in_query = false;  // then also:
  std::optional<std::string_view> security_token;
  std::optional<std::chrono::seconds> valid_for;  // X-Amz-Expires: from 1 second to 7 days
};

// MissingAuthenticationToken, IncompleteSignature, InvalidSignature. `query` keeps what the views of the query form
// need.
Result<Authorization> ReadAuthorization(const SignedRequest& request, QueryAuthorization* query);

}  // namespace insula::access
