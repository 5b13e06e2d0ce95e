// What became of each item between two points of a change log: its image before the first change and after the last.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/task.h"
#include "model/primary_key.h"
#include "storage/change_log.h"

namespace insula::transfer {

struct NetChange {
  PrimaryKey key;
  storage::MaybeItem before, after;  // neither: it came and went, and is left out
  WallTime at{};                     // of the last change
};

struct NetChanges {
  std::vector<NetChange> changes;  // in key order
  // Keys from here on are still to come (encoded, as EncodeKey does it); empty: none are.
  std::string next_key;
};

struct ChangeWindow {
  storage::TableRef table;
  std::uint64_t after = 0, up_to = 0;  // sequences
};

// The net changes of the smallest keys from `first_key` on that fit into about `bytes_max`; at least one key's. One
// pass over the window, whatever its length: what doesn't fit is another call's.
Task<Result<NetChanges>> CollectNetChanges(storage::ChangeLog& log, ChangeWindow window, std::string first_key,
                                           std::size_t bytes_max);

}  // namespace insula::transfer
