// Identity tokens: whatever is sent as one is refused where its issuer didn't sign it, and whatever claims and key sets
// say does no harm; what is read of claims is what their issuer may say.
//
// The input is tried as a token, as claims, and as a key set, that of the token's issuer.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"
#include "federation/claims.h"
#include "federation/jwt.h"
#include "federation/key_set.h"

using namespace insula;
using namespace insula::federation;

namespace {

constexpr char kKeys[] =
    R"({"keys":[{"kty":"EC","kid":"k","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

IssuerPtr TrustedIssuer() {
  Issuer issuer;
  issuer.url = "https://i";
  issuer.audiences = {"a"};
  issuer.tenant_claim = "t";
  issuer.tenants = std::vector<TenantId>{TenantId("acme")};
  issuer.algorithms = {SignatureAlgorithm::kES256};
  return std::make_shared<const Issuer>(issuer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const IssuerPtr& issuer = *new IssuerPtr(TrustedIssuer());
  static const KeySet& keys = *new KeySet(*KeySet::Parse(kKeys));
  INSULA_CHECK(keys.size() == 1);
  const std::string_view input(reinterpret_cast<const char*>(data), size);

  const Result<KeySet> own = KeySet::Parse(input);
  if (const Result<Jwt> jwt = ParseJwt(input); jwt.ok()) {
    INSULA_CHECK(keys.Verify(*jwt) != SignatureVerdict::kRight);
    (void)IssuerOf(jwt->claims);
  }
  if (own.ok()) {
    // A token of no signature that counts, for whatever keys there are.
    for (const char* token : {"eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "eyJhbGciOiJFUzI1NiJ9.e30.AAAA"}) {
      INSULA_CHECK(own->Verify(*ParseJwt(token)) != SignatureVerdict::kRight);
    }
  }
  const Result<WebIdentityClaims> claims = ReadClaims(input, issuer, WallTime(std::chrono::seconds(1500)));
  if (!claims.ok()) return 0;
  INSULA_CHECK(claims->identity.provider == issuer->url && claims->identity.audience == "a");
  INSULA_CHECK(claims->tenant == TenantId("acme"));
  INSULA_CHECK(claims->expires > WallTime(std::chrono::seconds(1500)));
  return 0;
}
