// What one write does to its item, its index entries and its counters: computed from the request and the item as it is,
// touching nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "storage/engine.h"
#include "storage/rocks/commit_request.h"

namespace insula::storage::rocks {

struct ItemChange {
  WriteOutcome outcome;

  enum class Row : std::uint8_t { kKeep, kPut, kDelete };
  Row row = Row::kKeep;
  EncodedItem new_bytes;  // where row is kPut and outcome.new_item isn't filled

  struct IndexChange {
    std::optional<std::string> deleted_key;
    std::optional<std::pair<std::string, std::string>> put;  // row key and value
  };
  std::vector<IndexChange> indexes;
  std::optional<std::int64_t> expiry_deleted, expiry_put;  // the seconds of the row that goes and of the one that comes
  CountersDelta counters;                                  // usage included
  std::uint64_t charged_bytes = 0;                         // of the table's part of the usage
  std::int64_t collection_bytes = 0;  // change of the item collection, for tables with local indexes
  std::optional<std::string> logged;  // record of the change log
  std::optional<std::string> mark;    // row key

  const EncodedItem& new_item() const { return outcome.new_item ? *outcome.new_item : new_bytes; }
};

struct ChangeInput {
  const WriteRequest* request = nullptr;
  const TableSchema* schema = nullptr;  // that writers follow now
  std::string_view row_key;
  std::optional<std::string_view> old_item;  // encoded; nullopt: no such item
  bool transactional = false;                // the table's part costs twice, an index's doesn't
  // Whether an entry of a backfilling index is there yet. Called for such indexes only.
  std::function<Result<bool>(const std::string& index_row_key)> index_row_exists;
};

// A failed condition is an outcome; errors are those of rules and expressions that only the item shows.
Result<ItemChange> PlanChange(const ChangeInput& input);

// What it takes until it is committed, in bytes.
std::size_t MemoryOf(const ItemChange& change);

// Adds the rows, counters and change record to `commit`. `table` is the request's.
void AppendChange(ItemChange* change, std::string_view row_key, TableState* table, CommitRequest* commit);

bool HasLocalIndexes(const TableSchema& schema);
bool HasBackfillingIndexes(const TableSchema& schema);

}  // namespace insula::storage::rocks
