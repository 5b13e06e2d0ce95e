#include "model/table_schema.h"

#include "base/check.h"

namespace insula {

std::string_view NameOf(DistanceFunction distance) {
  switch (distance) {
    case DistanceFunction::kCosine:
      return "COSINE";
    case DistanceFunction::kDotProduct:
      return "DOT_PRODUCT";
    case DistanceFunction::kEuclidean:
      return "EUCLIDEAN";
  }
  INSULA_CHECK(false);
}

const IndexSchema* TableSchema::FindIndex(std::string_view name) const {
  for (const IndexSchema& index : indexes) {
    if (index.name == name) return &index;
  }
  return nullptr;
}

}  // namespace insula
