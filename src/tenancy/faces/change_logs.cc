#include "tenancy/faces/change_logs.h"

#include "tenancy/catalog/catalog_impl.h"

namespace insula::tenancy {

std::vector<ChangeLogs::Log> ChangeLogs::All() const {
  const Catalog::Impl& impl = catalog_.impl();
  const StreamTimes times = impl.StreamTimesNow();
  std::vector<Log> logs;
  const auto add = [&](const TablePtr& table, std::optional<WallTime> since, bool dropped) {
    logs.push_back({table, since.value_or(times.now), since.has_value(), dropped});
  };
  const SharedLock lock(impl.mutex);
  for (const auto& [owner, tables] : impl.state.tables) {
    for (const auto& [name, record] : tables) {
      const TableDefinition& definition = record->definition();
      if (!definition.ever_logged || definition.status != TableStatus::kActive) continue;
      add(record->table, ChangesKeptSince(definition, times), false);
    }
  }
  for (const auto& [owner, tables] : impl.state.kept_logs) {
    for (const auto& [incarnation, record] : tables) {
      // What point in time would have kept longer went with the table.
      std::optional<WallTime> since;
      if (!ReadableStreams(record->definition(), times).empty()) since = times.now - times.kept;
      add(record->table, since, true);
    }
  }
  return logs;
}

Task<Result<void>> ChangeLogs::Forget(TablePtr table) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  Change change;
  for (const auto& [owner, tables] : impl.StateInLane().kept_logs) {
    const auto found = tables.find(table->ref.incarnation());
    if (found != tables.end()) change.Remove(KeptLogRecord{found->second});
  }
  if (change.records.empty()) co_return Result<void>{};
  co_return co_await impl.Commit(std::move(change));
}

}  // namespace insula::tenancy
