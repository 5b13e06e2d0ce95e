#include "operations/pages/page_operations.h"

#include <array>

#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> PageOperations() {
  namespace shapes = wire::shapes;
  static constexpr std::array kOperations = {
      Operation{"Query", shapes::Query, Query},
      Operation{"Scan", shapes::Scan, Scan},
  };
  return kOperations;
}

}  // namespace insula::operations
