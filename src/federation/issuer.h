// An issuer of identity tokens that an organization trusts: what AWS calls an OpenID Connect identity provider.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/enum_names.h"
#include "base/result.h"
#include "model/ids.h"

namespace insula::federation {

// Asymmetric ones alone: whoever can check a token must not be able to make one. RFC 7518, section 3.1.
enum class SignatureAlgorithm : std::uint8_t { kRS256, kRS384, kRS512, kPS256, kPS384, kPS512, kES256, kES384, kES512 };
inline constexpr std::array<std::string_view, 9> kAlgorithmNames = {"RS256", "RS384", "RS512", "PS256", "PS384",
                                                                    "PS512", "ES256", "ES384", "ES512"};
inline std::span<const std::string_view> AllNames(SignatureAlgorithm) { return kAlgorithmNames; }
inline std::string_view NameOf(SignatureAlgorithm algorithm) { return NameFromTable(algorithm); }

struct Issuer {
  std::string url;                     // what the claim "iss" has to be: "https://login.example.com/saas"
  std::vector<std::string> audiences;  // one of which "azp" or, where there is none, "aud" has to name

  // Claims of a token that name the parts of a context; empty: no claim does, and the role says it.
  std::string environment_claim;
  std::string service_claim;
  std::string tenant_claim;
  // The tenants that its tokens may name; none given: any. A token that names another is refused.
  std::optional<std::vector<TenantId>> tenants;

  std::vector<SignatureAlgorithm> algorithms;  // those that it signs with
  // Where its public keys (a JWK set) are: "file:PATH", "https://…", or empty for OpenID discovery at `url`.
  std::string keys;
  WallTime created{};
};

// InvalidArgument, and why.
Result<void> CheckIssuer(const Issuer& issuer);

}  // namespace insula::federation
