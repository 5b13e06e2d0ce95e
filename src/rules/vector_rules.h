// What a written item's vectors and the attributes that vector indexes are searched by must be, in DynamoDB's words.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearchWorkingWith.html
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "model/attribute_value.h"
#include "model/table_schema.h"

namespace insula::rules {

inline constexpr std::size_t kInlineFilterSizeMax = 10240;

// Which attributes to look at: those that a write sets. What stands in the item from before stays.
using WrittenAttribute = std::function<bool(const std::string& name)>;

// An attribute that is absent is no fault: the item then has no entry, or none that the filter lets through.
// ValidationException.
Result<void> CheckVectors(const AttributeMap& item, const TableSchema& schema, const WrittenAttribute& written);

// Whether the item has an entry in a vector index: its vector and every attribute it is searched by are without fault,
// and the partition key, if the index has one, is there.
bool BelongsToVectorIndex(const AttributeMap& item, const IndexSchema& index);

}  // namespace insula::rules
