#include "tenancy/faces/stream_lanes.h"

#include <utility>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/context_key.h"

namespace insula::tenancy {

std::vector<StreamLaneChanges::Streaming> StreamLaneChanges::All() const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<Streaming> streaming;
  for (const auto& [owner, tables] : impl.state.tables) {
    for (const auto& [name, record] : tables) {
      const TableDefinition& definition = record->definition();
      const bool logs = definition.stream.enabled && definition.stream.first != 0;
      if (logs && definition.status == TableStatus::kActive) streaming.push_back({owner, record->table});
    }
  }
  return streaming;
}

Task<Result<TablePtr>> StreamLaneChanges::PlanSplit(Streaming of, std::uint64_t at) {
  StreamLanes planned = of.table->definition.stream.lanes;
  planned.planned_split = at;
  return Replace(std::move(of), std::move(planned));
}

Task<Result<void>> StreamLaneChanges::ConcludeSplit(Streaming of, bool certain) {
  StreamLanes concluded = of.table->definition.stream.lanes;
  if (certain) concluded.splits.push_back(*concluded.planned_split);
  concluded.planned_split.reset();
  INSULA_CO_TRY(co_await Replace(std::move(of), std::move(concluded)));
  co_return Result<void>{};
}

Task<Result<TablePtr>> StreamLaneChanges::Replace(Streaming of, StreamLanes after) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock(KeyOf(of.owner));
  const TableRecordPtr record = impl.StateInLane().FindTable(of.owner, of.table->definition.name);
  if (record == nullptr || record->table->ref.incarnation() != of.table->ref.incarnation()) co_return TablePtr();
  TableDefinition definition = record->definition();
  const StreamSettings& known = of.table->definition.stream;
  StreamSettings& stream = definition.stream;
  if (!stream.enabled || stream.label != known.label || stream.lanes != known.lanes) co_return TablePtr();
  stream.lanes = std::move(after);
  const TableRecordPtr stored = impl.WithDefinition(*record, std::move(definition));
  Change change;
  change.PutTable(stored);
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return stored->table;
}

}  // namespace insula::tenancy
