// DescribeBulkOperation, ListBulkOperations, CancelBulkOperation.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBulkOperations.html
#include "operations/copies/transfer_answers.h"
#include "operations/copies/transfer_operations.h"
#include "operations/core/refusal.h"
#include "operations/core/table_handle.h"
#include "operations/tables/table_description.h"

namespace insula::operations {
namespace {

constexpr std::int64_t kBulkPageDefault = 10;
constexpr std::int64_t kBulkPageMax = 100;

}  // namespace

Task<Result<std::string>> DescribeBulkOperation(Call& call) {
  const tenancy::Transfers transfers = call.services.catalog.transfers();
  INSULA_CO_ASSIGN(const tenancy::TransferPtr transfer, transfers.Find(call.context(), tenancy::TransferKind::kBulkPut,
                                                                       *call.input().String("BulkOperationArn")));
  co_return BulkOperationAnswer(transfers, *transfer);
}

Task<Result<std::string>> ListBulkOperations(Call& call) {
  const std::int64_t size = call.input().Integer("MaxResults").value_or(kBulkPageDefault);
  if (size < 1 || size > kBulkPageMax) co_return Invalid("MaxResults: {} is not between 1 and {}", size, kBulkPageMax);
  INSULA_CO_ASSIGN(const tenancy::TransferPage page, PageOf(call, tenancy::TransferKind::kBulkPut, std::nullopt, size));
  const tenancy::Transfers transfers = call.services.catalog.transfers();
  co_return ListAnswer("BulkOperationsSummaryList", page, [&](const auto& transfer, wire::JsonWriter* writer) {
    writer->StringField("BulkOperationArn", transfers.ArnOf(transfer));
    writer->StringField("BulkOperationStatus", NameOf(transfer.status));
    WriteTime("StartTime", transfer.started_at, writer);
    if (transfer.ended_at) WriteTime("EndTime", *transfer.ended_at, writer);
  });
}

Task<Result<std::string>> CancelBulkOperation(Call& call) {
  tenancy::Transfers transfers = call.services.catalog.transfers();
  tenancy::Context context = call.context();
  std::string arn(*call.input().String("BulkOperationArn"));
  INSULA_CO_ASSIGN(const tenancy::TransferPtr transfer, co_await transfers.Cancel(std::move(context), std::move(arn)));
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.StringField("BulkOperationArn", transfers.ArnOf(*transfer));
  writer.StringField("BulkOperationStatus", NameOf(transfer->status));
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
