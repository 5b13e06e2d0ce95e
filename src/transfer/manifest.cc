#include "transfer/manifest.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/crypto.h"
#include "base/md5.h"
#include "wire/base64.h"
#include "wire/json_writer.h"

namespace insula::transfer {
namespace {

constexpr std::string_view kFullVersion = "2020-06-30";
constexpr std::string_view kIncrementalVersion = "2023-08-01";

std::string Base(const tenancy::TransferRecord& transfer) {
  const bool bulk = transfer.kind() == tenancy::TransferKind::kBulkPut;
  const std::string& prefix = bulk ? transfer.as_bulk_put().output_prefix : transfer.prefix;
  return prefix.empty() ? "AWSDynamoDB/" : prefix + "/AWSDynamoDB/";
}

void OptionalField(std::string_view name, const std::optional<std::string>& value, wire::JsonWriter* writer) {
  writer->Key(name);
  if (value) {
    writer->String(*value);
  } else {
    writer->Null();
  }
}

}  // namespace

std::string StartedKey(const tenancy::TransferRecord& transfer) { return Base(transfer) + transfer.id + "/_started"; }
std::string DataKey(const tenancy::TransferRecord& transfer, std::string_view file_name) {
  if (transfer.as_export().incremental) return fmt::format("{}data/{}", Base(transfer), file_name);
  return fmt::format("{}{}/data/{}", Base(transfer), transfer.id, file_name);
}
std::string FilesManifestKey(const tenancy::TransferRecord& transfer) {
  return Base(transfer) + transfer.id + "/manifest-files.json";
}
std::string SummaryManifestKey(const tenancy::TransferRecord& transfer) {
  return Base(transfer) + transfer.id + "/manifest-summary.json";
}
std::string OutputFolder(const tenancy::TransferRecord& transfer) { return Base(transfer) + transfer.id + "/"; }
std::string ChecksumKey(std::string_view manifest_key) {
  return fmt::format("{}.md5", manifest_key.substr(0, manifest_key.rfind('.')));
}

std::string DataFileName(const tenancy::TransferRecord& transfer, std::size_t number) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  const Sha256Digest digest = Sha256::Of(fmt::format("{}/{}", transfer.id, number));
  std::string name;
  for (std::size_t i = 0; i < 26; ++i) name.push_back(kAlphabet[digest[i] % kAlphabet.size()]);
  return name + ".json.gz";
}

std::string FilesManifest(const tenancy::TransferRecord& transfer) {
  std::string text;
  for (const tenancy::ExportedFile& file : transfer.as_export().files) {
    wire::JsonWriter writer(&text);
    writer.BeginObject();
    writer.IntegerField("itemCount", static_cast<std::int64_t>(file.items));
    writer.StringField("md5Checksum", file.md5);
    writer.StringField("etag", file.etag);
    writer.StringField("dataFileS3Key", DataKey(transfer, file.name));
    writer.EndObject();
    text.push_back('\n');
  }
  return text;
}

std::string SummaryManifest(const tenancy::TransferRecord& transfer, const ManifestNames& names, WallTime ended_at) {
  const tenancy::ExportDetails& details = transfer.as_export();
  std::string text;
  wire::JsonWriter writer(&text);
  writer.BeginObject();
  writer.StringField("version", details.incremental ? kIncrementalVersion : kFullVersion);
  writer.StringField("exportArn", names.arn);
  writer.StringField("startTime", IsoTime(transfer.started_at));
  writer.StringField("endTime", IsoTime(ended_at));
  writer.StringField("tableArn", names.table_arn);
  writer.StringField("tableId", transfer.table_id);
  if (details.incremental) {
    writer.StringField("exportFromTime", IsoTime(details.from));
    writer.StringField("exportToTime", IsoTime(details.to));
  } else {
    writer.StringField("exportTime", IsoTime(details.to));
  }
  writer.StringField("s3Bucket", transfer.bucket);
  OptionalField("s3Prefix", transfer.prefix.empty() ? std::nullopt : std::optional(transfer.prefix), &writer);
  writer.StringField("s3SseAlgorithm", details.sse_algorithm.value_or("AES256"));
  OptionalField("s3SseKmsKeyId", details.sse_kms_key, &writer);
  writer.StringField("manifestFilesS3Key", FilesManifestKey(transfer));
  writer.IntegerField("billedSizeBytes", static_cast<std::int64_t>(details.billed_bytes));
  writer.IntegerField("itemCount", static_cast<std::int64_t>(details.items));
  writer.StringField("outputFormat", "DYNAMODB_JSON");
  if (details.incremental) writer.StringField("outputView", details.view);
  writer.StringField("exportType", details.incremental ? "INCREMENTAL_EXPORT" : "FULL_EXPORT");
  writer.EndObject();
  return text;
}

std::string BulkPutManifest(const tenancy::TransferRecord& transfer, const ManifestNames& names, WallTime ended_at) {
  const tenancy::BulkPutDetails& details = transfer.as_bulk_put();
  std::string text;
  wire::JsonWriter writer(&text);
  const auto count = [&](std::string_view name, std::uint64_t value) {
    writer.IntegerField(name, static_cast<std::int64_t>(value));
  };
  const auto report = [&](std::string_view name, std::uint64_t items, std::uint64_t files) {
    writer.Key(name);
    writer.BeginObject();
    count("itemCount", items);
    count("fileCount", files);
    writer.EndObject();
  };
  writer.BeginObject();
  writer.StringField("bulkOperationArn", names.arn);
  writer.StringField("bulkOperationStatus", tenancy::NameOf(transfer.status));
  writer.StringField("tableArn", names.table_arn);
  writer.StringField("tableId", transfer.table_id);
  writer.StringField("startTime", IsoTime(transfer.started_at));
  writer.StringField("endTime", IsoTime(ended_at));
  writer.StringField("inputS3Bucket", transfer.bucket);
  OptionalField("inputS3KeyPrefix", transfer.prefix.empty() ? std::nullopt : std::optional(transfer.prefix), &writer);
  count("processedItemCount", details.processed_items);
  count("processedInputBytes", details.processed_bytes);
  if (details.report_errors) report("errors", details.errors, details.error_files);
  if (details.report_failed_conditions) {
    report("conditionCheckFailures", details.failed_conditions, details.condition_files);
  }
  writer.EndObject();
  return text;
}

std::string Checksum(std::string_view manifest) {
  std::string text;
  wire::AppendBase64(AsText(Md5::Of(manifest)), &text);
  return text;
}

std::string IsoTime(WallTime time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
}

}  // namespace insula::transfer
