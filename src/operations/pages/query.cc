// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
#include <utility>

#include "operations/pages/page_operation.h"
#include "operations/pages/page_operations.h"

namespace insula::operations {

Task<Result<std::string>> Query(Call& call) {
  INSULA_CO_ASSIGN(PageParameters parameters, DecodeQuery(call.input()));
  co_return co_await AnswerPage(call, std::move(parameters), PlanQuery);
}

}  // namespace insula::operations
