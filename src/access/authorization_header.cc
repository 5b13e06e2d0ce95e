#include "access/authorization_header.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "access/canonical_request.h"

namespace insula::access {
namespace {

Error MissingToken() { return {ErrorCode::kMissingAuthenticationToken, "Request is missing Authentication Token"}; }

std::optional<std::chrono::seconds> ReadExpires(std::string_view text) {
  constexpr std::chrono::seconds kMost = std::chrono::days(7);
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 1 || seconds > kMost.count()) {
    return std::nullopt;
  }
  return std::chrono::seconds(seconds);
}

// A presigned URL. Each parameter that decides something comes once, or two readers could take different ones.
Result<Authorization> ReadQuery(std::string_view target, QueryAuthorization* query) {
  struct Parameter {
    std::string_view name;
    std::optional<std::string>* value;
    bool required = true;
  };
  const Parameter parameters[] = {
      {"X-Amz-Algorithm", &query->algorithm},
      {"X-Amz-Credential", &query->credential},
      {"X-Amz-Signature", &query->signature},
      {"X-Amz-SignedHeaders", &query->signed_headers},
      {"X-Amz-Date", &query->date},
      {"X-Amz-Expires", &query->expires, false},
      {"X-Amz-Security-Token", &query->security_token, false},
  };
  std::string_view twice;
  for (auto& [name, value] : QueryParameters(target)) {
    for (const Parameter& parameter : parameters) {
      if (name != parameter.name) continue;
      if (parameter.value->has_value()) twice = parameter.name;
      *parameter.value = std::move(value);
      break;
    }
  }
  std::string message;
  for (const Parameter& parameter : parameters) {
    if (!parameter.required || !parameter.value->value_or("").empty()) continue;
    message += fmt::format("AWS query-string parameters must include '{}'. ", parameter.name);
  }
  if (!message.empty()) return IncompleteSignature(message + "Re-examine the query-string parameters.");
  if (!twice.empty())
    return IncompleteSignature(fmt::format("There must be exactly one '{}' query-string parameter.", twice));

  Authorization authorization;
  authorization.algorithm = *query->algorithm;
  authorization.credential = *query->credential;
  authorization.signed_headers = *query->signed_headers;
  authorization.signature = *query->signature;
  authorization.date = *query->date;
  authorization.in_query = true;
  if (query->security_token) authorization.security_token = *query->security_token;
  if (query->expires) {
    authorization.valid_for = ReadExpires(*query->expires);
    if (!authorization.valid_for) {
      return IncompleteSignature("X-Amz-Expires must be a number of seconds from 1 to 604800, which is a week.");
    }
  }
  return authorization;
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

Error IncompleteSignature(std::string message) { return {ErrorCode::kIncompleteSignature, std::move(message)}; }

Result<Authorization> ReadAuthorization(const SignedRequest& request, QueryAuthorization* query) {
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
    if (authorizations == 0) return ReadQuery(request.target, query);
    return Error(ErrorCode::kInvalidSignature,
                 "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.");
  }
  std::string_view rest = TrimSpace(authorization);
  if (!rest.starts_with("AWS4-")) return MissingToken();
  if (authorizations > 1) return IncompleteSignature("There must be exactly one 'Authorization' HTTP header.");
  if (amz_dates > 1) return IncompleteSignature("There must be exactly one 'X-Amz-Date' HTTP header.");

  Authorization header;
  header.algorithm = NextPart(&rest);
  for (std::string_view part = NextPart(&rest); !part.empty(); part = NextPart(&rest)) {
    const std::size_t equal = part.find('=');
    if (equal == std::string_view::npos) {
      return IncompleteSignature(fmt::format(
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
    return IncompleteSignature(message + fmt::format("Authorization={}", authorization));
  }
  return header;
}

}  // namespace insula::access
