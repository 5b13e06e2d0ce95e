#include "control/shard_splitter.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "storage/change_log.h"

namespace insula::control {

using std::chrono::milliseconds;
using storage::ChangeBounds;
using storage::TableRef;
using tenancy::TablePtr;

ShardSplitter::ShardSplitter(tenancy::Catalog& catalog, storage::Engine& engine, ShardSplitterOptions options)
    : lanes_(catalog),
      engine_(engine),
      options_(options),
      runner_({}, [this](Rounds, WorkTurn turn) { return TakeTurn(turn.stop()); },
              {.name = "shard splitter", .priority = Loop::Priority::kBehindRequests}) {}

ShardSplitter::~ShardSplitter() { Stop(); }

void ShardSplitter::Start() {
  if (engine_.change_log() == nullptr) return;
  runner_.Start();
  runner_.Post(Rounds{});
}

void ShardSplitter::Stop() {
  if (runner_.started()) runner_.Stop();
}

Task<Result<TurnEnd>> ShardSplitter::TakeTurn(std::stop_token stop) {
  const auto now = std::chrono::steady_clock::now();
  const auto passed = std::chrono::duration_cast<milliseconds>(now - std::exchange(last_round_, now));
  co_await Round(passed, std::move(stop));
  co_return TurnEnd::Again(options_.period);
}

Task<std::size_t> ShardSplitter::Round(milliseconds passed, std::stop_token stop) {
  std::size_t failed = 0;
  std::map<Incarnation, std::uint64_t> met;
  for (const Streaming& of : lanes_.All()) {
    if (stop.stop_requested()) co_return failed;
    const Result<void> looked = co_await Look(of, passed);
    if (!looked.ok()) {
      ++failed;
      Log(LogLevel::kWarn, "could not see whether a stream's shards are to be split",
          {{"room", "control"}, {"table", of.table->arn}, {"cause", looked.error().message()}});
    }
    const Incarnation incarnation = of.table->ref.incarnation();
    if (const auto next = next_.find(incarnation); next != next_.end()) met.insert(*next);
  }
  next_ = std::move(met);  // without those that are gone
  co_return failed;
}

Task<Result<void>> ShardSplitter::Look(Streaming of, milliseconds passed) {
  const StreamSettings& stream = of.table->definition.stream;
  if (stream.lanes.planned_split) co_return co_await Conclude(of);
  const TableRef ref = of.table->ref;
  // Who isn't known isn't busy; and asking about it here would keep every account's store open.
  const std::optional<std::uint64_t> next = engine_.change_log()->NextKnown(ref);
  if (!next) co_return Result<void>{};
  const auto [known, is_new] = next_.try_emplace(ref.incarnation(), *next);
  const std::uint64_t changes = *next - std::exchange(known->second, *next);
  if (is_new || passed.count() <= 0) co_return Result<void>{};
  const auto lanes = std::uint64_t{stream.lanes.first} << stream.lanes.splits.size();
  const std::uint64_t per_second = changes * 1000 / static_cast<std::uint64_t>(passed.count());
  // The last split has taken effect, or there is nothing to tell how busy the lanes are.
  const bool split_before = stream.lanes.splits.empty() || stream.lanes.splits.back() <= *next - changes;
  if (per_second <= options_.changes_per_second_max * lanes || lanes >= options_.lanes_max || !split_before) {
    co_return Result<void>{};
  }
  const auto ahead_ms = static_cast<std::uint64_t>(options_.ahead.count());
  co_return co_await Split(of, *next + std::max(options_.changes_ahead_min, per_second * ahead_ms / 1000));
}

Task<Result<void>> ShardSplitter::Split(Streaming of, std::uint64_t at) {
  INSULA_CO_ASSIGN(const TablePtr planned, co_await lanes_.PlanSplit(of, at));
  if (planned == nullptr) co_return Result<void>{};
  of.table = planned;
  co_return co_await Conclude(of);
}

Task<Result<void>> ShardSplitter::Conclude(Streaming of) {
  const TableRef ref = of.table->ref;
  INSULA_CO_ASSIGN(const ChangeBounds bounds, co_await engine_.change_log()->Bounds(ref));
  const bool in_time = bounds.next <= *of.table->definition.stream.lanes.planned_split;
  co_return co_await lanes_.ConcludeSplit(of, in_time);
}

}  // namespace insula::control
