// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
#include <algorithm>
#include <utility>

#include "operations/core/authorize.h"
#include "operations/core/refusal_words.h"
#include "operations/streams/shard_iterator.h"
#include "operations/streams/stream_operations.h"
#include "operations/streams/stream_record.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

constexpr std::int64_t kRecordsMax = 1000;
constexpr std::size_t kBytesMax = std::size_t{1} << 20;

// A page of the log may hold none of the lane's: how many of them one request looks through before it answers with
// nothing, and a place further on.
constexpr int kPagesMax = 8;

// What a record takes to write beside its images, as if it were so many stored bytes.
constexpr std::size_t kRecordBytes = 256;

// The stream's shards, whatever of them is kept and however far the log has got.
ShardMap MapOf(const Call& call, const tenancy::Stream& stream) {
  StreamExtent extent;
  extent.first = stream.settings.first;
  extent.last = stream.settings.last;
  return ShardsOf(call, stream, extent);
}

// Takes back what was read of records that are another shard's by now: while they were read, a split was planned among
// them. Whoever planned it trusts that they aren't given away (control/shard_splitter.h).
void GiveBack(std::uint64_t readable_up_to, std::vector<storage::Change>* changes, ShardPosition* position) {
  if (position->after <= readable_up_to) return;
  std::erase_if(*changes, [&](const storage::Change& change) { return change.sequence > readable_up_to; });
  position->after = readable_up_to;
}

// The lane's next records, and the place after them in `position`.
Task<Result<std::vector<storage::Change>>> ReadLane(Call& call, tenancy::TableRef table, std::uint64_t last,
                                                    std::size_t limit, ShardPosition* position) {
  storage::ChangesRequest request{.table = std::move(table)};
  request.up_to = last;
  if (position->shard.lanes > 1) request.hashes = HashesOf(position->shard);
  request.records_max = limit;
  request.bytes_max = kBytesMax;
  for (int pages = 1;; ++pages) {
    request.after = position->after;
    storage::ChangesRequest next = request;
    Result<storage::ChangePage> page = co_await call.services.engine.change_log()->Read(std::move(next));
    if (!page.ok()) co_return Worded(page.error());
    position->after = page->read_up_to;
    if (!page->changes.empty() || !page->more || pages == kPagesMax) co_return std::move(page->changes);
  }
}

struct ShardPage {
  std::vector<storage::Change> changes;
  bool ended = false;  // there is nothing to go on with
};

Task<Result<ShardPage>> ReadShard(Call& call, tenancy::Stream stream, std::size_t limit, ShardPosition* position) {
  ShardPage page;
  const std::uint64_t readable_up_to = MapOf(call, stream).ReadableUpTo(position->shard);
  if (position->after < readable_up_to) {
    const tenancy::TableRef table = stream.table->ref;
    INSULA_CO_ASSIGN(page.changes, co_await ReadLane(call, table, readable_up_to, limit, position));
    INSULA_CO_ASSIGN(stream, FindStream(call, position->stream_arn));
    GiveBack(MapOf(call, stream).ReadableUpTo(position->shard), &page.changes, position);
  }
  page.ended = position->after >= MapOf(call, stream).LastOf(position->shard);
  co_return page;
}

}  // namespace

Task<Result<std::string>> GetRecords(Call& call) {
  wire::StructureView input = call.input();
  const std::int64_t limit = input.Integer("Limit").value_or(kRecordsMax);
  if (limit > kRecordsMax) {
    co_return Error(ErrorCode::kLimitExceeded, "GetRecords was called with a Limit of more than 1000");
  }
  const WallTime now = call.services.clock.Now();
  const access::TokenKeys& keys = *call.services.options.token_keys;
  INSULA_CO_ASSIGN(ShardPosition position,
                   OpenShardIterator(*input.String("ShardIterator"), call.context(), keys, now));
  INSULA_CO_ASSIGN(const tenancy::Stream stream, FindStream(call, position.stream_arn));
  if (stream.table->ref.incarnation() != position.incarnation) co_return ValidationError("Invalid ShardIterator");
  INSULA_CO_TRY(AskPolicies(call, position.stream_arn, nullptr, Access::kRead));

  INSULA_CO_ASSIGN(const ShardPage page, co_await ReadShard(call, stream, static_cast<std::size_t>(limit), &position));
  const auto each_item = [&page](const auto& take) {
    for (const storage::Change& change : page.changes) {
      if (change.old_item) take(*change.old_item);
      if (change.new_item) take(*change.new_item);
    }
  };
  const auto write = [&] {
    std::string body;
    wire::JsonWriter writer(&body);
    writer.BeginObject();
    writer.Key("Records");
    writer.BeginArray();
    for (const storage::Change& change : page.changes) {
      WriteStreamRecord(change, stream, call.services.options.region, &writer);
    }
    writer.EndArray();
    // The end of a shard that gets no more records has no next.
    if (!page.ended) {
      position.made_at = now;
      writer.StringField("NextShardIterator", SealShardIterator(position, call.context(), keys));
    }
    writer.EndObject();
    return body;
  };
  co_return co_await call.Answer(each_item, write, page.changes.size() * kRecordBytes);
}

}  // namespace insula::operations
