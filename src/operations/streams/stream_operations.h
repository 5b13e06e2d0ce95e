// The operations of DynamoDB Streams; each in the file of its name.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/call.h"
#include "operations/streams/stream_shards.h"
#include "storage/change_log.h"
#include "tenancy/faces/streams.h"

namespace insula::operations {

// Their part of the table of operations (registry.h).
std::span<const Operation> StreamOperations();

Task<Result<std::string>> DescribeStream(Call& call);
Task<Result<std::string>> GetRecords(Call& call);
Task<Result<std::string>> GetShardIterator(Call& call);
Task<Result<std::string>> ListStreams(Call& call);

// The stream that the call is about. Errors: tenancy/faces/streams.h.
Result<tenancy::Stream> FindStream(const Call& call, std::string_view arn);

// What of the stream can be read now. Precondition: the engine has begun to log for it.
Task<Result<StreamExtent>> ExtentOf(Call& call, tenancy::Stream stream);

// Its shards, as far as they follow from that.
ShardMap ShardsOf(const Call& call, const tenancy::Stream& stream, const StreamExtent& extent);

// "Requested resource not found: …": no such shard, or not any more.
Error ShardNotFound(std::string_view shard_id, std::string_view stream_arn);

}  // namespace insula::operations
