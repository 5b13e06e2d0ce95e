// The operations of DynamoDB Streams by name, and what they share.
#include "operations/streams/stream_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "operations/core/refusal_words.h"
#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> StreamOperations() {
  constexpr ApiService kStreams = ApiService::kDynamoDbStreams;
  static constexpr std::array kOperations = {
      Operation{"DescribeStream", wire::shapes::DescribeStream, DescribeStream, kStreams},
      Operation{"GetRecords", wire::shapes::GetRecords, GetRecords, kStreams},
      Operation{"GetShardIterator", wire::shapes::GetShardIterator, GetShardIterator, kStreams},
      Operation{"ListStreams", wire::shapes::ListStreams, ListStreams, kStreams},
  };
  return kOperations;
}

Result<tenancy::Stream> FindStream(const Call& call, std::string_view arn) {
  return call.services.catalog.streams().Find(call.context(), arn, fmt::format("dynamodb:{}", call.operation));
}

Task<Result<StreamExtent>> ExtentOf(Call& call, tenancy::Stream stream) {
  storage::ChangeLog* log = call.services.engine.change_log();
  const tenancy::TableRef table = stream.table->ref;
  const Result<storage::ChangeBounds> bounds = co_await log->Bounds(table);
  if (!bounds.ok()) co_return Worded(bounds.error());
  StreamExtent extent;
  extent.first = stream.settings.first;
  extent.last = stream.settings.last;
  extent.next = stream.settings.last ? *stream.settings.last + 1 : bounds->next;
  std::uint64_t kept = bounds->first;
  if (stream.table->definition.point_in_time_days) {
    // Point in time keeps changes for longer than a stream shows them.
    const WallTime horizon = call.services.clock.Now() - call.services.catalog.streams().retention();
    const Result<std::uint64_t> shown = co_await log->Find(table, horizon);
    if (!shown.ok()) co_return Worded(shown.error());
    kept = std::max(kept, *shown);
  }
  extent.kept = std::min(std::max(extent.first, kept), std::max(extent.first, extent.next));
  co_return extent;
}

ShardMap ShardsOf(const Call& call, const tenancy::Stream& stream, const StreamExtent& extent) {
  return {extent, stream.settings.lanes, call.services.options.changes_per_shard};
}

Error ShardNotFound(std::string_view shard_id, std::string_view stream_arn) {
  return {ErrorCode::kResourceNotFound,
          fmt::format("Requested resource not found: Shard: {} in Stream: {} not found", shard_id, stream_arn)};
}

}  // namespace insula::operations
