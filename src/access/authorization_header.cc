#include "access/authorization_header.h"

#include <fmt/format.h>

#include "access/canonical_request.h"

namespace insula::access {
namespace {

Error Incomplete(std::string message) { return {ErrorCode::kIncompleteSignature, std::move(message)}; }

Error MissingToken() { return {ErrorCode::kMissingAuthenticationToken, "Request is missing Authentication Token"}; }

// A request that carries its signature in its query isn't accepted; what its query lacks is said as AWS says it.
Error QueryForm(std::string_view target) {
  std::string message;
  for (const std::string_view name :
       {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"}) {
    std::string value;
    if (!FindQueryParameter(target, name, &value) || value.empty()) {
      message += fmt::format("AWS query-string parameters must include '{}'. ", name);
    }
  }
  if (!message.empty()) return Incomplete(message + "Re-examine the query-string parameters.");
  return {ErrorCode::kInvalidSignature,
          "A signature in the query string is not accepted: sign with an Authorization header."};
}

// Splits at commas and spaces; empty parts are skipped.
std::string_view NextPart(std::string_view* rest) {
  const auto separates = [](char c) { return c == ',' || c == ' ' || c == '\t'; };
  std::size_t first = 0;
  while (first < rest->size() && separates((*rest)[first])) ++first;
  std::size_t end = first;
  while (end < rest->size() && !separates((*rest)[end])) ++end;
  const std::string_view part = rest->substr(first, end - first);
  rest->remove_prefix(end);
  return part;
}

}  // namespace

Result<AuthorizationHeader> ReadAuthorizationHeader(const SignedRequest& request) {
  std::string_view authorization;
  std::string_view amz_date;
  std::string_view date;
  int authorizations = 0;
  int amz_dates = 0;
  for (const auto& [name, value] : request.headers) {
    if (name.size() == 13 && EqualIgnoringCase(name, "authorization")) {
      authorization = value;
      ++authorizations;
    } else if (name.size() == 10 && EqualIgnoringCase(name, "x-amz-date")) {
      amz_date = TrimSpace(value);
      ++amz_dates;
    } else if (name.size() == 4 && EqualIgnoringCase(name, "date")) {
      date = TrimSpace(value);
    }
  }
  std::string ignored;
  if (request.target.find('?') != std::string_view::npos &&
      FindQueryParameter(request.target, "X-Amz-Algorithm", &ignored)) {
    if (authorizations == 0) return QueryForm(request.target);
    return Error(ErrorCode::kInvalidSignature,
                 "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  }
  std::string_view rest = TrimSpace(authorization);
  if (!rest.starts_with("AWS4-")) return MissingToken();
  if (authorizations > 1) return Incomplete("There must be exactly one 'Authorization' HTTP header.");
  if (amz_dates > 1) return Incomplete("There must be exactly one 'X-Amz-Date' HTTP header.");

  AuthorizationHeader header;
  header.algorithm = NextPart(&rest);
  for (std::string_view part = NextPart(&rest); !part.empty(); part = NextPart(&rest)) {
    const std::size_t equal = part.find('=');
    if (equal == std::string_view::npos) {
      return Incomplete(fmt::format(
          "'{}' not a valid key=value pair (missing equal-sign) in Authorization header: '{}'.", part, authorization));
    }
    const std::string_view name = part.substr(0, equal);
    const std::string_view value = part.substr(equal + 1);
    if (name == "Credential") {
      header.credential = value;
    } else if (name == "SignedHeaders") {
      header.signed_headers = value;
    } else if (name == "Signature") {
      header.signature = value;
    }
  }
  header.date = amz_date.empty() ? date : amz_date;
  if (header.credential.empty() || header.signature.empty() || header.signed_headers.empty() || header.date.empty()) {
    std::string message;
    const auto require = [&](std::string_view value, std::string_view name) {
      if (value.empty()) message += fmt::format("Authorization header requires '{}' parameter. ", name);
    };
    require(header.credential, "Credential");
    require(header.signature, "Signature");
    require(header.signed_headers, "SignedHeaders");
    if (header.date.empty()) {
      message += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
    }
    return Incomplete(message + fmt::format("Authorization={}", authorization));
  }
  return header;
}

}  // namespace insula::access
