// An item's entry in a vector index. Its value holds what a search compares and filters by; all else of the item is
// read from the table, whose rows are never older or newer than the index's.
//
//   value  := code filter*                 code: vector_code.h
//   filter := 0 | 1 encoded-value          one for each of VectorSchema::filters; 0: the item doesn't have it
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/table_schema.h"

namespace insula::storage::rocks {

// Precondition: the item belongs to the index.
std::string VectorRowValue(const AttributeMap& item, const VectorSchema& vector);

// Filters as a request gives them, prepared.
class VectorFilter {
 public:
  explicit VectorFilter(std::span<const std::optional<AttributeValue>> wanted);
  // Whether the filters of a row's value, what stands behind its code, are the wanted ones.
  bool Admits(std::string_view filters) const;

 private:
  std::vector<std::optional<std::string>> wanted_;  // encoded
  bool any_ = false;
};

}  // namespace insula::storage::rocks
