#include "expression/range_operator.h"

namespace insula::expression {

std::optional<RangeOperator> RangeOperatorOf(Comparator comparator, bool mirrored) {
  switch (comparator) {
    case Comparator::kEqual:
      return RangeOperator::kEqual;
    case Comparator::kNotEqual:
      return std::nullopt;
    case Comparator::kLess:
      return mirrored ? RangeOperator::kGreater : RangeOperator::kLess;
    case Comparator::kLessOrEqual:
      return mirrored ? RangeOperator::kGreaterOrEqual : RangeOperator::kLessOrEqual;
    case Comparator::kGreater:
      return mirrored ? RangeOperator::kLess : RangeOperator::kGreater;
    case Comparator::kGreaterOrEqual:
      return mirrored ? RangeOperator::kLessOrEqual : RangeOperator::kGreaterOrEqual;
  }
  return std::nullopt;
}

}  // namespace insula::expression
