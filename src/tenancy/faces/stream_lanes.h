// The shard splitter's side of the catalog (control/shard_splitter.h): which tables stream, and into how many lanes.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "tenancy/catalog/catalog.h"

namespace insula::tenancy {

// Safe from any thread; the catalog outlives it.
class StreamLaneChanges {
 public:
  explicit StreamLaneChanges(Catalog& catalog) : catalog_(catalog) {}

  struct Streaming {
    ContextNames owner;
    TablePtr table;
  };
  // ACTIVE tables whose changes are logged for a stream.
  std::vector<Streaming> All() const;
  // The lanes of the stream that `of` shows are to be split from the change `at` on. The table with that plan;
  // nullptr, and nothing is done, if the stream or its lanes are others by now.
  Task<Result<TablePtr>> PlanSplit(Streaming of, std::uint64_t at);
  // What is planned in `of` is certain, or given up. Nothing is done if it is planned no more.
  Task<Result<void>> ConcludeSplit(Streaming of, bool certain);

 private:
  // The table with the stream's lanes `after` instead of those that `of` shows.
  Task<Result<TablePtr>> Replace(Streaming of, StreamLanes after);

  Catalog& catalog_;
};

}  // namespace insula::tenancy
