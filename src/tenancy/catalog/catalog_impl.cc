#include "tenancy/catalog/catalog_impl.h"

#include <fmt/format.h>

#include <set>

#include "base/crypto.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/context_key.h"
#include "tenancy/identity/minted_id.h"
#include "tenancy/identity/refusals.h"
#include "tenancy/identity/table_ref_maker.h"
#include "tenancy/state/engine_fit.h"
#include "tenancy/state/engine_schema.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {

Catalog::Impl::Impl(RecordStore& records_in, Clock& clock_in, CatalogOptions options_in, Naming naming_in)
    : records(records_in), clock(clock_in), options(std::move(options_in)), naming(std::move(naming_in)) {}

Task<Result<void>> Catalog::Impl::Commit(Change change) {
  if (change.numbers_used) change.records.push_back(Put(counters));
  INSULA_CHECK(change.records.size() <= 100);
  INSULA_CO_TRY(co_await records.Commit(std::move(change.records)));
  std::set<ServiceKey> shared_changed;
  const auto note_shared = [&](const TableRecordPtr& record) {
    const TableRecordPtr before = StateInLane().FindTable(record->owner, record->name());
    if (record->shared || (before != nullptr && before->shared)) {
      shared_changed.insert({record->owner.environment, record->owner.service});
    }
  };
  for (const TableRecordPtr& record : change.tables) note_shared(record);
  for (const TableRecordPtr& record : change.removed_tables) note_shared(record);
  {
    const ExclusiveLock lock(mutex);
    for (const auto& apply : change.after) apply(state);
  }
  for (const ContextNames& names : change.contexts) RefreshContext(names);
  for (const TableRecordPtr& record : change.tables) directory.PutTable(record->owner, record->table);
  for (const TableRecordPtr& record : change.removed_tables) directory.EraseTable(record->owner, record->name());
  for (const ServiceKey& key : shared_changed) {
    const ContextNames service{key.first, key.second, std::nullopt};
    directory.PutShared(service, SharedTables(key));
  }
  for (const TableRecordPtr& record : change.tables) {
    if (IsPending(record->definition())) {
      change.intents.push_back(TableIntent{record->owner, record->name()});
    }
  }
  for (const ContextNames& owner : change.owners) owner_changed.Notify(KeyOf(owner));
  const MutexLock lock(listener_mutex);
  if (listener) {
    for (const Intent& intent : change.intents) listener(intent);
  }
  if (copy_listener) {
    for (const CopyTask& task : change.copies) copy_listener(task);
  }
  co_return Result<void>{};
}

const EngineCapabilities& Catalog::Impl::EngineOf(const AccountRecord& account) const {
  const EngineCapabilities* engine = FindEngine(options.engines, account.engine);
  return engine == nullptr ? options.engines.front() : *engine;
}
Result<void> Catalog::Impl::CheckFitsAccount(const TableDefinition& definition, const AccountId& account) const {
  return CheckFits(definition, EngineOf(*StateInLane().FindAccount(account)));
}

Incarnation Catalog::Impl::NextIncarnation(Change* change) {
  change->numbers_used = true;
  return Incarnation(counters.incarnation++);
}
TableNumber Catalog::Impl::NextTableNumber(Change* change) {
  change->numbers_used = true;
  return TableNumber(counters.table++);
}
TenantNumber Catalog::Impl::NextTenantNumber(Change* change) {
  change->numbers_used = true;
  return TenantNumber(counters.tenant++);
}
StoreId Catalog::Impl::NextStoreId(Change* change) {
  change->numbers_used = true;
  return StoreId(counters.store++);
}
AccountId Catalog::Impl::MintAccountId() const {
  for (;;) {
    AccountId id(RandomText(1, "123456789") + RandomText(11, "0123456789"));
    if (StateInLane().FindAccount(id) == nullptr) return id;
  }
}

void Catalog::Impl::RefreshContext(const ContextNames& names) {
  if (!StateInLane().IsActive(names)) return directory.EraseContext(names);
  directory.PutContext(names, StateInLane().AccountOf(names));
  const auto owned = StateInLane().tables.find(names);
  if (owned == StateInLane().tables.end()) return;
  for (const auto& [name, record] : owned->second) directory.PutTable(names, record->table);
}

std::vector<TablePtr> Catalog::Impl::SharedTables(const ServiceKey& service) const {
  std::vector<TablePtr> shared;
  const auto owned = StateInLane().tables.find(ContextNames{service.first, service.second, std::nullopt});
  if (owned == StateInLane().tables.end()) return shared;
  for (const auto& [name, record] : owned->second) {
    if (record->shared) shared.push_back(record->table);
  }
  return shared;
}

Result<std::string> Catalog::Impl::ClaimPhysicalName(const Change& change, const AccountId& account, std::string name,
                                                     const std::string& table) const {
  bool taken = StateInLane().FindPhysical(account, name) != nullptr;
  for (const TableRecordPtr& record : change.tables) {
    taken |= record->account == account && record->table->ref.physical_name() == name &&
             record->table->ref.tenant().value() == 0;
  }
  if (taken) return TableAlreadyExists(table);
  return name;
}

