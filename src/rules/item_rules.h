// What a whole item must satisfy to be stored under a schema, in DynamoDB's words: shared by the operations, which
// check a put before it costs anything, and engines, which alone see the result of an update.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "model/attribute_value.h"
#include "model/item_size.h"
#include "model/primary_key.h"
#include "model/table_schema.h"

namespace insula::rules {

// "Item size has exceeded the maximum allowed size" of a put.
Result<void> CheckPutSize(const AttributeMap& item);
// "Item size to update has exceeded the maximum allowed size" of an update's result.
Result<void> CheckUpdatedSize(std::size_t item_bytes);

// The key attributes of the table: present, of the right type, not empty, not too long; then those of each index, where
// present, and the vectors (vector_rules.h). In DynamoDB's order of precedence.
Result<void> CheckPutKeys(const AttributeMap& item, const TableSchema& schema);

// The part of it that a transaction tells before all else: no key attribute of the table (or, of a whole item, of its
// indexes) is an empty string or binary. Also for the attributes of a key alone.
Result<void> CheckNoEmptyKey(const AttributeMap& attributes, const TableSchema& schema, bool whole_item);

// The index keys and vectors among the attributes that an update wrote, in its result.
Result<void> CheckUpdatedIndexKeys(const AttributeMap& item, std::span<const std::string> written,
                                   const TableSchema& schema);

// Whether the item has an entry in the index: every key attribute there, of the right type and a valid size; of a
// vector index: vector_rules.h.
bool BelongsToIndex(const AttributeMap& item, const IndexSchema& index);

// ValidationException if a hash or range key value is empty or too long. Precondition: of type S, N or B.
Result<void> CheckKeyValue(const KeyAttribute& key, const AttributeValue& value, bool is_hash);

}  // namespace insula::rules
