// What SearchVectors answers and what it cost.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "expression/expression.h"
#include "model/table_schema.h"
#include "operations/core/consumed_capacity.h"
#include "storage/vector_search.h"

namespace insula::operations {

// VectorSearchRequestBytes. It doesn't depend on how many vectors there are, and no projection lowers it: so many bytes
// per dimension, and what the index has of the items that were found beside their vectors; 1 KB at least.
double SearchCost(const std::vector<storage::VectorMatch>& matches, const TableSchema& schema,
                  const IndexSchema& index);

// ValidationException if it is larger than an answer may be.
Result<std::string> SearchAnswer(const std::vector<storage::VectorMatch>& matches, const TableSchema& schema,
                                 const IndexSchema& index, const std::optional<expression::ProjectionList>& projection,
                                 ReturnCapacity show);

}  // namespace insula::operations
