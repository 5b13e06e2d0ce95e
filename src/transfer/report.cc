#include "transfer/report.h"

#include <fmt/format.h>

#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::transfer {
namespace {

// All of a line but its end.
void BeginLine(const RecordPlace& record, std::string_view arn_name, std::string_view arn, std::string_view message,
               wire::JsonWriter* writer) {
  writer->BeginObject();
  writer->Key("itemS3Pointer");
  writer->BeginObject();
  writer->StringField("bucket", record.bucket);
  writer->StringField("key", record.key);
  writer->IntegerField("itemIndex", static_cast<std::int64_t>(record.index));
  writer->EndObject();
  writer->StringField(arn_name, arn);
  writer->Key("errorMessages");
  writer->BeginArray();
  writer->String(message);
  writer->EndArray();
}

}  // namespace

void Report::Add(const RecordPlace& record, std::string_view message) {
  wire::JsonWriter writer(&lines_);
  BeginLine(record, arn_name_, arn_, message, &writer);
  writer.EndObject();
  lines_.push_back('\n');
}

void Report::AddFailedCondition(const RecordPlace& record, std::string_view item, const EncodedItem* existing) {
  wire::JsonWriter writer(&lines_);
  BeginLine(record, arn_name_, arn_, "The conditional request failed", &writer);
  writer.Key("Item");
  writer.Raw(item);
  if (existing != nullptr) {
    writer.Key("ExistingItem");
    wire::WriteItem(*existing, &writer);
  }
  writer.EndObject();
  lines_.push_back('\n');
}

Result<void> Report::Write(std::uint64_t* files) {
  if (lines_.empty()) return {};
  INSULA_TRY(objects::PutObject(bucket_, fmt::format("{}/{:08}.jsonl", folder_, *files + 1), lines_));
  ++*files;
  lines_.clear();
  return {};
}

}  // namespace insula::transfer
