// Noting in the catalog what the engine has done: a table is ACTIVE, or gone.
#include <set>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/context_key.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {

// The change for one table, and the table as it is after it: nullptr if that incarnation is gone.
TablePtr Catalog::Impl::AddEngineDone(const EngineDone& done, Change* change) const {
  const TableRecordPtr record = StateInLane().FindTable(done.intent.owner, done.intent.table);
  if (record == nullptr || record->table->ref.incarnation() != done.incarnation) return nullptr;
  if (!done.epoch) {
    EndRestore(*record, change);
    change->RemoveTable(record);
    if (done.kept_next) {
      TableDefinition ended = record->definition();
      EndStreams(clock.Now(), *done.kept_next, &ended);
      change->Put(KeptLogRecord{WithDefinition(*record, std::move(ended))});
    }
    return nullptr;
  }
  const TableDefinition& before = record->definition();
  if (before.status == TableStatus::kDeleting || !IsPending(before)) return record->table;
  // The import or the restore settles it.
  const bool being_filled = record->importing || record->restoring_from;
  if (being_filled && before.status == TableStatus::kCreating) return record->table;
  // Changed since the engine looked: the change's own intent is what settles it.
  if (before.schema->epoch != *done.epoch) return record->table;
  TableRecordPtr settled = WithDefinition(*record, SettledDefinition(before, done.marks, clock.Now()));
  if (before.point_in_time_days && !record->point_in_time_since) {
    TableRecord kept = *settled;
    kept.point_in_time_since = clock.Now();
    settled = std::make_shared<const TableRecord>(std::move(kept));
  }
  change->PutTable(settled);
  AddRolloutOf(done.intent.owner, change);
  return settled->table;
}

void Catalog::Impl::AddRolloutOf(const ContextNames& owner, Change* change) const {
  const PlacementRecord* placement = StateInLane().FindPlacement(owner);
  const ServiceState* service = StateInLane().FindService(owner.environment, owner.service);
  if (placement != nullptr && service != nullptr && placement->template_version < service->record.template_version) {
    change->intents.push_back(RolloutIntent{owner});
  }
}

Task<Result<TablePtr>> Catalog::Impl::NoteEngineDone(EngineDone done) {
  auto mine = std::make_shared<EngineDone>(std::move(done));
  {
    const MutexLock lock(engine_done_mutex);
    engine_done.push_back(mine);
  }
  const auto guard = co_await lane.Lock(KeyOf(mine->intent.owner));
  while (!mine->outcome) {  // unless somebody before took it along
    std::vector<std::shared_ptr<EngineDone>> batch;
    std::set<TableIntent> tables;  // a commit changes a record once
    {
      const MutexLock lock(engine_done_mutex);
      while (!engine_done.empty() && 2 * batch.size() < Change::kRecordsMax &&
             tables.insert(engine_done.front()->intent).second) {
        batch.push_back(std::move(engine_done.front()));
        engine_done.pop_front();
      }
    }
    INSULA_CHECK(!batch.empty());
    Change change;
    for (const auto& each : batch) each->outcome = AddEngineDone(*each, &change);
    if (change.records.empty()) continue;
    const Result<void> committed = co_await Commit(std::move(change));
    if (committed.ok()) continue;
    for (const auto& each : batch) each->outcome = committed.error();
  }
  co_return std::move(*mine->outcome);
}

}  // namespace insula::tenancy
