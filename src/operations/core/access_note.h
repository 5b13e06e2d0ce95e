// The keys of one request to the engine, as they are noted for contributor insights once its outcome is known.
//
// What counts is DynamoDB's "consumed throughput": three for each unit written and one for each unit read. An item that
// is read or written counts for its partition and for itself, a page of a Query for its partition; a Scan goes over all
// keys alike and counts for none.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "metering/contributors.h"
#include "storage/engine.h"

namespace insula::operations {

class AccessNote {
 public:
  // Keeps nothing.
  AccessNote() = default;
  // Of an item of a table. Keeps nothing where the table isn't watched.
  AccessNote(const metering::Contributors& contributors, const storage::TableRef& table, const PrimaryKey& key);
  // Of a page: of the partition that a Query reads, or of nothing.
  AccessNote(const metering::Contributors& contributors, const storage::TableRef& table,
             const storage::PageRequest& page);

  // Whether the outcome must come with the items: the keys of a watched index are in them.
  bool needs_items() const { return table_ != nullptr && table_->has_indexes(); }

  void Read(HalfUnits cost) const;
  void Written(const storage::WriteOutcome& outcome, const TableSchema& schema) const;
  // Counts as throttled, if that is what the error says.
  void Refused(const Error& error) const;

 private:
  void Access(const metering::WatchedTable::Resource* resource, std::string_view key, std::size_t partition_size,
              std::uint64_t weight) const;

  std::shared_ptr<const metering::WatchedTable> table_;         // nullptr: not watched
  const metering::WatchedTable::Resource* resource_ = nullptr;  // what the request itself is about
  std::string key_;
  std::size_t partition_size_ = 0;
};

}  // namespace insula::operations
