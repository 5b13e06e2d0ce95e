// Shard iterators: a place in a shard, good for fifteen minutes. Opaque to the client: sealed with the server's token
// keys and bound to the caller's context and the stream, so that no iterator opens anything else. Nothing is kept of
// them, and so a restart forgets none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "access/token_keys.h"
#include "base/clock.h"
#include "base/result.h"
#include "model/ids.h"
#include "operations/streams/stream_shards.h"
#include "tenancy/identity/context.h"

namespace insula::operations {

struct ShardPosition {
  std::string stream_arn;
  Incarnation incarnation;  // whose log it is a place in
  Shard shard;
  std::uint64_t after = 0;  // goes on with the sequence after this one
  WallTime made_at{};
};

// ARN "|1|" base64
std::string SealShardIterator(const ShardPosition& position, const tenancy::Context& context,
                              const access::TokenKeys& keys);

// ValidationException "Invalid ShardIterator: …" for what is none, or another context's; ExpiredIteratorException.
Result<ShardPosition> OpenShardIterator(std::string_view iterator, const tenancy::Context& context,
                                        const access::TokenKeys& keys, WallTime now);

}  // namespace insula::operations
