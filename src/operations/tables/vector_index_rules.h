// What vector indexes must satisfy when they are defined, in DynamoDB's order and words.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearch.html
#pragma once

#include <set>
#include <span>
#include <string>

#include "base/error.h"
#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"

namespace insula::operations {

inline constexpr std::size_t kVectorIndexesMax = 5;  // of a table

// CreateTable's. `names` are those of the table's other indexes; the vector indexes' are added. ValidationException.
Result<void> CheckVectorIndexes(const CreateTableInput& input, BillingMode mode, std::set<std::string>* names);

// Of one index; `definitions` are those that the request gives. ValidationException.
Result<void> CheckVectorIndex(const VectorIndexInput& index, std::span<const KeyAttribute> definitions);

// A vector's attribute has one number of dimensions in all indexes. ValidationException.
Result<void> CheckDimensions(std::span<const IndexSchema> others, const IndexSchema& index);

// ValidationExceptions: more of them than a table may have; and a table that has some is billed by request.
Error TooManyVectorIndexes();
Error VectorIndexesNeedPayPerRequest();

// Precondition: checked by the above.
IndexSchema VectorIndexSchemaOf(const VectorIndexInput& index, std::span<const KeyAttribute> definitions);

}  // namespace insula::operations
