// How a comparison in the text of a statement asks for a range of keys.
#pragma once

#include <optional>

#include "expression/ast.h"
#include "expression/expression.h"

namespace insula::expression {

// `mirrored`: the attribute stands on the right, so that :a < key asks for what is greater. nullopt for <>, which no
// key supports.
std::optional<RangeOperator> RangeOperatorOf(Comparator comparator, bool mirrored);

}  // namespace insula::expression
