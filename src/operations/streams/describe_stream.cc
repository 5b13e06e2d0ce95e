// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
#include <algorithm>
#include <optional>
#include <vector>

#include "operations/streams/stream_operations.h"
#include "operations/tables/table_description.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

constexpr std::int64_t kShardsPerPageMax = 100;

std::string_view StatusOf(const StreamSettings& stream) {
  if (stream.enabled) return stream.first == 0 ? "ENABLING" : "ENABLED";
  return stream.last ? "DISABLED" : "DISABLING";
}

struct ShardsRequest {
  bool after_nothing = false;  // it is to go on after a shard whose id was never anybody's
  std::optional<Shard> exclusive_start;
  std::optional<Shard> parent;  // only its children
  std::size_t limit = 0;
};

Result<ShardsRequest> ReadRequest(wire::StructureView input) {
  ShardsRequest request;
  request.limit = static_cast<std::size_t>(input.Integer("Limit").value_or(kShardsPerPageMax));
  if (auto id = input.String("ExclusiveStartShardId")) {
    request.exclusive_start = ShardFrom(*id);
    request.after_nothing = !request.exclusive_start;
  }
  if (auto filter = input.Structure("ShardFilter")) {
    auto parent = filter->String("ShardId");
    if (!filter->Has("Type") || !parent) return ValidationError("ShardFilter must have a Type and a ShardId");
    request.parent = ShardFrom(*parent);
    if (!request.parent) return ValidationError("Invalid ShardId in ShardFilter");
  }
  return request;
}

void WriteShard(const Shard& shard, const ShardMap& map, wire::JsonWriter* writer) {
  writer->BeginObject();
  writer->StringField("ShardId", ShardIdOf(shard));
  writer->Key("SequenceNumberRange");
  writer->BeginObject();
  const std::uint64_t first = map.FirstOf(shard);
  writer->StringField("StartingSequenceNumber", SequenceNumberOf(first));
  // A stream that ended without a record has a shard all the same, and a range can't be empty.
  if (map.IsClosed(shard)) {
    writer->StringField("EndingSequenceNumber", SequenceNumberOf(std::max(first, map.LastOf(shard))));
  }
  writer->EndObject();
  if (auto parent = map.ParentOf(shard)) writer->StringField("ParentShardId", ShardIdOf(*parent));
  writer->EndObject();
}

// What comes after a shard that the stream never had is nothing.
std::vector<Shard> WantedShards(const ShardMap& map, const ShardsRequest& request) {
  const bool never_had = request.exclusive_start && !map.HadEver(*request.exclusive_start);
  if (request.after_nothing || never_had) return {};
  std::vector<Shard> shards = map.Shards();
  std::erase_if(shards, [&](const Shard& shard) {
    return (request.exclusive_start && shard <= *request.exclusive_start) ||
           (request.parent && map.ParentOf(shard) != request.parent);
  });
  return shards;
}

void WriteShards(const ShardMap& map, const ShardsRequest& request, wire::JsonWriter* writer) {
  const std::vector<Shard> shards = WantedShards(map, request);
  const std::size_t count = std::min(shards.size(), request.limit);
  writer->Key("Shards");
  writer->BeginArray();
  for (std::size_t i = 0; i < count; ++i) WriteShard(shards[i], map, writer);
  writer->EndArray();
  if (count < shards.size()) writer->StringField("LastEvaluatedShardId", ShardIdOf(shards[count - 1]));
}

}  // namespace

Task<Result<std::string>> DescribeStream(Call& call) {
  INSULA_CO_ASSIGN(const ShardsRequest request, ReadRequest(call.input()));
  INSULA_CO_ASSIGN(const tenancy::Stream stream, FindStream(call, *call.input().String("StreamArn")));
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("StreamDescription");
  writer.BeginObject();
  writer.StringField("StreamArn", stream.arn);
  writer.StringField("StreamLabel", stream.settings.label);
  writer.StringField("StreamStatus", StatusOf(stream.settings));
  writer.StringField("StreamViewType", NameOf(stream.settings.view));
  WriteTime("CreationRequestDateTime", stream.settings.enabled_at, &writer);
  writer.StringField("TableName", stream.table->definition.name);
  WriteKeySchema(stream.table->definition.schema->key, &writer);
  if (stream.settings.first == 0) {
    writer.Key("Shards");
    writer.BeginArray();
    writer.EndArray();
  } else {
    INSULA_CO_ASSIGN(const StreamExtent extent, co_await ExtentOf(call, stream));
    WriteShards(ShardsOf(call, stream, extent), request, &writer);
  }
  writer.EndObject();
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
