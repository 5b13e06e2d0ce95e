// Splits the shards of streams whose tables are busy, so that their readers can share the work: as many changes as a
// partition of DynamoDB's takes are one shard's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

#include "control/runner.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"
#include "tenancy/faces/stream_lanes.h"

namespace insula::control {

struct ShardSplitterOptions {
  std::chrono::milliseconds period{10'000};     // between two looks at a stream
  std::uint64_t changes_per_second_max = 1000;  // of one lane; DynamoDB's partitions take so many writes
  std::uint32_t lanes_max = 64;
  // How far ahead of the log a split is planned: so long as now, and so many changes at least. The log must not get
  // there before it is known that nobody has read that far.
  std::chrono::milliseconds ahead{2'000};
  std::uint64_t changes_ahead_min = 1000;
};

// Works on a thread of its own, behind requests. A split has two steps. It is planned at a sequence that the log hasn't
// reached: from the moment that plan can be seen, no reader gets beyond it. Then, if the log is seen not to have got
// there either, nobody can have read that far, and the split is certain; else the plan is given up, and there is
// another one in the next round. A crash between the two leaves a plan, of which the next start sees the same.
class ShardSplitter {
 public:
  // Both outlive the splitter.
  ShardSplitter(tenancy::Catalog& catalog, storage::Engine& engine, ShardSplitterOptions options = {});
  ~ShardSplitter();  // stops

  void Start();
  // Finishes what it is at. Not from the engine's threads.
  void Stop();

  // One look at every stream, `passed` after the last one; how many of them failed. Of one caller at a time: the
  // splitter's own thread, or a test.
  Task<std::size_t> Round(std::chrono::milliseconds passed, std::stop_token stop);

 private:
  using Streaming = tenancy::StreamLaneChanges::Streaming;

  Task<Result<TurnEnd>> TakeTurn(std::stop_token stop);
  Task<Result<void>> Look(Streaming of, std::chrono::milliseconds passed);
  Task<Result<void>> Split(Streaming of, std::uint64_t at);
  Task<Result<void>> Conclude(Streaming of);

  tenancy::StreamLaneChanges lanes_;
  storage::Engine& engine_;
  const ShardSplitterOptions options_;
  // What comes next in each log, as it was in the last round; the runner's thread's.
  std::map<Incarnation, std::uint64_t> next_;
  std::chrono::steady_clock::time_point last_round_ = std::chrono::steady_clock::now();
  Runner<Rounds> runner_;
};

}  // namespace insula::control
