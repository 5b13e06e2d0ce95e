// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
#include <algorithm>
#include <utility>

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

// The lane's next records, and the place after them in `position`.
Task<Result<std::vector<storage::Change>>> ReadLane(Call& call, tenancy::TableRef table, std::uint64_t last,
                                                    std::size_t limit, ShardPosition* position) {
  storage::ChangesRequest request{.table = std::move(table)};
  request.up_to = last;
  request.hashes = HashesOf(position->shard);
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

}  // namespace

Task<Result<std::string>> GetRecords(Call& call) {
  wire::StructureView input = call.input();
  const std::int64_t limit = input.Integer("Limit").value_or(kRecordsMax);
  if (limit > kRecordsMax) {
    co_return Error(ErrorCode::kLimitExceeded, "GetRecords was called with a Limit of more than 1000");
  }
  const WallTime now = call.services.clock.Now();
  const std::string& key = call.services.options.token_key;
  INSULA_CO_ASSIGN(ShardPosition position, OpenShardIterator(*input.String("ShardIterator"), call.context(), key, now));
  INSULA_CO_ASSIGN(const tenancy::Stream stream, FindStream(call, position.stream_arn));
  const tenancy::TableRef table = stream.table->ref;
  if (table.incarnation() != position.incarnation) co_return ValidationError("Invalid ShardIterator");

  StreamExtent extent;
  extent.first = stream.settings.first;
  extent.last = stream.settings.last;
  const std::uint64_t last = ShardMap(extent, call.services.options.changes_per_shard).LastOf(position.shard);
  std::vector<storage::Change> changes;
  if (position.after < last) {
    INSULA_CO_ASSIGN(changes, co_await ReadLane(call, table, last, static_cast<std::size_t>(limit), &position));
  }

  const auto each_item = [&changes](const auto& take) {
    for (const storage::Change& change : changes) {
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
    for (const storage::Change& change : changes) {
      WriteStreamRecord(change, stream, call.services.options.region, &writer);
    }
    writer.EndArray();
    // The end of a shard that gets no more records has no next.
    if (position.after < last) {
      position.made_at = now;
      writer.StringField("NextShardIterator", SealShardIterator(position, call.context(), key));
    }
    writer.EndObject();
    return body;
  };
  co_return co_await call.Answer(each_item, write, changes.size() * kRecordBytes);
}

}  // namespace insula::operations