Result<TableRef> Catalog::Impl::RefOf(Change* change, const ContextNames& owner, const TableDefinition& definition,
                                      PartitionModel model, const AccountId& account) {
  const Incarnation incarnation = NextIncarnation(change);
  std::shared_ptr<const TableSchema> schema = EngineSchema(definition);
  if (!owner.tenant) {
    INSULA_ASSIGN(std::string name, ClaimPhysicalName(*change, account, naming.ServiceTableName(owner, definition.name),
                                                      definition.name));
    return TableRefMaker::Make(StoreId(0), NextTableNumber(change), TenantNumber(0), incarnation, std::move(name),
                               std::nullopt, std::move(schema));
  }
  std::string name = naming.PhysicalName(model, owner, definition.name);
  if (model != PartitionModel::kIndex) {
    INSULA_ASSIGN(name, ClaimPhysicalName(*change, account, std::move(name), definition.name));
    const StoreId store = model == PartitionModel::kAccount ? StateInLane().FindAccount(account)->store : StoreId(0);
    return TableRefMaker::Make(store, NextTableNumber(change), TenantNumber(0), incarnation, std::move(name),
                               std::nullopt, std::move(schema));
  }
  const ServiceState* service = StateInLane().FindService(owner.environment, owner.service);
  const auto found = service->pools.find(definition.name);
  PoolRecord pool;
  if (found != service->pools.end()) {
    pool = found->second;
  } else {
    INSULA_ASSIGN(name, ClaimPhysicalName(*change, account, std::move(name), definition.name));
    pool = {owner.environment, owner.service, definition.name,         account,
            std::move(name),   RandomUuid(),  NextTableNumber(change), clock.Now()};
    change->Put(pool);
  }
  return TableRefMaker::Make(StoreId(0), pool.number, StateInLane().FindTenant(*owner.tenant)->number, incarnation,
                             pool.physical_name, owner.tenant, std::move(schema));
}

Result<TableRecordPtr> Catalog::Impl::AddTable(Change* change, const ContextNames& owner, TableDefinition definition,
                                               TableOrigin origin) {
  auto record = std::make_shared<TableRecord>();
  record->owner = owner;
  record->from_template = origin.from_template;
  record->importing = origin.importing;
  record->restoring_from = std::move(origin.restoring_from);
  record->restored_from = std::move(origin.restored_from);
  if (!owner.tenant) {
    record->model = PartitionModel::kTable;
    record->account = StateInLane().AccountOf(owner);
  } else {
    const PlacementRecord* placement = StateInLane().FindPlacement(owner);
    record->model = placement->model;
    record->account = placement->account;
  }
  INSULA_TRY(CheckFitsAccount(definition, record->account));
  definition = InitialDefinition(std::move(definition), RandomUuid(), clock.Now(), &record->next_index_id);
  // A stream of this name that the former table of the name left keeps its ARN to itself.
  if (const auto kept = StateInLane().kept_logs.find(owner); kept != StateInLane().kept_logs.end()) {
    for (const auto& [incarnation, former] : kept->second) {
      if (former->name() != definition.name || former->definition().stream.label != definition.stream.label) continue;
      if (definition.stream.enabled) BeginFirstStream(clock.Now() + std::chrono::milliseconds(1), &definition);
    }
  }
  INSULA_ASSIGN(TableRef ref, RefOf(change, owner, definition, record->model, record->account));
  std::string arn = TableArn(options.region, StateInLane().AccountOf(owner), definition.name);
  record->table = std::make_shared<const Table>(
      Table{.ref = std::move(ref), .definition = std::move(definition), .arn = std::move(arn)});
  change->PutTable(record);
  return TableRecordPtr(std::move(record));
}

TableRecordPtr Catalog::Impl::WithDefinition(const TableRecord& record, TableDefinition definition) const {
  auto changed = std::make_shared<TableRecord>(record);
  TableRef ref = record.table->ref.WithSchema(EngineSchema(definition));
  changed->table = std::make_shared<const Table>(
      Table{.ref = std::move(ref), .definition = std::move(definition), .arn = record.table->arn});
  return changed;
}

Table Catalog::Impl::PhysicalView(const TableRecord& record) const {
  Table view = *record.table;
  view.definition.name = view.ref.physical_name();
  view.arn = TableArn(options.region, record.account, view.definition.name);
  return view;
}

Table Catalog::Impl::PooledView(const PoolRecord& pool) const {
  auto schema = std::make_shared<TableSchema>();
  schema->epoch = 1;
  schema->key.hash = {{"insula:tenant", AttributeType::kS}};
  schema->key.range = {{"insula:key", AttributeType::kB}};
  TableDefinition definition;
  definition.name = pool.physical_name;
  definition.id = pool.id;
  definition.status = TableStatus::kActive;
  definition.created_at = pool.created_at;
  definition.attribute_definitions = {schema->key.hash.front(), schema->key.range.front()};
  definition.schema = schema;
  definition.billing_mode = BillingMode::kPayPerRequest;
  definition.last_on_demand_at = pool.created_at;
  TableRef ref = TableRefMaker::Make(StoreId(0), pool.number, TenantNumber(0), Incarnation(0), pool.physical_name,
                                     std::nullopt, schema);
  std::string arn = TableArn(options.region, pool.account, pool.physical_name);
  return Table{.ref = std::move(ref),
               .read_only = true,
               .pooled = true,
               .definition = std::move(definition),
               .arn = std::move(arn)};
}

}  // namespace insula::tenancy
