// An identity token as it is sent: JWS compact serialization of a JSON object of claims (RFC 7515, RFC 7519). Nothing
// of it is proved.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "federation/issuer.h"

namespace insula::federation {

inline constexpr std::size_t kJwtMax = 20'000;  // characters: WebIdentityToken's maximum

struct Jwt {
  std::string_view compact;  // the whole of it
  SignatureAlgorithm algorithm = SignatureAlgorithm::kRS256;
  std::string key_id;  // "kid"; empty: not said
  std::string claims;  // a JSON object
};

// InvalidIdentityToken for whatever isn't one: too long, not three parts of base64url, a header that isn't an object of
// members that come once, an algorithm that isn't asymmetric ("none", HMACs), extensions that must be understood. Views
// into `token`. Safe from any thread.
Result<Jwt> ParseJwt(std::string_view token);

}  // namespace insula::federation
