// The keys that whatever clients hold sealed is sealed with: session tokens, shard iterators, NextTokens. One for each
// purpose, so that nothing sealed for one can be passed off as another's; and in generations: the newest seals, former
// ones open until whatever they sealed has ended.
//
// Kept as records, each generation sealed under the master key, so that what clients hold stays good across restarts
// and on every gateway. A record is kind "secret", name "tokens/GENERATION":
//   {"v":2,"generation":3,"made":MICROSECONDS,"sealed":"1.FINGERPRINT.HEX"}
// An organization of an earlier version has one of name "tokens", {"v":1,"sealed":…}: generation 0, which also opens
// what was sealed before there were purposes and generations.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "access/master_key.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/record_store.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::access {

enum class TokenPurpose : std::uint8_t { kSession, kShardIterator, kNextToken };
inline constexpr std::size_t kTokenPurposes = 3;

// The key of one purpose in one generation.
struct TokenKey {
  std::uint64_t generation = 0;
  SecretText sealing;      // 32 bytes, for AES-256-GCM
  HmacSha256Key deriving;  // for secrets that go with a token and are in no place

  // sealed := generation(varint) ++ AesGcmSeal
  std::string Seal(std::string_view associated, std::string_view plain) const;
};
using TokenKeyPtr = std::shared_ptr<const TokenKey>;

// Safe from any thread.
class TokenKeys {
 public:
  // How long a former generation opens: the longest that a session can be (GetFederationToken's and GetSessionToken's).
  static constexpr std::chrono::hours kFormerOpensFor{36};

  // Loads all generations; makes the first if there is none. What an older master key sealed is sealed anew. A
  // generation that no key of the ring opens is passed over, and what it sealed is refused; if that leaves none,
  // another is made. Corruption, FailedPrecondition for records of a later version, errors of the record store.
  // `records` and `clock` outlive the keys.
  static Task<Result<std::unique_ptr<TokenKeys>>> Load(RecordStore& records, Clock& clock, Keyring keyring);
  // Keys that are kept nowhere: what they seal is good for as long as they live.
  static std::unique_ptr<TokenKeys> Drawn();
  ~TokenKeys();

  std::string Seal(TokenPurpose purpose, std::string_view associated, std::string_view plain) const;
  // Corruption for whatever Seal of this purpose and these data didn't give.
  Result<std::string> Open(TokenPurpose purpose, std::string_view associated, std::string_view sealed) const;

  TokenKeyPtr Current(TokenPurpose purpose) const;
  // The key that `sealed` says it is sealed with, and what follows the generation in it; null if there is none.
  TokenKeyPtr Find(TokenPurpose purpose, std::string_view* sealed) const;

  // A new generation seals from now on; not for keys that are kept nowhere. Drops those whose successor is older than
  // kFormerOpensFor. Its number.
  Task<Result<std::uint64_t>> Rotate();

 private:
  class Impl;
  explicit TokenKeys(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::access
