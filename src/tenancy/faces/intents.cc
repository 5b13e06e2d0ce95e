#include "tenancy/faces/intents.h"

#include <fmt/format.h>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/context_key.h"
#include "tenancy/state/stream_lifecycle.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {

std::vector<Intent> Intents::Pending() const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<Intent> pending;
  for (const auto& [id, tenant] : impl.state.tenants) {
    if (tenant.status == TenantStatus::kDeleting) pending.push_back(TenantIntent{id});
  }
  for (const auto& [owner, tables] : impl.state.tables) {
    for (const auto& [name, record] : tables) {
      if (IsPending(record->definition())) pending.push_back(TableIntent{owner, name});
    }
  }
  for (const auto& [names, placement] : impl.state.placements) {
    const ServiceState* service = impl.state.FindService(names.environment, names.service);
    if (service != nullptr && placement.template_version < service->record.template_version &&
        impl.state.IsActive(names)) {
      pending.push_back(RolloutIntent{names});
    }
  }
  return pending;
}

void Intents::Listen(std::function<void(const Intent&)> listener) {
  Catalog::Impl& impl = catalog_.impl();
  const MutexLock lock(impl.listener_mutex);
  impl.listener = std::move(listener);
}

std::optional<Intents::Work> Intents::WorkOf(const TableIntent& intent) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  const TableRecordPtr record = impl.state.FindTable(intent.owner, intent.table);
  if (record == nullptr) return std::nullopt;
  const TenantRecord* tenant = impl.state.FindTenantOf(intent.owner);
  Work work;
  work.table = record->table;
  const bool tenant_goes = tenant != nullptr && tenant->status == TenantStatus::kDeleting;
  work.drop = tenant_goes || record->definition().status == TableStatus::kDeleting;
  // What copies the table ends first, and makes this an intent again.
  if (work.drop && !tenant_goes && impl.state.IsBeingCopied(*record)) return std::nullopt;
  if (work.drop && !tenant_goes) {
    // Whoever makes and deletes tables without end keeps no more streams than he may have tables.
    const auto kept = impl.state.kept_logs.find(intent.owner);
    const bool full = kept != impl.state.kept_logs.end() && kept->second.size() >= impl.options.tables_per_context_max;
    work.keep_changes = !full && !ReadableStreams(record->definition(), impl.StreamTimesNow()).empty();
  }
  return work;
}

Task<Result<TablePtr>> Intents::Settle(TableIntent intent, Incarnation incarnation, std::uint32_t epoch,
                                       ChangeMarks marks) {
  Catalog::Impl::EngineDone done;
  done.intent = std::move(intent);
  done.incarnation = incarnation;
  done.epoch = epoch;
  done.marks = marks;
  return catalog_.impl().NoteEngineDone(std::move(done));
}

Task<Result<void>> Intents::Dropped(TableIntent intent, Incarnation incarnation,
                                    std::optional<std::uint64_t> kept_next) {
  Catalog::Impl::EngineDone done;
  done.intent = std::move(intent);
  done.incarnation = incarnation;
  done.kept_next = kept_next;
  INSULA_CO_TRY(co_await catalog_.impl().NoteEngineDone(std::move(done)));
  co_return Result<void>{};
}

bool Intents::IsBeingDeleted(const TenantId& tenant) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  const TenantRecord* record = impl.state.FindTenant(tenant);
  return record != nullptr && record->status == TenantStatus::kDeleting;
}

std::vector<TableIntent> Intents::TablesOf(const TenantId& tenant) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<TableIntent> result;
  const auto placements = impl.state.placements_of.find(tenant);
  if (placements == impl.state.placements_of.end()) return result;
  for (const ContextNames& names : placements->second) {
    const auto owned = impl.state.tables.find(names);
    if (owned == impl.state.tables.end()) continue;
    for (const auto& [name, record] : owned->second) result.push_back({names, name});
  }
  return result;
}

