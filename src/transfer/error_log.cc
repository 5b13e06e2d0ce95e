#include "transfer/error_log.h"

#include <fmt/format.h>

#include "wire/json_writer.h"

namespace insula::transfer {

void ErrorLog::Add(std::string_view key, std::uint64_t index, std::string_view message,
                   tenancy::TransferRecord* transfer) {
  if (++transfer->as_import().errors > logged_max_) return;
  wire::JsonWriter writer(&lines_);
  writer.BeginObject();
  writer.Key("itemS3Pointer");
  writer.BeginObject();
  writer.StringField("bucket", transfer->bucket);
  writer.StringField("key", key);
  writer.IntegerField("itemIndex", static_cast<std::int64_t>(index));
  writer.EndObject();
  writer.StringField("importArn", import_arn_);
  writer.Key("errorMessages");
  writer.BeginArray();
  writer.String(message);
  writer.EndArray();
  writer.EndObject();
  lines_.push_back('\n');
}

Result<void> ErrorLog::Write(tenancy::TransferRecord* transfer) {
  if (lines_.empty()) return {};
  const std::uint64_t number = transfer->as_import().error_files + 1;
  INSULA_TRY(objects::PutObject(bucket_, fmt::format("{}/{:08}.jsonl", transfer->id, number), lines_));
  transfer->as_import().error_files = number;
  lines_.clear();
  return {};
}

}  // namespace insula::transfer
