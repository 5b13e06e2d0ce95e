// Showing and listing.
#include "tenancy/faces/organization_info.h"

#include <fmt/format.h>

#include "base/enum_names.h"
#include "tenancy/catalog/catalog_impl.h"

namespace insula::tenancy {

Error NoSuchEnvironment(const EnvironmentName& name) {
  return Error(ErrorCode::kNotFound, fmt::format("There is no environment '{}'", name.value()));
}
Error NoSuchService(const EnvironmentName& environment, const ServiceName& name) {
  return Error(ErrorCode::kNotFound,
               fmt::format("There is no service '{}' in environment '{}'", name.value(), environment.value()));
}
Error NoSuchTenant(const TenantId& id) {
  return Error(ErrorCode::kNotFound, fmt::format("There is no tenant '{}'", id.value()));
}

Result<PartitionModel> ParsePartitionModel(std::string_view text) {
  if (const auto model = FromName<PartitionModel>(text)) return *model;
  return Error(ErrorCode::kInvalidArgument,
               fmt::format("'{}' is not a partition model: there are account, table and index", text));
}

ServiceInfo InfoOf(const State& state, const ServiceState& service) {
  ServiceInfo info;
  info.record = service.record;
  for (const auto& [name, table] : service.table_template) info.table_template.push_back(table.definition);
  const ContextNames names{service.record.environment, service.record.name, std::nullopt};
  if (const auto owned = state.tables.find(names); owned != state.tables.end()) {
    for (const auto& [name, record] : owned->second) info.own_tables.push_back({record->table, record->shared});
  }
  info.tenant_count = state.PlacementsOf({names.environment, names.service}).size();
  return info;
}

PlacementInfo InfoOf(const State& state, const PlacementRecord& placement) {
  PlacementInfo info;
  info.record = placement;
  const ContextNames& names = placement.names;
  if (const AccountRecord* account = state.FindTenantAccount(names.environment, *names.tenant)) {
    info.tenant_account = account->id;
  }
  const TenantRecord* tenant = state.FindTenantOf(names);
  info.status = std::string(NameOf(tenant == nullptr ? TenantStatus::kDeleting : tenant->status));
  if (tenant == nullptr || tenant->status != TenantStatus::kActive) return info;
  if (placement.suspended) {
    info.status = "SUSPENDED";
    return info;
  }
  const ServiceState* service = state.FindService(names.environment, names.service);
  bool placing = service != nullptr && placement.template_version < service->record.template_version;
  if (const auto owned = state.tables.find(names); owned != state.tables.end()) {
    for (const auto& [name, record] : owned->second) {
      placing |= record->from_template && record->definition().status == TableStatus::kCreating;
    }
  }
  if (placing) info.status = "PLACING";
  return info;
}

TenantInfo InfoOf(const State& state, const TenantRecord& tenant) {
  TenantInfo info;
  info.record = tenant;
  if (const auto found = state.placements_of.find(tenant.id); found != state.placements_of.end()) {
    for (const ContextNames& names : found->second) {
      info.placements.push_back(InfoOf(state, *state.FindPlacement(names)));
    }
  }
  return info;
}

bool Organization::initialized() const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  return impl.state.organization.has_value();
}

std::vector<EnvironmentRecord> Organization::Environments() const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<EnvironmentRecord> result;
  for (const auto& [name, record] : impl.state.environments) result.push_back(record);
  return result;
}

std::vector<ServiceInfo> Organization::Services(std::optional<EnvironmentName> environment) const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<ServiceInfo> result;
  for (const auto& [key, service] : impl.state.services) {
    if (!environment || key.first == *environment) result.push_back(InfoOf(impl.state, service));
  }
  return result;
}

Result<ServiceInfo> Organization::ShowService(const EnvironmentName& environment, const ServiceName& name) const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  const ServiceState* service = impl.state.FindService(environment, name);
  if (service == nullptr) return NoSuchService(environment, name);
  return InfoOf(impl.state, *service);
}

Result<TenantInfo> Organization::ShowTenant(const TenantId& id) const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  const TenantRecord* tenant = impl.state.FindTenant(id);
  if (tenant == nullptr) return NoSuchTenant(id);
  return InfoOf(impl.state, *tenant);
}

std::vector<TenantInfo> Organization::Tenants(std::string_view exclusive_start, std::size_t limit) const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<TenantInfo> result;
  for (auto it = impl.state.tenants.upper_bound(TenantId(std::string(exclusive_start)));
       it != impl.state.tenants.end() && result.size() < limit; ++it) {
    result.push_back(InfoOf(impl.state, it->second));
  }
  return result;
}

std::vector<AccountRecord> Organization::Accounts() const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<AccountRecord> result;
  for (const auto& [id, record] : impl.state.accounts) result.push_back(record);
  return result;
}

bool Covers(const ContextNames& filter, const ContextNames& names) {
  return (filter.environment.value().empty() || filter.environment == names.environment) &&
         (filter.service.value().empty() || filter.service == names.service) &&
         (!filter.tenant || filter.tenant == names.tenant);
}

std::vector<TableInfo> Organization::Tables(const ContextNames& filter) const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  std::vector<TableInfo> result;
  for (const auto& [owner, tables] : impl.state.tables) {
    if (!Covers(filter, owner)) continue;
    for (const auto& [name, record] : tables) {
      result.push_back({owner, record->table, record->model, record->account});
    }
  }
  return result;
}

bool Organization::HasTable(const ContextNames& names, std::string_view table) const {
  const auto& impl = catalog_.impl();
  const SharedLock lock(impl.mutex);
  if (impl.state.FindTable(names, table) != nullptr) return true;
  const TableRecordPtr of_service = impl.state.FindTable(names.OfService(), table);
  return of_service != nullptr && of_service->shared;
}

}  // namespace insula::tenancy
