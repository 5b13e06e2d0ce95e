// What an engine does for vector indexes beside keeping them: it finds the items whose vectors are nearest to one.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "model/attribute_value.h"
#include "model/encoded_item.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage {

struct VectorSearchRequest {
  tenancy::TableRef table;
  std::uint16_t index = 0;                               // IndexSchema::id, of a vector index
  std::optional<AttributeValue> partition{};             // of the index's hash attribute, if it has one
  std::vector<std::optional<AttributeValue>> filters{};  // what VectorSchema::filters must equal; nullopt: anything
  std::vector<float> vector{};                           // of the index's dimensions
  std::size_t top_k = 1;
};

struct VectorMatch {
  EncodedItem item;     // the table's whole item
  double distance = 0;  // model/vector_value.h
};

struct VectorSearchResult {
  std::vector<VectorMatch> matches;  // the most similar first; equals in the order of the table
  std::uint64_t examined = 0;        // entries whose distance was looked at: those that the filters let through
};

// Safe from any thread.
class VectorSearch {
 public:
  virtual ~VectorSearch() = default;

  // Exact, and of one moment: what a comparison with every vector of the index would give.
  virtual Task<Result<VectorSearchResult>> Search(VectorSearchRequest request) = 0;
};

}  // namespace insula::storage
