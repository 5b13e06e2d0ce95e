// An item's entry in an index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/encoded_item.h"
#include "model/table_schema.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage::rocks {

// Entries with the same key and the same projected item are the same.
struct IndexRow {
  std::string key;
  EncodedItem projected;
  std::size_t size = 0;  // what DynamoDB counts for the entry, in bytes
  // In a vector index: what the item's vector takes beyond the floats that it counts as here. Short numbers take less.
  std::int64_t vector_excess = 0;
};

// The entry of `item` in `index`, or nullopt if it has none. `item_row_key` is the item's own row key; `whole` its
// encoded form, copied where everything is projected.
std::optional<IndexRow> IndexRowOf(const tenancy::TableRef& table, const TableSchema& schema, const IndexSchema& index,
                                   const AttributeMap& item, const EncodedItem& whole, std::string_view item_row_key);

// What is stored for the entry: the projected item, which it takes; in a vector index vector_row.h's value. `item` is
// the one that `row` is of.
std::string IndexRowValue(const IndexSchema& index, const AttributeMap& item, IndexRow* row);

// The row key of an index entry with these key attributes: where a page starts after. nullopt if one is missing.
std::optional<std::string> IndexRowKeyOf(const tenancy::TableRef& table, const IndexSchema& index,
                                         const AttributeMap& item, std::string_view item_row_key);

// The item row key that an index row key ends in. Precondition: both of the same table, well-formed.
std::string ItemRowKeyFrom(std::string_view index_row_key, const IndexSchema& index);

}  // namespace insula::storage::rocks
