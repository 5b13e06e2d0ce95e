#include "operations/copies/transfer_answers.h"

#include <algorithm>

#include "base/crypto.h"
#include "objects/object_store.h"
#include "operations/core/refusal.h"
#include "operations/tables/table_description.h"
#include "wire/json_copy.h"

namespace insula::operations {
namespace {

void Optional(std::string_view name, const std::string& value, wire::JsonWriter* writer) {
  if (!value.empty()) writer->StringField(name, value);
}

//   token := mark id
// One of another list is no token.
std::string MarkOf(tenancy::TransferKind kind) { return std::string(NameOf(kind).substr(0, 1)); }

constexpr std::size_t kTokenBytesMax = 64;

}  // namespace

void WriteCount(std::string_view name, std::uint64_t value, wire::JsonWriter* writer) {
  writer->IntegerField(name, static_cast<std::int64_t>(value));
}

void WriteTimesAndEnd(const tenancy::TransferRecord& transfer, wire::JsonWriter* writer) {
  WriteTime("StartTime", transfer.started_at, writer);
  if (transfer.ended_at) WriteTime("EndTime", *transfer.ended_at, writer);
  Optional("ClientToken", transfer.client_token, writer);
  Optional("FailureCode", transfer.failure_code, writer);
  Optional("FailureMessage", transfer.failure_message, writer);
}

Result<tenancy::TransferPage> PageOf(const Call& call, tenancy::TransferKind kind,
                                     std::optional<std::string_view> table_arn, std::int64_t size) {
  std::string_view after;
  if (const auto token = call.input().String("NextToken")) {
    after = *token;
    const bool is_token = after.starts_with(MarkOf(kind)) && after.size() <= kTokenBytesMax &&
                          std::ranges::all_of(after.substr(1), [](char c) {
                            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
                          });
    if (!is_token) return InvalidRequest("Provided nextToken is invalid: {}", *token);
    after.remove_prefix(1);
  }
  return call.services.catalog.transfers().List(call.context(), kind, table_arn, after, static_cast<std::size_t>(size));
}

std::string ListAnswer(std::string_view member, const tenancy::TransferPage& page,
                       const std::function<void(const tenancy::TransferRecord&, wire::JsonWriter*)>& write) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key(member);
  writer.BeginArray();
  for (const tenancy::TransferPtr& transfer : page.transfers) {
    writer.BeginObject();
    write(*transfer, &writer);
    writer.EndObject();
  }
  writer.EndArray();
  if (page.last) writer.StringField("NextToken", MarkOf(page.transfers.back()->kind()) + *page.last);
  writer.EndObject();
  return body;
}

Result<void> CheckHasObjects(const Call& call) {
  if (call.services.options.has_objects) return {};
  return ValidationError(std::string(call.operation) +
                         " is not available: this server has no place for objects configured");
}

Result<std::string> PrefixOf(std::string_view parameter, std::string_view prefix) {
  if (auto checked = objects::CheckPrefix(prefix); !checked.ok()) {
    return Invalid("{}: {}", parameter, checked.error().message());
  }
  return std::string(prefix);
}

std::string FingerprintOf(wire::StructureView input) {
  std::string text;
  wire::JsonWriter writer(&text);
  for (const auto& [name, value] : input.json().members()) {
    if (name == "ClientToken") continue;
    writer.Key(name);
    wire::WriteJson(value, &writer);
  }
  return std::string(HexOf(AsText(Sha256::Of(text))));
}

std::string ExportAnswer(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer) {
  const tenancy::ExportDetails& details = transfer.as_export();
  const bool completed = transfer.status == tenancy::TransferStatus::kCompleted;
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("ExportDescription");
  writer.BeginObject();
  writer.StringField("ExportArn", transfers.ArnOf(transfer));
  writer.StringField("ExportStatus", NameOf(transfer.status));
  WriteTimesAndEnd(transfer, &writer);
  if (completed) {
    const std::string base = transfer.prefix.empty() ? "" : transfer.prefix + "/";
    writer.StringField("ExportManifest", base + "AWSDynamoDB/" + transfer.id + "/manifest-summary.json");
  }
  writer.StringField("TableArn", transfers.TableArnOf(transfer));
  writer.StringField("TableId", transfer.table_id);
  if (!details.incremental) WriteTime("ExportTime", details.to, &writer);
  writer.StringField("S3Bucket", transfer.bucket);
  if (transfer.bucket_owner) writer.StringField("S3BucketOwner", *transfer.bucket_owner);
  Optional("S3Prefix", transfer.prefix, &writer);
  writer.StringField("S3SseAlgorithm", details.sse_algorithm.value_or("AES256"));
  if (details.sse_kms_key) writer.StringField("S3SseKmsKeyId", *details.sse_kms_key);
  writer.StringField("ExportFormat", "DYNAMODB_JSON");
  if (completed) {
    WriteCount("BilledSizeBytes", details.billed_bytes, &writer);
    WriteCount("ItemCount", details.items, &writer);
  }
  if (details.incremental) {
    writer.Key("IncrementalExportSpecification");
    writer.BeginObject();
    WriteTime("ExportFromTime", details.from, &writer);
    WriteTime("ExportToTime", details.to, &writer);
    writer.StringField("ExportViewType", details.view);
    writer.EndObject();
  }
  if (!details.filter.empty()) {
    writer.Key("FilterSpecification");
    writer.Raw(details.filter);
  }
  writer.EndObject();
  writer.EndObject();
  return body;
}

void WriteBucketSource(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer,
                       wire::JsonWriter* writer) {
  writer->Key("S3BucketSource");
  writer->BeginObject();
  writer->StringField("S3BucketOwner", transfer.bucket_owner.value_or(transfers.AccountOf(transfer).value()));
  writer->StringField("S3Bucket", transfer.bucket);
  if (!transfer.prefix.empty()) writer->StringField("S3KeyPrefix", transfer.prefix);
  writer->EndObject();
}

std::string ImportAnswer(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer) {
  const tenancy::ImportDetails& details = transfer.as_import();
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("ImportTableDescription");
  writer.BeginObject();
  writer.StringField("ImportArn", transfers.ArnOf(transfer));
  writer.StringField("ImportStatus", NameOf(transfer.status));
  writer.StringField("TableArn", transfers.TableArnOf(transfer));
  writer.StringField("TableId", transfer.table_id);
  WriteTimesAndEnd(transfer, &writer);
  WriteBucketSource(transfers, transfer, &writer);
  WriteCount("ErrorCount", details.errors, &writer);
  writer.StringField("InputFormat", details.input.format);
  if (!details.input.delimiter.empty() || !details.input.headers.empty()) {
    writer.Key("InputFormatOptions");
    writer.BeginObject();
    writer.Key("Csv");
    writer.BeginObject();
    Optional("Delimiter", details.input.delimiter, &writer);
    if (!details.input.headers.empty()) {
      writer.Key("HeaderList");
      writer.BeginArray();
      for (const std::string& header : details.input.headers) writer.String(header);
      writer.EndArray();
    }
    writer.EndObject();
    writer.EndObject();
  }
  writer.StringField("InputCompressionType", details.input.compression);
  writer.Key("TableCreationParameters");
  writer.Raw(details.parameters);
  WriteCount("ProcessedSizeBytes", details.processed_bytes, &writer);
  WriteCount("ProcessedItemCount", details.processed_items, &writer);
  WriteCount("ImportedItemCount", details.imported_items, &writer);
  writer.EndObject();
  writer.EndObject();
  return body;
}

}  // namespace insula::operations
