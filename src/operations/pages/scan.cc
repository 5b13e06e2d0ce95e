// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
#include <utility>

#include "operations/pages/page_operation.h"
#include "operations/pages/page_operations.h"

namespace insula::operations {

Task<Result<std::string>> Scan(Call& call) {
  INSULA_CO_ASSIGN(PageParameters parameters, DecodeScan(call.input()));
  co_return co_await AnswerPage(call, std::move(parameters), PlanScan);
}

}  // namespace insula::operations
