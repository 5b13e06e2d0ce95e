// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BulkOperationDescription.html
#include "operations/copies/transfer_answers.h"

namespace insula::operations {
namespace {

void WriteInput(const tenancy::TransferRecord& transfer, wire::JsonWriter* writer) {
  writer->Key("InputS3Configuration");
  writer->BeginObject();
  if (transfer.bucket_owner) writer->StringField("S3BucketOwner", *transfer.bucket_owner);
  writer->StringField("S3Bucket", transfer.bucket);
  if (!transfer.prefix.empty()) writer->StringField("S3KeyPrefix", transfer.prefix);
  writer->StringField("InputFormat", transfer.as_bulk_put().input.format);
  writer->StringField("InputCompressionType", transfer.as_bulk_put().input.compression);
  writer->EndObject();
}

void WriteOutput(const tenancy::BulkPutDetails& details, wire::JsonWriter* writer) {
  writer->Key("OutputS3Configuration");
  writer->BeginObject();
  if (details.output_owner) writer->StringField("S3BucketOwner", *details.output_owner);
  writer->StringField("S3Bucket", details.output_bucket);
  if (!details.output_prefix.empty()) writer->StringField("S3KeyPrefix", details.output_prefix);
  if (details.sse_algorithm) writer->StringField("S3SseAlgorithm", *details.sse_algorithm);
  if (details.sse_kms_key) writer->StringField("S3SseKmsKeyId", *details.sse_kms_key);
  writer->Key("OutputType");
  writer->BeginArray();
  if (details.report_errors) writer->String("ERROR");
  if (details.report_failed_conditions) writer->String("CONDITION_CHECK_FAILURE");
  writer->EndArray();
  writer->EndObject();
}

void WriteIndexes(std::string_view name, std::string_view unit, IndexKind kind, const tenancy::BulkPutUsage& usage,
                  wire::JsonWriter* writer) {
  bool any = false;
  for (const auto& [index, used] : usage.indexes) {
    if (used.kind != kind) continue;
    if (!any) {
      writer->Key(name);
      writer->BeginObject();
      any = true;
    }
    writer->Key(index);
    writer->BeginObject();
    WriteCount(unit, used.bytes, writer);
    writer->EndObject();
  }
  if (any) writer->EndObject();
}

void WriteUsage(const tenancy::TransferRecord& transfer, wire::JsonWriter* writer) {
  const tenancy::BulkPutUsage& usage = transfer.as_bulk_put().usage;
  std::uint64_t total = usage.table;
  for (const auto& [index, used] : usage.indexes) total += used.kind == IndexKind::kVector ? 0 : used.bytes;
  writer->Key("BulkOperationUsage");
  writer->BeginArray();
  writer->BeginObject();
  writer->StringField("TableName", transfer.table);
  WriteCount("BulkPutBytes", total, writer);
  writer->Key("Table");
  writer->BeginObject();
  WriteCount("BulkPutBytes", usage.table, writer);
  writer->EndObject();
  WriteIndexes("LocalSecondaryIndexes", "BulkPutBytes", IndexKind::kLocal, usage, writer);
  WriteIndexes("GlobalSecondaryIndexes", "BulkPutBytes", IndexKind::kGlobal, usage, writer);
  WriteIndexes("VectorIndexes", "BulkPutVectorBytes", IndexKind::kVector, usage, writer);
  writer->EndObject();
  writer->EndArray();
}

}  // namespace

std::string BulkOperationAnswer(const tenancy::Transfers& transfers, const tenancy::TransferRecord& transfer) {
  const tenancy::BulkPutDetails& details = transfer.as_bulk_put();
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("BulkOperationDescription");
  writer.BeginObject();
  writer.StringField("BulkOperationArn", transfers.ArnOf(transfer));
  writer.StringField("BulkOperationStatus", NameOf(transfer.status));
  writer.Key("TableDetails");
  writer.BeginArray();
  writer.BeginObject();
  writer.StringField("TableName", transfer.table);
  writer.StringField("TableId", transfer.table_id);
  writer.EndObject();
  writer.EndArray();
  WriteTimesAndEnd(transfer, &writer);
  WriteInput(transfer, &writer);
  WriteOutput(details, &writer);
  WriteCount("ProcessedItemCount", details.processed_items, &writer);
  WriteCount("ProcessedInputBytes", details.processed_bytes, &writer);
  if (details.total_bytes) WriteCount("TotalInputBytes", *details.total_bytes, &writer);
  WriteUsage(transfer, &writer);
  WriteCount("FailedItemCount", details.errors, &writer);
  if (details.write_units_max) writer.IntegerField("MaxWriteRequestUnits", *details.write_units_max);
  writer.StringField("PerformanceTier", details.tier);
  writer.EndObject();
  writer.EndObject();
  return body;
}

}  // namespace insula::operations
