#include "federation/web_identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "federation/jwt.h"
#include "federation/key_set.h"

namespace insula::federation {
namespace {

Error InvalidToken(std::string message) { return {ErrorCode::kInvalidIdentityToken, std::move(message)}; }

}  // namespace

Task<Result<WebIdentityClaims>> WebIdentityVerifier::Verify(std::string token) const {
  INSULA_CO_ASSIGN(const Jwt jwt, ParseJwt(token));
  INSULA_CO_ASSIGN(const std::string url, IssuerOf(jwt.claims));
  const IssuerPtr issuer = issuers_.Find(url);
  if (issuer == nullptr) {
    co_return InvalidToken(fmt::format("No OpenIDConnect provider found in your account for {}", url));
  }
  const auto& algorithms = issuer->algorithms;
  if (std::find(algorithms.begin(), algorithms.end(), jwt.algorithm) == algorithms.end()) {
    co_return InvalidToken(fmt::format("The identity provider doesn't sign by {}", NameOf(jwt.algorithm)));
  }
  INSULA_CO_TRY(attempts_.Take(issuer->url));
  INSULA_CO_ASSIGN(KeySetPtr keys, co_await keys_.Get(issuer));
  SignatureVerdict verdict = keys->Verify(jwt);
  if (verdict == SignatureVerdict::kUnknownKey) {
    keys = co_await keys_.GetOthers(issuer, keys);
    verdict = keys->Verify(jwt);
  }
  if (verdict == SignatureVerdict::kUnknownKey) {
    co_return InvalidToken(
        "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity "
        "documentation for requirements");
  }
  if (verdict == SignatureVerdict::kWrong)
    co_return InvalidToken("The token's signature is not the identity provider's");
  co_return ReadClaims(jwt.claims, issuer, clock_.Now());
}

}  // namespace insula::federation
