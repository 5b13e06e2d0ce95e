#include "operations/streams/stream_record.h"

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "base/crypto.h"
#include "model/item_size.h"
#include "operations/streams/stream_shards.h"
#include "wire/attribute_value_json.h"

namespace insula::operations {
namespace {

constexpr std::size_t kEventIdDigits = 32;

// The same whenever the record is read, and no other record's.
std::string EventIdOf(const storage::Change& change, const tenancy::Stream& stream) {
  const Sha256Digest digest = Sha256::Of(fmt::format("{}/{}", stream.arn, change.sequence));
  return HexOf(AsText(digest)).substr(0, kEventIdDigits);
}

std::string_view EventNameOf(const storage::Change& change) {
  if (!change.new_item) return "REMOVE";
  return change.old_item ? "MODIFY" : "INSERT";
}

void WriteChange(const storage::Change& change, const tenancy::Stream& stream, wire::JsonWriter* writer) {
  const StreamViewType view = stream.settings.view;
  const bool both = view == StreamViewType::kNewAndOldImages;
  const bool new_image = change.new_item && (both || view == StreamViewType::kNewImage);
  const bool old_image = change.old_item && (both || view == StreamViewType::kOldImage);
  const KeySchema& key_schema = stream.table->definition.schema->key;
  AttributeMap key;
  AddKeyTo(&key, change.key, key_schema);
  std::size_t bytes = SizeOf(key);
  if (new_image) bytes += change.new_item->size();
  if (old_image) bytes += change.old_item->size();

  writer->BeginObject();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(change.committed_at).time_since_epoch();
  writer->IntegerField("ApproximateCreationDateTime", seconds.count());
  writer->Key("Keys");
  wire::WriteKey(change.key, key_schema, writer);
  if (new_image) {
    writer->Key("NewImage");
    wire::WriteItem(*change.new_item, writer);
  }
  if (old_image) {
    writer->Key("OldImage");
    wire::WriteItem(*change.old_item, writer);
  }
  writer->StringField("SequenceNumber", SequenceNumberOf(change.sequence));
  writer->IntegerField("SizeBytes", static_cast<std::int64_t>(bytes));
  writer->StringField("StreamViewType", NameOf(view));
  writer->EndObject();
}

}  // namespace

void WriteStreamRecord(const storage::Change& change, const tenancy::Stream& stream, std::string_view region,
                       wire::JsonWriter* writer) {
  writer->BeginObject();
  writer->StringField("eventID", EventIdOf(change, stream));
  writer->StringField("eventName", EventNameOf(change));
  writer->StringField("eventVersion", "1.1");
  writer->StringField("eventSource", "aws:dynamodb");
  writer->StringField("awsRegion", region);
  writer->Key("dynamodb");
  WriteChange(change, stream, writer);
  if (change.by_time_to_live) {
    writer->Key("userIdentity");
    writer->BeginObject();
    writer->StringField("PrincipalId", "dynamodb.amazonaws.com");
    writer->StringField("Type", "Service");
    writer->EndObject();
  }
  writer->EndObject();
}

}  // namespace insula::operations
