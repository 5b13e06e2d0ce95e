// Bulk operations: there are none.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_StartBulkPutItems.html
#include "operations/table_operations.h"
#include "operations/unoffered.h"
#include "operations/unoffered_operations.h"

namespace insula::operations {

Task<Result<std::string>> StartBulkPutItems(Call& call) {
  INSULA_CO_TRY(FindForControl(call, *call.input().String("TableName"), Access::kWrite));
  co_return BulkOperationsNotOffered();
}

Task<Result<std::string>> ListBulkOperations(Call&) { co_return std::string(R"({"BulkOperationsSummaryList":[]})"); }

Task<Result<std::string>> NoBulkOperation(Call&) {
  co_return Error(ErrorCode::kResourceNotFound, "Requested resource not found");
}

}  // namespace insula::operations
