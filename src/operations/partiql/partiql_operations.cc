#include "operations/partiql/partiql_operations.h"

#include <array>

#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> PartiQlOperations() {
  namespace shapes = wire::shapes;
  static constexpr std::array kOperations = {
      Operation{"BatchExecuteStatement", shapes::BatchExecuteStatement, BatchExecuteStatement},
      Operation{"ExecuteStatement", shapes::ExecuteStatement, ExecuteStatement},
      Operation{"ExecuteTransaction", shapes::ExecuteTransaction, ExecuteTransaction},
  };
  return kOperations;
}

}  // namespace insula::operations
