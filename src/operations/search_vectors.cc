// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
#include "operations/unoffered.h"
#include "operations/unoffered_operations.h"

namespace insula::operations {

Task<Result<std::string>> SearchVectors(Call& call) {
  INSULA_CO_TRY(FindTable(call, *call.input().String("TableName"), Access::kRead));
  co_return VectorIndexesNotOffered();
}

}  // namespace insula::operations
