// The public keys of an issuer: a JWK set (RFC 7517), as far as it is of any use here.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "federation/issuer.h"
#include "federation/jwt.h"

struct _cjose_jwk_int;  // NOLINT: cjose's own name

namespace insula::federation {

enum class SignatureVerdict : std::uint8_t { kRight, kWrong, kUnknownKey };

// Immutable. Safe from any thread.
class KeySet {
 public:
  static constexpr std::size_t kKeysMax = 100;

  // Takes the keys that are for signatures: of RSA with 2,048 to 8,192 bits, and of the curves P-256, P-384 and P-521.
  // Any other is passed over: of another type, for another use, or not what its type says. Two keys of one id for one
  // algorithm can't be told apart: neither is taken. InvalidArgument where it isn't a key set.
  static Result<KeySet> Parse(std::string_view json);

  // Looks at one key: that of the token's "kid", or the only one that fits its algorithm where it names none.
  SignatureVerdict Verify(const Jwt& jwt) const;

  std::size_t size() const { return keys_.size(); }

 private:
  struct Key {
    std::string id;
    std::string fits;       // "RSA", or an EC key's curve
    std::string algorithm;  // "alg": for that one alone; empty: any that fits
    std::shared_ptr<const _cjose_jwk_int> jwk;
  };
  const Key* Find(const Jwt& jwt) const;

  std::vector<Key> keys_;
};
using KeySetPtr = std::shared_ptr<const KeySet>;

}  // namespace insula::federation
