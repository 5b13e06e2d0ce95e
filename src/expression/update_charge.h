// What UpdateItem holds against the limit of an item's size besides the item: its expression, as if it were stored.
// Other writes hold only the item against it. paritysuite/dynamodb-conformance, tests/tier3/limits/itemSizeBySurface,
// measured it in 22 of 33 regions, eu-west-2 among them.
#pragma once

#include <cstddef>

#include "expression/ast.h"

namespace insula::expression {

std::size_t ChargeOf(const UpdateNode& update);

}  // namespace insula::expression
