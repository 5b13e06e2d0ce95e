// The catalog from its records, at start.
#include <fmt/format.h>

#include "tenancy/catalog_impl.h"

namespace insula::tenancy {
namespace {

template <class Read, class Each>
Result<void> ForEach(const std::vector<Record>& records, Read read, Each each) {
  for (const Record& record : records) {
    auto value = read(record);
    if (!value.ok()) return std::move(value).error();
    each(std::move(*value));
  }
  return {};
}

Task<Result<std::vector<Record>>> LoadKind(RecordStore& store, std::string_view kind) {
  return store.Load(std::string(kind));
}

}  // namespace

Task<Result<void>> Catalog::Impl::Load() {
  const auto put = [this](auto record) { state.Put(std::move(record)); };
  INSULA_CO_ASSIGN(const auto organization, co_await LoadKind(records, kOrganizationKind));
  INSULA_CO_TRY(ForEach(organization, ReadOrganization, put));
  INSULA_CO_ASSIGN(const auto next, co_await LoadKind(records, kCountersKind));
  INSULA_CO_TRY(ForEach(next, ReadCounters, [this](Counters loaded) { counters = loaded; }));
  INSULA_CO_ASSIGN(const auto environments, co_await LoadKind(records, kEnvironmentKind));
  INSULA_CO_TRY(ForEach(environments, ReadEnvironment, put));
  INSULA_CO_ASSIGN(const auto services, co_await LoadKind(records, kServiceKind));
  INSULA_CO_TRY(ForEach(services, ReadService, put));
  INSULA_CO_ASSIGN(const auto templates, co_await LoadKind(records, kTemplateKind));
  INSULA_CO_TRY(ForEach(templates, ReadTemplateTable, put));
  INSULA_CO_ASSIGN(const auto tenants, co_await LoadKind(records, kTenantKind));
  INSULA_CO_TRY(ForEach(tenants, ReadTenant, put));
  INSULA_CO_ASSIGN(const auto accounts, co_await LoadKind(records, kAccountKind));
  INSULA_CO_TRY(ForEach(accounts, ReadAccount, put));
  INSULA_CO_ASSIGN(const auto placements, co_await LoadKind(records, kPlacementKind));
  INSULA_CO_TRY(ForEach(placements, ReadPlacement, put));
  INSULA_CO_ASSIGN(const auto pools, co_await LoadKind(records, kPoolKind));
  INSULA_CO_TRY(ForEach(pools, ReadPool, put));
  INSULA_CO_ASSIGN(const auto tables, co_await LoadKind(records, kTableKind));
  const auto account = [this](const ContextNames& owner) { return StableAccount(owner); };
  for (const Record& record : tables) {
    INSULA_CO_ASSIGN(TableRecord table, ReadTable(record, options.region, account));
    state.Put(std::make_shared<const TableRecord>(std::move(table)));
  }
  INSULA_CO_ASSIGN(const auto kept_logs, co_await LoadKind(records, kKeptLogKind));
  for (const Record& record : kept_logs) {
    INSULA_CO_ASSIGN(TableRecord table, ReadTable(record, options.region, account));
    state.Put(KeptLogRecord{std::make_shared<const TableRecord>(std::move(table))});
  }
  INSULA_CO_ASSIGN(const auto backups, co_await LoadKind(records, kBackupKind));
  for (const Record& record : backups) {
    INSULA_CO_ASSIGN(BackupRecord backup, ReadBackup(record, options.region, account));
    state.Put(std::move(backup));
  }

  INSULA_CO_ASSIGN(const auto transfers, co_await LoadKind(records, kTransferKind));
  INSULA_CO_TRY(ForEach(transfers, ReadTransfer, put));

  for (const auto& [key, service] : state.services) {
    const ContextNames names{key.first, key.second, TenantId("")};
    RefreshContext(names);
    if (auto shared = SharedTables(key); !shared.empty()) directory.PutShared(names, std::move(shared));
  }
  for (const auto& [names, placement] : state.placements) RefreshContext(names);
  co_return Result<void>{};
}

}  // namespace insula::tenancy
