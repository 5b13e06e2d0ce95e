// ItemCollectionMetrics of operations that write many items: one entry per item collection, by table.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "model/primary_key.h"
#include "model/table_schema.h"
#include "wire/json_writer.h"

namespace insula::operations {

class CollectionMetrics {
 public:
  // `table_name` and `schema` outlive this. A collection's last size counts.
  void Add(std::string_view table_name, const TableSchema& schema, const AttributeValue& hash, std::uint64_t bytes);
  bool empty() const { return entries_.empty(); }
  // {"TABLE":[{"ItemCollectionKey":…,"SizeEstimateRangeGB":…}]}
  void Write(wire::JsonWriter* writer) const;

 private:
  struct Entry {
    std::string_view table_name;
    const TableSchema* schema;
    PrimaryKey key;  // its hash part
    std::uint64_t bytes;
  };
  std::vector<Entry> entries_;
};

}  // namespace insula::operations
