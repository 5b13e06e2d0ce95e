// Bringing a placement's tables up to its service's template: at placing, after a change of the template, at start.
#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/codec/definition_fields.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {
namespace {

bool SameIndexes(const TableDefinition& current, const TableDefinition& wanted) {
  const auto covers = [](const TableSchema& one, const TableSchema& other) {
    for (const IndexSchema& index : one.indexes) {
      const IndexSchema* same = other.FindIndex(index.name);
      if (same == nullptr || same->key != index.key || !(same->projection == index.projection)) return false;
    }
    return true;
  };
  return covers(*current.schema, *wanted.schema) && covers(*wanted.schema, *current.schema);
}

}  // namespace

Task<Result<Catalog::Impl::Rollout>> Catalog::Impl::RollOutStep(ContextNames names) {
  const PlacementRecord* placement = StateInLane().FindPlacement(names);
  if (placement == nullptr || !StateInLane().IsActive(names)) co_return Rollout::kDone;
  const ServiceState& service = *StateInLane().FindService(names.environment, names.service);
  if (placement->template_version >= service.record.template_version) co_return Rollout::kDone;

  Change change;
  bool more = false, busy = false;
  for (const auto& [name, wanted] : service.table_template) {
    if (wanted.changed_at_version <= placement->template_version) continue;
    // A new table costs up to two records; the placement and the counters come last.
    if (change.records.size() + 4 > Change::kRecordsMax) {
      more = true;
      break;
    }
    const TableRecordPtr record = StateInLane().FindTable(names, name);
    if (record == nullptr) {
      TableDefinition definition = wanted.definition;
      const auto added = AddTable(&change, names, std::move(definition), {.from_template = true});
      if (!added.ok()) co_return added.error();
      continue;
    }
    // What a tenant may define itself, the template leaves alone once it is there.
    if (!record->from_template || service.record.tenant_defined_tables) continue;
    const std::optional<TableDefinition> target = UnderTemplate(record->definition(), wanted.definition, clock.Now());
    if (!target) continue;
    if (record->definition().status != TableStatus::kActive) {
      busy |= record->definition().status != TableStatus::kCreating || placement->template_version != 0;
      continue;
    }
    TableRecord changed = *record;
    TableDefinition after = ChangedDefinition(record->definition(), *target, StreamTimesNow(), &changed.next_index_id);
    if (SameDefinition(record->definition(), after)) continue;
    busy |= !SameIndexes(record->definition(), wanted.definition) && !SameIndexes(*target, wanted.definition);
    TableRecord stored = *WithDefinition(changed, std::move(after));
    change.PutTable(std::make_shared<const TableRecord>(std::move(stored)));
  }
  if (!more && !busy) {
    PlacementRecord done = *placement;
    done.template_version = service.record.template_version;
    change.Put(std::move(done));
  }
  if (!change.records.empty()) INSULA_CO_TRY(co_await Commit(std::move(change)));
  co_return more ? Rollout::kMore : busy ? Rollout::kBusy : Rollout::kDone;
}

Task<Result<bool>> Catalog::Impl::RollOut(ContextNames names) {
  for (;;) {
    INSULA_CO_ASSIGN(const Rollout step, co_await RollOutStep(names));
    if (step != Rollout::kMore) co_return step == Rollout::kDone;
  }
}

}  // namespace insula::tenancy
