// The rows a Query or Scan page walks over, as a range of row keys.
#pragma once

#include <string>

#include "base/result.h"
#include "storage/engine.h"

namespace insula::storage::rocks {

struct PageRange {
  std::string lower;  // first row key in it
  std::string upper;  // first row key after it
  bool empty() const { return lower >= upper; }
};

// `index` is the request's, or nullptr. Refusal::kStartIncomplete, kStartElsewhere.
Result<PageRange> PageRangeOf(const PageRequest& request, const TableSchema& schema, const IndexSchema* index);

// The first hash, as a number, of a parallel scan's segment: segments part the 64-bit hashes evenly.
std::uint64_t FirstHashOf(std::uint32_t segment, std::uint32_t total);

}  // namespace insula::storage::rocks
