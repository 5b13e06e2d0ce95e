#include "operations/items/item_operations.h"

#include <array>

#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> ItemOperations() {
  namespace shapes = wire::shapes;
  static constexpr std::array kOperations = {
      Operation{"BatchGetItem", shapes::BatchGetItem, BatchGetItem},
      Operation{"BatchWriteItem", shapes::BatchWriteItem, BatchWriteItem},
      Operation{"DeleteItem", shapes::DeleteItem, DeleteItem},
      Operation{"GetItem", shapes::GetItem, GetItem},
      Operation{"PutItem", shapes::PutItem, PutItem},
      Operation{"SearchVectors", shapes::SearchVectors, SearchVectors},
      Operation{"TransactGetItems", shapes::TransactGetItems, TransactGetItems},
      Operation{"TransactWriteItems", shapes::TransactWriteItems, TransactWriteItems},
      Operation{"UpdateItem", shapes::UpdateItem, UpdateItem},
  };
  return kOperations;
}

}  // namespace insula::operations
