// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "operations/copies/transfer_answers.h"
#include "operations/copies/transfer_operations.h"
#include "operations/core/refusal.h"
#include "operations/core/table_handle.h"
#include "operations/core/unoffered.h"

namespace insula::operations {
namespace {

Result<void> ReadOutput(wire::StructureView output, tenancy::BulkPutDetails* details) {
  const auto types = output.Strings("OutputType").value_or(std::vector<std::string>());
  if (types.empty())
    return Invalid("OutputS3Configuration: OutputType names neither ERROR nor CONDITION_CHECK_FAILURE");
  for (const std::string& type : types) {
    (type == "ERROR" ? details->report_errors : details->report_failed_conditions) = true;
  }
  const auto bucket = output.String("S3Bucket");
  if (!bucket) return Invalid("OutputS3Configuration: S3Bucket is missing");
  details->output_bucket = *bucket;
  std::string_view prefix = output.String("S3KeyPrefix").value_or("");
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  INSULA_ASSIGN(details->output_prefix, PrefixOf("OutputS3Configuration: S3KeyPrefix", prefix));
  if (auto owner = output.String("S3BucketOwner")) details->output_owner = *owner;
  if (auto algorithm = output.String("S3SseAlgorithm")) details->sse_algorithm = *algorithm;
  if (auto key = output.String("S3SseKmsKeyId")) details->sse_kms_key = *key;
  if (details->sse_kms_key && details->sse_algorithm != "KMS") {
    return Invalid("OutputS3Configuration: S3SseKmsKeyId can only be used with the S3SseAlgorithm KMS");
  }
  return {};
}

Result<tenancy::TransferRecord> WantedOf(wire::StructureView input) {
  tenancy::TransferRecord wanted;
  tenancy::BulkPutDetails details;
  const wire::StructureView source = *input.Structure("InputS3Configuration");
  details.input.format = *source.String("InputFormat");
  if (details.input.format == "ION") return IonNotOffered();
  details.input.compression = source.String("InputCompressionType").value_or("NONE");
  INSULA_ASSIGN(wanted.prefix,
                PrefixOf("InputS3Configuration: S3KeyPrefix", source.String("S3KeyPrefix").value_or("")));
  wanted.bucket = *source.String("S3Bucket");
  if (auto owner = source.String("S3BucketOwner")) wanted.bucket_owner = *owner;
  INSULA_TRY(ReadOutput(*input.Structure("OutputS3Configuration"), &details));
  details.write_units_max = input.Integer("MaxWriteRequestUnits");
  details.tier = input.String("PerformanceTier").value_or("STANDARD");
  wanted.client_token = input.String("ClientToken").value_or("");
  wanted.fingerprint = FingerprintOf(input);
  wanted.details = std::move(details);
  return wanted;
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/BulkPutItems.Considerations.html
Result<void> CheckReady(const tenancy::Table& table) {
  const TableDefinition& definition = table.definition;
  if (!IsSettled(definition.status)) {
    return InUse("The table is being {}. Table: {}",
                 definition.status == TableStatus::kCreating ? "created" : "deleted", definition.name);
  }
  for (const auto& [name, settings] : definition.index_settings) {
    if (settings.status != IndexStatus::kCreating) continue;
    return InUse("Can't start a bulk operation while an index is being created. Table: {} Index: {}", definition.name,
                 name);
  }
  return {};
}

}  // namespace

Task<Result<std::string>> StartBulkPutItems(Call& call) {
  INSULA_CO_TRY(CheckHasObjects(call));
  INSULA_CO_ASSIGN(tenancy::TransferRecord wanted, WantedOf(call.input()));
  INSULA_CO_ASSIGN(const TableHandle table,
                   TableHandle::OpenForControl(call, *call.input().String("TableName"), Access::kWrite));
  INSULA_CO_TRY(CheckReady(*table));
  tenancy::Transfers transfers = call.services.catalog.transfers();
  tenancy::Context context = call.context();
  INSULA_CO_ASSIGN(const tenancy::TransferPtr transfer,
                   co_await transfers.StartBulkPut(std::move(context), table.ptr(), std::move(wanted)));
  co_return BulkOperationAnswer(transfers, *transfer);
}

}  // namespace insula::operations
