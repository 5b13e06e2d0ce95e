#include "tenancy/state/state.h"

#include <algorithm>

#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {
namespace {

template <class Map, class Key>
auto* FindIn(Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

void Adjust(int change, bool counts, std::size_t* count) {
  if (counts) *count = change > 0 ? *count + 1 : *count - 1;
}

}  // namespace

void State::Count(const TableRecord& record, int change) {
  const TableDefinition& definition = record.definition();
  ContextCounts& of = counts[record.owner];
  Adjust(change, IsPending(definition), &of.tables_in_change);
  Adjust(change, record.restoring_from.has_value(), &of.tables_restoring);
  const bool leaves_backup = definition.point_in_time_days && definition.status != TableStatus::kDeleting;
  Adjust(change, leaves_backup, &of.tables_with_past);
}

void State::Count(const BackupRecord& record, int change) {
  const bool is_new = record.status == BackupStatus::kCreating;
  const bool by_user = record.kind == BackupKind::kUser;
  ContextCounts& of = counts[record.owner];
  Adjust(change, by_user, &of.user_backups);
  Adjust(change, by_user && is_new, &of.user_backups_new);
  Adjust(change, record.kind == BackupKind::kSystem, &of.system_backups);
  if (!is_new) return;
  const auto copied = being_copied.try_emplace(record.table->ref.incarnation()).first;
  Adjust(change, true, &copied->second);
  if (copied->second == 0) being_copied.erase(copied);
}

ContextCounts State::CountsOf(const ContextNames& owner) const {
  const ContextCounts* found = FindIn(counts, owner);
  return found == nullptr ? ContextCounts() : *found;
}

void State::Put(OrganizationRecord record) { organization = std::move(record); }
void State::Put(EnvironmentRecord record) {
  const EnvironmentName name = record.name;
  environments.insert_or_assign(name, std::move(record));
}
void State::Put(ServiceRecord record) {
  ServiceState& service = services[{record.environment, record.name}];
  service.record = std::move(record);
}
void State::Put(TemplateTableRecord record) {
  const std::string name = record.definition.name;
  services[{record.environment, record.service}].table_template.insert_or_assign(name, std::move(record));
}
void State::Put(TenantRecord record) {
  const TenantId id = record.id;
  tenants.insert_or_assign(id, std::move(record));
}
void State::Put(AccountRecord record) {
  if (record.kind == AccountKind::kTenant) {
    const auto key = std::pair(record.environment, *record.tenant);
    if (!record.closed) {
      tenant_accounts.insert_or_assign(key, record.id);
    } else if (const auto found = tenant_accounts.find(key);
               found != tenant_accounts.end() && found->second == record.id) {
      tenant_accounts.erase(found);
    }
  }
  const AccountId id = record.id;
  accounts.insert_or_assign(id, std::move(record));
}
void State::Put(PlacementRecord record) {
  placements_of[*record.names.tenant].insert(record.names);
  const ContextNames names = record.names;
  placements.insert_or_assign(names, std::move(record));
}
void State::Put(PoolRecord record) {
  const ServiceKey key(record.environment, record.service);
  physical[record.account].insert_or_assign(record.physical_name, PooledTable{key, record.table});
  const std::string table = record.table;
  services[key].pools.insert_or_assign(table, std::move(record));
}
void State::Put(TableRecordPtr record) {
  const TableRef& ref = record->table->ref;
  if (ref.tenant().value() == 0) {
    physical[record->account].insert_or_assign(ref.physical_name(), OwnedTable{record->owner, record->name()});
  }
  const TimeToLive& ttl = record->definition().ttl;
  if (ttl.enabled && !ttl.settling && record->definition().status != TableStatus::kDeleting) {
    expiring.insert_or_assign(ref.incarnation(), record);
  } else {
    expiring.erase(ref.incarnation());
  }
  const std::string name = record->name();
  const ContextNames owner = record->owner;
  if (const TableRecordPtr before = FindTable(owner, name)) Count(*before, -1);
  Count(*record, 1);
  tables[owner].insert_or_assign(name, std::move(record));
}

void State::Put(TransferRecord record) {
  auto kept = std::make_shared<const TransferRecord>(std::move(record));
  transfers[kept->owner].insert_or_assign(kept->id, kept);
}
void State::Put(const KeptLogRecord& record) {
  kept_logs[record.table->owner].insert_or_assign(record.table->table->ref.incarnation(), record.table);
}

void State::Put(BackupRecord record) {
  auto kept = std::make_shared<const BackupRecord>(std::move(record));
  BackupPtr& at = backups[kept->owner][kept->id];
  if (at != nullptr) Count(*at, -1);
  Count(*kept, 1);
  at = std::move(kept);
}

void State::Remove(const TemplateTableRecord& record) {
  services[{record.environment, record.service}].table_template.erase(record.definition.name);
}
void State::Remove(const TenantRecord& record) { tenants.erase(TenantId(record.id)); }
void State::Remove(const PlacementRecord& record) {
  const ContextNames names = record.names;
  const auto of = placements_of.find(*names.tenant);
  if (of != placements_of.end()) {
    of->second.erase(names);
    if (of->second.empty()) placements_of.erase(of);
  }
  placements.erase(names);
}
void State::Remove(const TableRecord& record) {
  const TableRef& ref = record.table->ref;
  if (ref.tenant().value() == 0) physical[record.account].erase(ref.physical_name());
  expiring.erase(ref.incarnation());
  const auto owned = tables.find(record.owner);
  if (owned == tables.end()) return;
  if (const TableRecordPtr before = FindTable(record.owner, record.name())) Count(*before, -1);
  owned->second.erase(std::string(record.name()));
  if (owned->second.empty()) tables.erase(owned);
}

void State::Remove(const TransferRecord& record) {
  const auto owned = transfers.find(record.owner);
  if (owned == transfers.end()) return;
  owned->second.erase(std::string(record.id));
  if (owned->second.empty()) transfers.erase(owned);
}
void State::Remove(const KeptLogRecord& record) {
  const auto owned = kept_logs.find(record.table->owner);
  if (owned == kept_logs.end()) return;
  owned->second.erase(record.table->table->ref.incarnation());
  if (owned->second.empty()) kept_logs.erase(owned);
}

void State::Remove(const BackupRecord& record) {
  const auto owned = backups.find(record.owner);
  if (owned == backups.end()) return;
  const auto found = owned->second.find(record.id);
  if (found == owned->second.end()) return;
  Count(*found->second, -1);
  owned->second.erase(found);  // `record` may be the one that goes
  if (owned->second.empty()) backups.erase(owned);
}

const EnvironmentRecord* State::FindEnvironment(const EnvironmentName& name) const {
  return FindIn(environments, name);
}
const ServiceState* State::FindService(const EnvironmentName& environment, const ServiceName& service) const {
  return FindIn(services, ServiceKey(environment, service));
}
const TenantRecord* State::FindTenant(const TenantId& id) const { return FindIn(tenants, id); }
const TenantRecord* State::FindTenantOf(const ContextNames& names) const {
  return names.tenant ? FindTenant(*names.tenant) : nullptr;
}
const AccountRecord* State::FindAccount(const AccountId& id) const { return FindIn(accounts, id); }
const AccountRecord* State::FindTenantAccount(const EnvironmentName& environment, const TenantId& tenant) const {
  const AccountId* id = FindIn(tenant_accounts, std::pair(environment, tenant));
  return id == nullptr ? nullptr : FindAccount(*id);
}
const PlacementRecord* State::FindPlacement(const ContextNames& names) const { return FindIn(placements, names); }
TableRecordPtr State::FindTable(const ContextNames& owner, std::string_view name) const {
  const TablesByName* owned = FindIn(tables, owner);
  if (owned == nullptr) return nullptr;
  const TableRecordPtr* found = FindIn(*owned, name);
  return found == nullptr ? nullptr : *found;
}
const PhysicalEntry* State::FindPhysical(const AccountId& account, std::string_view physical_name) const {
  const auto* of_account = FindIn(physical, account);
  return of_account == nullptr ? nullptr : FindIn(*of_account, physical_name);
}

BackupPtr State::FindBackup(const ContextNames& owner, std::string_view id) const {
  const auto* owned = FindIn(backups, owner);
  const BackupPtr* found = owned == nullptr ? nullptr : FindIn(*owned, id);
  return found == nullptr ? nullptr : *found;
}
bool State::HasBackups(const TenantId& tenant) const {
  return std::ranges::any_of(backups, [&](const auto& entry) { return entry.first.tenant == tenant; });
}
bool State::IsBeingCopied(const TableRecord& table) const {
  return being_copied.contains(table.table->ref.incarnation());
}

bool State::IsActive(const ContextNames& names) const {
  if (FindService(names.environment, names.service) == nullptr) return false;
  if (!names.tenant) return true;
  const TenantRecord* tenant = FindTenant(*names.tenant);
  const PlacementRecord* placement = FindPlacement(names);
  return tenant != nullptr && tenant->status == TenantStatus::kActive && placement != nullptr && !placement->suspended;
}

AccountId State::AccountOf(const ContextNames& names) const {
  if (!names.tenant) {
    const EnvironmentRecord* environment = FindEnvironment(names.environment);
    return environment == nullptr ? AccountId() : environment->shared_account;
  }
  const AccountRecord* account = FindTenantAccount(names.environment, *names.tenant);
  return account == nullptr ? AccountId() : account->id;
}

std::vector<const PlacementRecord*> State::PlacementsOf(const ServiceKey& service) const {
  std::vector<const PlacementRecord*> result;
  for (auto it = placements.lower_bound(ContextNames{service.first, service.second, std::nullopt});
       it != placements.end() && it->first.environment == service.first && it->first.service == service.second; ++it) {
    result.push_back(&it->second);
  }
  return result;
}

}  // namespace insula::tenancy
