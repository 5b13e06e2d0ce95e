// The catalog from its records, at start.
#include <fmt/format.h>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/state/engine_fit.h"

namespace insula::tenancy {
namespace {

// Gives each record of a kind, read, to `put`.
template <class Read, class Put>
Task<Result<void>> LoadKind(RecordStore& store, std::string_view kind, Read read, Put put) {
  INSULA_CO_ASSIGN(const std::vector<Record> records, co_await store.Load(std::string(kind)));
  for (const Record& record : records) {
    auto value = read(record);
    if (!value.ok()) co_return std::move(value).error();
    put(*std::move(value));
  }
  co_return Result<void>{};
}

}  // namespace

Task<Result<void>> Catalog::Impl::Load() {
  const auto put = [this](auto record) {
    const ExclusiveLock lock(mutex);
    state.Put(std::move(record));
  };
  INSULA_CO_TRY(co_await LoadKind(records, kOrganizationKind, ReadAs<OrganizationRecord>, put));
  INSULA_CO_TRY(co_await LoadKind(records, kCountersKind, ReadAs<Counters>, [this](Counters c) { counters = c; }));
  INSULA_CO_TRY(co_await LoadKind(records, kEnvironmentKind, ReadAs<EnvironmentRecord>, put));
  INSULA_CO_TRY(co_await LoadKind(records, kServiceKind, ReadAs<ServiceRecord>, put));
  INSULA_CO_TRY(co_await LoadKind(records, kTemplateKind, ReadAs<TemplateTableRecord>, put));
  INSULA_CO_TRY(co_await LoadKind(records, kTenantKind, ReadAs<TenantRecord>, put));
  INSULA_CO_TRY(co_await LoadKind(records, kAccountKind, ReadAs<AccountRecord>, put));
  for (const auto& [id, account] : StateInLane().accounts) {
    if (account.engine.empty()) continue;
    if (FindEngine(options.engines, account.engine) == nullptr) {
      co_return Error(
          ErrorCode::kFailedPrecondition,
          fmt::format("Account {} is kept by the engine '{}', which this server hasn't", id.value(), account.engine));
    }
    if (options.store_is_on) INSULA_CO_TRY(options.store_is_on(account.store, account.engine));
  }
  INSULA_CO_TRY(co_await LoadKind(records, kPlacementKind, ReadAs<PlacementRecord>, put));
  INSULA_CO_TRY(co_await LoadKind(records, kPoolKind, ReadAs<PoolRecord>, put));
  const ArnParts arn{options.region, [this](const ContextNames& owner) { return StateInLane().AccountOf(owner); }};
  const auto read_table = [&arn](const Record& record) { return ReadTable(record, arn); };
  const auto read_backup = [&arn](const Record& record) { return ReadBackup(record, arn); };
  const auto shared = [](TableRecord table) { return std::make_shared<const TableRecord>(std::move(table)); };
  INSULA_CO_TRY(
      co_await LoadKind(records, kTableKind, read_table, [&](TableRecord table) { put(shared(std::move(table))); }));
  INSULA_CO_TRY(co_await LoadKind(records, kKeptLogKind, read_table,
                                  [&](TableRecord log) { put(KeptLogRecord{shared(std::move(log))}); }));
  INSULA_CO_TRY(co_await LoadKind(records, kBackupKind, read_backup, put));
  INSULA_CO_TRY(co_await LoadKind(records, kTransferKind, ReadAs<TransferRecord>, put));

  for (const auto& [key, service] : StateInLane().services) {
    const ContextNames names{key.first, key.second, std::nullopt};
    RefreshContext(names);
    if (auto tables = SharedTables(key); !tables.empty()) directory.PutShared(names, std::move(tables));
  }
  for (const auto& [names, placement] : StateInLane().placements) RefreshContext(names);
  co_return Result<void>{};
}

}  // namespace insula::tenancy
