// Session tokens that were opened, so that a session's second request costs a look-up. Bounded in bytes: a million
// logins push out sessions that nobody uses, and a session that comes back costs one opening.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "access/session_token.h"
#include "access/token_keys.h"
#include "base/clock.h"
#include "base/result.h"

namespace insula::access {

using OpenedSessionPtr = std::shared_ptr<const OpenedSession>;

// Safe from any thread.
class SessionCache {
 public:
  static constexpr std::size_t kBytesMax = std::size_t{64} << 20;
  // What is kept in a session's CompiledSlot is charged in advance, as this many times its inline policy's text.
  static constexpr std::size_t kCompiledFactor = 16;

  // `keys` and `clock` outlive the cache.
  SessionCache(const TokenKeys& keys, Clock& clock, std::size_t bytes_max = kBytesMax);
  ~SessionCache();

  // As OpenSessionToken.
  Result<OpenedSessionPtr> Open(std::string_view token);

  struct Held {
    std::size_t sessions = 0;
    std::size_t bytes = 0;
  };
  Held held() const;

 private:
  class Shard;
  const TokenKeys& keys_;
  Clock& clock_;
  const std::size_t shard_bytes_max_;
  const std::unique_ptr<Shard[]> shards_;
};

}  // namespace insula::access