std::vector<StoreId> Intents::StoresOf(const TenantId& tenant) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<StoreId> stores;
  for (const auto& [key, account] : impl.state.tenant_accounts) {
    if (key.second != tenant) continue;
    const StoreId store = impl.state.FindAccount(account)->store;
    if (store.value() != 0) stores.push_back(store);
  }
  return stores;
}

std::vector<TablePtr> Intents::KeptLogsOf(const TenantId& tenant) const {
  const Catalog::Impl& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<TablePtr> result;
  const auto placements = impl.state.placements_of.find(tenant);
  if (placements == impl.state.placements_of.end()) return result;
  for (const ContextNames& names : placements->second) {
    const auto kept = impl.state.kept_logs.find(names);
    if (kept == impl.state.kept_logs.end()) continue;
    for (const auto& [incarnation, record] : kept->second) result.push_back(record->table);
  }
  return result;
}

Task<Result<void>> Intents::TenantGone(TenantId tenant) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  const TenantRecord* record = impl.StateInLane().FindTenant(tenant);
  if (record == nullptr || record->status != TenantStatus::kDeleting) co_return Result<void>{};
  if (!TablesOf(tenant).empty() || impl.StateInLane().HasBackups(tenant)) {
    co_return Error(ErrorCode::kFailedPrecondition,
                    fmt::format("Tenant '{}' still has tables or backups", tenant.value()));
  }
  if (!KeptLogsOf(tenant).empty()) {
    co_return Error(ErrorCode::kFailedPrecondition, fmt::format("Tenant '{}' still has streams", tenant.value()));
  }
  // The tenant's own record goes in the last commit: until then the intent stands.
  std::vector<PlacementRecord> placements;
  if (const auto found = impl.StateInLane().placements_of.find(tenant);
      found != impl.StateInLane().placements_of.end()) {
    for (const ContextNames& names : found->second) placements.push_back(*impl.StateInLane().FindPlacement(names));
  }
  Change change;
  for (PlacementRecord& placement : placements) {
    change.contexts.push_back(placement.names);
    change.Remove(std::move(placement));
    if (change.records.size() < Change::kRecordsMax) continue;
    Change full = std::exchange(change, Change());
    INSULA_CO_TRY(co_await impl.Commit(std::move(full)));
  }
  std::vector<TransferPtr> transfers;
  for (const auto& [owner, owned] : impl.StateInLane().transfers) {
    if (owner.tenant != tenant) continue;
    for (const auto& [id, transfer] : owned) transfers.push_back(transfer);
  }
  for (const TransferPtr& transfer : transfers) {
    change.Remove(*transfer);
    if (change.records.size() < Change::kRecordsMax) continue;
    Change full = std::exchange(change, Change());
    INSULA_CO_TRY(co_await impl.Commit(std::move(full)));
  }
  std::vector<AccountRecord> accounts;
  for (const auto& [key, id] : impl.StateInLane().tenant_accounts) {
    if (key.second == tenant) accounts.push_back(*impl.StateInLane().FindAccount(id));
  }
  for (AccountRecord& account : accounts) {
    account.closed = true;
    account.store = StoreId(0);
    change.Put(std::move(account));
    if (change.records.size() < Change::kRecordsMax) continue;
    Change full = std::exchange(change, Change());
    INSULA_CO_TRY(co_await impl.Commit(std::move(full)));
  }
  change.Remove(*impl.StateInLane().FindTenant(tenant));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return Result<void>{};
}

Task<Result<bool>> Intents::RollOut(RolloutIntent intent) {
  Catalog::Impl& impl = catalog_.impl();
  // However many placements a service has, its rollouts are one owner's.
  std::string turn = KeyOf(intent.names.OfService());
  const auto guard = co_await impl.lane.Lock(std::move(turn));
  co_return co_await impl.RollOut(std::move(intent.names));
}

}  // namespace insula::tenancy
