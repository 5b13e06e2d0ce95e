// How far the restore of a table is: a row of its store.
//
//   row       := system-prefix(03) place -> version(1)=1 state(1) chunks runs backup counters collection bytes
//   state     := 0 under way | 1 done
//   chunks, runs, bytes varints; backup, counters and collection with their lengths
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/rocks/table_counters.h"
#include "tenancy/identity/table_ref.h"

namespace insula::storage::rocks {

struct RestoreProgressRow {
  bool done = false;
  std::uint64_t chunks = 0;  // whose items are in the table
  std::uint64_t runs = 0;    // files of index entries for them, of each index
  std::string backup;        // its id
  TableCounters counters;    // of what is in the table
  // The item collection that the last chunk ended in, which the next may go on with (tables with local indexes).
  std::string collection;
  std::uint64_t collection_bytes = 0;
};

std::string RestoreProgressRowKey(const tenancy::TableRef& table);
std::string EncodeRestoreProgress(const RestoreProgressRow& row);
Result<RestoreProgressRow> RestoreProgressFrom(std::string_view bytes);

}  // namespace insula::storage::rocks
