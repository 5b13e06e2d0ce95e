// ReturnConsumedCapacity and ReturnItemCollectionMetrics: what was used, as answers show it.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/item_size.h"
#include "model/primary_key.h"
#include "model/table_schema.h"
#include "storage/engine.h"
#include "wire/json_writer.h"
#include "wire/request.h"

namespace insula::operations {

enum class ReturnCapacity : std::uint8_t { kNone, kTotal, kIndexes };
// Precondition: the shape has ReturnConsumedCapacity.
ReturnCapacity ReturnCapacityOf(wire::StructureView input);

// Of reading one item, or of finding that it isn't there.
inline HalfUnits ReadCostOf(const storage::MaybeItem& item, bool consistent) {
  return ReadCost(item ? item->size() : 0, consistent);
}

// What one operation used of one table, summed over its parts. Plain operations show one number; transactions also
// how much of it was read and how much written. What vector indexes used is in bytes and in no sum.
class ConsumedCapacity {
 public:
  void AddRead(HalfUnits cost) { table_read_ += cost; }
  void AddWrite(HalfUnits cost) { table_written_ += cost; }
  void AddIndexRead(std::uint16_t index, HalfUnits cost);
  void Add(const storage::WriteUsage& usage);
  // Of a write whose condition failed, beside others in a batch: in the sum, and in none of its parts.
  void AddFailed(const storage::WriteUsage& usage) { failed_ += usage.table; }
  // Whether there is nothing but what failed.
  bool only_failed() const;

  HalfUnits read() const;     // table and indexes
  HalfUnits written() const;  // table and indexes, and what failed

  // The value of "ConsumedCapacity" (or an element of its list): an object. `table_name` as the request gave it, name
  // or ARN. Precondition: mode isn't kNone.
  void Write(ReturnCapacity mode, std::string_view table_name, const TableSchema& schema, bool transactional,
             wire::JsonWriter* writer) const;

 private:
  struct IndexPart {
    std::uint16_t id;
    HalfUnits read, written;
  };
  IndexPart& PartOf(std::uint16_t index);

  void WriteUnitsOf(IndexKind kind, const TableSchema& schema, bool transactional, wire::JsonWriter* writer) const;
  void WriteVectorBytes(const TableSchema& schema, wire::JsonWriter* writer) const;

  HalfUnits table_read_, table_written_, failed_;
  std::vector<IndexPart> indexes_;
  std::map<std::uint16_t, std::uint64_t> vector_bytes_written_;
};

// Whether the answer shows item collection metrics: asked for (SIZE), and the table has local indexes.
bool WantsCollectionMetrics(wire::StructureView input, const TableSchema& schema);
// {"ItemCollectionKey":{…},"SizeEstimateRangeGB":[0.0,1.0]}
void WriteCollectionMetrics(const PrimaryKey& key, const TableSchema& schema, std::uint64_t collection_bytes,
                            wire::JsonWriter* writer);

}  // namespace insula::operations
