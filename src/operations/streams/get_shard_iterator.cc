// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
#include <algorithm>
#include <utility>

#include "operations/streams/shard_iterator.h"
#include "operations/streams/stream_operations.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

// The sequence after which the iterator goes on.
Result<std::uint64_t> PositionOf(wire::StructureView input, const Shard& shard, const ShardMap& map,
                                 const StreamExtent& extent) {
  const std::string_view type = *input.String("ShardIteratorType");
  const std::uint64_t first = map.FirstOf(shard);
  if (type == "TRIM_HORIZON") return std::max(first, extent.kept) - 1;
  if (type == "LATEST") return std::max(first, std::min(extent.next, map.ReadableUpTo(shard) + 1)) - 1;
  const std::optional<std::uint64_t> sequence = SequenceFrom(*input.String("SequenceNumber"));
  // The first that the shard will get is a place already: it is what DescribeStream shows.
  const std::uint64_t newest = std::min(std::max(first, extent.next), map.LastOf(shard));
  if (!sequence || *sequence < first || *sequence > newest) {
    return ValidationError("Invalid SequenceNumber: it is not one of the shard's");
  }
  const std::uint64_t after = type == "AT_SEQUENCE_NUMBER" ? *sequence - 1 : *sequence;
  if (after + 1 < extent.kept) {
    return Error(ErrorCode::kTrimmedDataAccess,
                 "The operation attempted to read past the oldest stream record in a shard");
  }
  return after;
}

Result<void> CheckSequenceGiven(wire::StructureView input) {
  const std::string_view type = *input.String("ShardIteratorType");
  const bool by_sequence = type == "AT_SEQUENCE_NUMBER" || type == "AFTER_SEQUENCE_NUMBER";
  if (by_sequence && !input.Has("SequenceNumber")) {
    return ValidationError("SequenceNumber must be specified for ShardIteratorType " + std::string(type));
  }
  if (!by_sequence && input.Has("SequenceNumber")) {
    return ValidationError("SequenceNumber must not be specified for ShardIteratorType " + std::string(type));
  }
  return {};
}

}  // namespace

Task<Result<std::string>> GetShardIterator(Call& call) {
  wire::StructureView input = call.input();
  INSULA_CO_TRY(CheckSequenceGiven(input));
  INSULA_CO_ASSIGN(const tenancy::Stream stream, FindStream(call, *input.String("StreamArn")));
  const std::string_view id = *input.String("ShardId");
  const std::optional<Shard> shard = ShardFrom(id);
  if (!shard || stream.settings.first == 0) co_return ShardNotFound(id, stream.arn);
  INSULA_CO_ASSIGN(const StreamExtent extent, co_await ExtentOf(call, stream));
  const ShardMap map = ShardsOf(call, stream, extent);
  if (!map.Has(*shard)) co_return ShardNotFound(id, stream.arn);

  ShardPosition position;
  position.stream_arn = stream.arn;
  position.incarnation = stream.table->ref.incarnation();
  position.shard = *shard;
  position.made_at = call.services.clock.Now();
  INSULA_CO_ASSIGN(position.after, PositionOf(input, *shard, map, extent));
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.StringField("ShardIterator", SealShardIterator(position, call.context(), *call.services.options.token_keys));
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
