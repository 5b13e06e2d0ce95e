// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
#include <utility>

#include "operations/items/item_operations.h"
#include "operations/items/write_action.h"

namespace insula::operations {

Task<Result<std::string>> PutItem(Call& call) {
  INSULA_CO_ASSIGN(WriteAction action, DecodePut(call.input(), Form::kOperation));
  co_return co_await PerformWrite(call, std::move(action));
}

}  // namespace insula::operations
