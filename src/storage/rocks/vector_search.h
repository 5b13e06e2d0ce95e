// Finds the nearest vectors in two steps on one snapshot: a walk over the index's codes leaves the few entries that may
// be among them, whose items are then read and compared exactly.
#pragma once

#include "storage/rocks/engine_parts.h"
#include "storage/vector_search.h"

namespace insula::storage::rocks {

class RocksVectorSearch final : public VectorSearch {
 public:
  explicit RocksVectorSearch(EngineParts* parts) : parts_(parts) {}

  // Refusal::kNoSuchIndex if the schema has no such vector index.
  Task<Result<VectorSearchResult>> Search(VectorSearchRequest request) override;

 private:
  EngineParts* const parts_;
};

}  // namespace insula::storage::rocks
