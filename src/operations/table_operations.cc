// The operations on tables, and the ones that read many items, by name.
#include <array>

#include "operations/pipeline.h"
#include "wire/shapes.h"

namespace insula::operations {

std::span<const Operation> TableOperations() { return {}; }

}  // namespace insula::operations
