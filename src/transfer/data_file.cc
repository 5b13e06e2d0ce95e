#include "transfer/data_file.h"

#include "transfer/manifest.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::transfer {
namespace {

constexpr std::size_t kLinesAtOnce = 256 * 1024;

}  // namespace

Result<DataFile> DataFile::Create(objects::ObjectStore& bucket, const tenancy::TransferRecord& transfer,
                                  std::size_t number) {
  std::string name = DataFileName(transfer, number);
  INSULA_ASSIGN(auto object, bucket.Create(DataKey(transfer, name)));
  return DataFile(std::move(name), std::make_unique<GzipWriter>(std::move(object)));
}

Result<void> DataFile::Flush() {
  INSULA_TRY(writer_->Write(lines_));
  lines_.clear();
  return {};
}

Result<void> DataFile::Add(const EncodedItem& item) {
  wire::JsonWriter writer(&lines_);
  writer.BeginObject();
  writer.QuotedKey("\"Item\":");
  wire::WriteItem(item, &writer);
  writer.EndObject();
  lines_.push_back('\n');
  ++items_;
  if (lines_.size() < kLinesAtOnce) return {};
  return Flush();
}

Result<void> DataFile::Add(const NetChange& change, const KeySchema& schema) {
  wire::JsonWriter writer(&lines_);
  const auto write_image = [&](std::string_view name, const storage::MaybeItem& image) {
    if (!image) return;
    writer.Key(name);
    wire::WriteItem(*image, &writer);
  };
  writer.BeginObject();
  writer.Key("Metadata");
  writer.BeginObject();
  writer.Key("WriteTimestampMicros");
  writer.BeginObject();
  writer.StringField("N", std::to_string(change.at.time_since_epoch().count()));
  writer.EndObject();
  writer.EndObject();
  writer.Key("Keys");
  wire::WriteKey(change.key, schema, &writer);
  write_image("OldImage", change.before);
  write_image("NewImage", change.after);
  writer.EndObject();
  lines_.push_back('\n');
  ++items_;
  if (lines_.size() < kLinesAtOnce) return {};
  return Flush();
}

Result<tenancy::ExportedFile> DataFile::Finish() {
  INSULA_TRY(Flush());
  INSULA_ASSIGN(PackedFile packed, writer_->Finish());
  return tenancy::ExportedFile{name_, items_, std::move(packed.md5), std::move(packed.object.etag)};
}

}  // namespace insula::transfer
