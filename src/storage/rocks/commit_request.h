// What one writer asks the committer to make durable, whole or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rocksdb/status.h>
#include <rocksdb/write_batch.h>
#include <boost/container/small_vector.hpp>

#include "storage/rocks/resume.h"
#include "storage/rocks/table_counters.h"
#include "storage/rocks/table_state.h"

namespace insula::storage::rocks {

// Lives in the writer's coroutine until the commit has returned.
struct CommitRequest {
  struct TableDelta {
    TableState* table = nullptr;
    CountersDelta counters;
  };
  struct CollectionDelta {
    CollectionSize* collection = nullptr;
    std::int64_t bytes = 0;
  };
  struct Change {
    TableState* table = nullptr;
    std::string body;  // change_log.h; the committer adds sequence number and time
  };

  rocksdb::WriteBatch batch;  // rows of items and indexes
  boost::container::small_vector<TableDelta, 1> tables;
  std::vector<CollectionDelta> collections;
  std::vector<Change> changes;
  std::uint64_t fairness_key = 0;  // one tenant's requests share it

  // Adds to what is counted for `table`.
  CountersDelta& CountersOf(TableState* table) {
    for (TableDelta& delta : tables) {
      if (delta.table == table) return delta.counters;
    }
    tables.emplace_back().table = table;
    return tables.back().counters;
  }
  std::size_t bytes() const {
    std::size_t total = batch.GetDataSize();
    for (const Change& change : changes) total += change.body.size();
    return total;
  }

  // The committer's.
  rocksdb::Status status;
  std::optional<Suspended> writer;
};

}  // namespace insula::storage::rocks
