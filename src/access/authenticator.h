// AWS Signature Version 4 on every request, in the Authorization header or in the query (a presigned URL).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/credential_store.h"
#include "access/principal.h"
#include "access/session_cache.h"
#include "access/signing_key.h"
#include "base/clock.h"
#include "base/result.h"

namespace insula::access {

// A request as it came: header names in any case, values untrimmed. Views must outlive the call.
struct SignedRequest {
  std::string_view method;
  std::string_view target;  // path and query, raw
  std::span<const std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
};

// The service that the request's credential scope names, in the Authorization header or in the query; empty where
// that can't be read. Nothing of it is proved: it says which service's rules the request is read by.
std::string ScopedService(const SignedRequest& request);

// What an error of Verify and ReadClaim carries: who the request says that it is of, for the log.
struct RefusedSender : ErrorDetail {
  static constexpr std::size_t kKeyIdMax = 128;
  std::string access_key_id;          // as the request has it, proved or not; at most kKeyIdMax bytes; empty: none
  std::optional<Principal> proved{};  // whose the key is, where the signature was right
  std::string_view why{};             // what the client isn't told, if there is more to say than it is; a literal
};
// `error` where it refuses somebody whose signature was right.
Error RefusedAs(const Error& error, Principal proved);

struct Authenticated {
  Principal principal;
  std::string_view service;  // of the credential scope: "dynamodb", "sts", "insula" …; the authenticator's own
};

// Safe from any thread. A signature that isn't right costs the same whoever it claims to be of: one derivation of a
// signing key and one signature, for an unknown access key, for a known one, for a session's, and for one that was in
// use a moment ago. Only the right signature is cheaper, where the key derived for the last one is still good. Compares
// in constant time.
//
// A request with a session token is signed with the secret that goes with that token, by the access key id in it. A
// session is over with the access key that it comes from. (That one is looked up at each request, as AWS doesn't.)
//
// The region of a scope is the listener's; for the services that AWS has one of for all regions, us-east-1 is as right.
//
// What it asks for beyond AWS: every x-amz-* and x-insula-* header present is signed; a payload is signed, and one that
// x-amz-content-sha256 describes is what it says; the headers that decide who asks and for what come once.
class Authenticator {
 public:
  static constexpr std::chrono::minutes kClockSkewMax{5};
  static constexpr std::string_view kTenantHeader = "x-insula-tenant";

  using Derivation = std::function<HmacSha256Key(std::string_view secret, std::string_view date,
                                                 std::string_view region, std::string_view service)>;

  // `services`: those whose scopes are accepted, the listener's main one first. `sessions`: null where nobody comes
  // with a session token. `derive`: DeriveSigningKey; tests count. All outlive the authenticator.
  Authenticator(const CredentialStore& credentials, Clock& clock, std::string region,
                std::vector<std::string> services = {"dynamodb"}, SessionCache* sessions = nullptr,
                Derivation derive = DeriveSigningKey);

  // In this order of precedence, with AWS's messages: MissingAuthenticationToken, IncompleteSignature (form),
  // IncompleteSignature or InvalidSignature (date, signed headers, algorithm, scope, payload), UnrecognizedClient,
  // InvalidSignature (the signature itself), ExpiredToken, AccessDenied (the tenant header).
  Result<Authenticated> Verify(const SignedRequest& request) const;

  // Who the header says it is of, before the body that the signature is of has come: not proved, but a key that exists,
  // signed for now and for here. The same errors in the same order, without those of the payload and the signature.
  Result<Authenticated> ReadClaim(const SignedRequest& request) const;

  // The form alone, as a server that accepts any credentials asks for it: MissingAuthenticationToken,
  // IncompleteSignature, InvalidSignature.
  static Result<void> CheckForm(const SignedRequest& request);

 private:
  Result<Authenticated> ReadUnproved(const SignedRequest& request) const;
  Result<Authenticated> VerifySignature(const SignedRequest& request) const;

  const CredentialStore& credentials_;
  Clock& clock_;
  std::string region_;
  std::vector<std::string> services_;
  SessionCache* sessions_;
  Derivation derive_;
  SecretText nobody_;  // stands in for the secrets of unknown keys
};

}  // namespace insula::access
