// DescribeExport, DescribeImport, ListExports, ListImports.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html
#include "operations/copies/transfer_answers.h"
#include "operations/copies/transfer_operations.h"
#include "operations/core/table_handle.h"
#include "operations/tables/table_description.h"

namespace insula::operations {
namespace {

constexpr std::int64_t kTransfersPageDefault = 10;

}  // namespace

Task<Result<std::string>> DescribeExport(Call& call) {
  const tenancy::Transfers transfers = call.services.catalog.transfers();
  INSULA_CO_ASSIGN(const tenancy::TransferPtr transfer,
                   transfers.Find(call.context(), tenancy::TransferKind::kExport, *call.input().String("ExportArn")));
  co_return ExportAnswer(transfers, *transfer);
}

Task<Result<std::string>> DescribeImport(Call& call) {
  const tenancy::Transfers transfers = call.services.catalog.transfers();
  INSULA_CO_ASSIGN(const tenancy::TransferPtr transfer,
                   transfers.Find(call.context(), tenancy::TransferKind::kImport, *call.input().String("ImportArn")));
  co_return ImportAnswer(transfers, *transfer);
}

Task<Result<std::string>> ListExports(Call& call) {
  const std::int64_t size = call.input().Integer("MaxResults").value_or(kTransfersPageDefault);
  INSULA_CO_ASSIGN(const tenancy::TransferPage page,
                   PageOf(call, tenancy::TransferKind::kExport, call.input().String("TableArn"), size));
  const tenancy::Transfers transfers = call.services.catalog.transfers();
  co_return ListAnswer("ExportSummaries", page, [&](const auto& transfer, wire::JsonWriter* writer) {
    writer->StringField("ExportArn", transfers.ArnOf(transfer));
    writer->StringField("ExportStatus", NameOf(transfer.status));
    writer->StringField("ExportType", transfer.as_export().incremental ? "INCREMENTAL_EXPORT" : "FULL_EXPORT");
  });
}

Task<Result<std::string>> ListImports(Call& call) {
  const std::int64_t size = call.input().Integer("PageSize").value_or(kTransfersPageDefault);
  INSULA_CO_ASSIGN(const tenancy::TransferPage page,
                   PageOf(call, tenancy::TransferKind::kImport, call.input().String("TableArn"), size));
  const tenancy::Transfers transfers = call.services.catalog.transfers();
  co_return ListAnswer("ImportSummaryList", page, [&](const auto& transfer, wire::JsonWriter* writer) {
    writer->StringField("ImportArn", transfers.ArnOf(transfer));
    writer->StringField("ImportStatus", NameOf(transfer.status));
    writer->StringField("TableArn", transfers.TableArnOf(transfer));
    WriteBucketSource(transfers, transfer, writer);
    writer->StringField("InputFormat", transfer.as_import().input.format);
    WriteTime("StartTime", transfer.started_at, writer);
    if (transfer.ended_at) WriteTime("EndTime", *transfer.ended_at, writer);
  });
}

}  // namespace insula::operations
