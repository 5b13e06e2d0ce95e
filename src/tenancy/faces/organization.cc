// Changes to the organization, its environments and its services.
#include "tenancy/faces/organization.h"

#include <fmt/format.h>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/codec/definition_fields.h"
#include "tenancy/faces/organization_info.h"
#include "tenancy/identity/names.h"
#include "tenancy/state/table_lifecycle.h"

namespace insula::tenancy {

Task<Result<AccountId>> Organization::Init() {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  if (impl.StateInLane().organization)
    co_return Error(ErrorCode::kFailedPrecondition, "There is an organization already");
  OrganizationRecord organization{impl.MintAccountId(), impl.clock.Now()};
  AccountRecord account;
  account.id = organization.payer;
  account.kind = AccountKind::kPayer;
  account.created_at = organization.created_at;
  Change change;
  change.Put(organization);
  change.Put(std::move(account));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return organization.payer;
}

Task<Result<EnvironmentRecord>> Organization::CreateEnvironment(EnvironmentName name) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  INSULA_CO_TRY(CheckEnvironmentName(name.value()));
  if (impl.StateInLane().FindEnvironment(name) != nullptr) {
    co_return Error(ErrorCode::kAlreadyExists, fmt::format("Environment '{}' already exists", name.value()));
  }
  EnvironmentRecord environment{name, impl.MintAccountId(), impl.clock.Now()};
  AccountRecord account;
  account.id = environment.shared_account;
  account.kind = AccountKind::kShared;
  account.environment = name;
  account.created_at = environment.created_at;
  Change change;
  change.Put(environment);
  change.Put(std::move(account));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return environment;
}

Task<Result<ServiceInfo>> Organization::CreateService(EnvironmentName environment, ServiceName name,
                                                      PartitionModel model, bool tenant_defined_tables) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  INSULA_CO_TRY(CheckServiceName(name.value()));
  if (impl.StateInLane().FindEnvironment(environment) == nullptr) co_return NoSuchEnvironment(environment);
  if (impl.StateInLane().FindService(environment, name) != nullptr) {
    co_return Error(ErrorCode::kAlreadyExists,
                    fmt::format("Service '{}' already exists in environment '{}'", name.value(), environment.value()));
  }
  ServiceRecord service;
  service.environment = environment;
  service.name = name;
  service.model = model;
  service.tenant_defined_tables = tenant_defined_tables;
  service.created_at = impl.clock.Now();
  Change change;
  change.contexts.push_back({environment, name, std::nullopt});
  change.Put(std::move(service));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindService(environment, name));
}

Task<Result<ServiceInfo>> Organization::PutTemplateTable(EnvironmentName environment, ServiceName service,
                                                         TableDefinition definition) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  INSULA_CO_TRY(CheckTableName(definition.name));
  const ServiceState* found = impl.StateInLane().FindService(environment, service);
  if (found == nullptr) co_return NoSuchService(environment, service);
  const std::string name = definition.name;
  const TableRecordPtr own = impl.StateInLane().FindTable({environment, service, std::nullopt}, name);
  if (own != nullptr && own->shared) {
    co_return Error(ErrorCode::kFailedPrecondition,
                    fmt::format("The service shares a table '{}' of its own with its tenants: a table of theirs can't "
                                "have the same name",
                                name));
  }
  const auto former = found->table_template.find(name);
  if (former != found->table_template.end() && !SameKeys(former->second.definition, definition)) {
    co_return Error(
        ErrorCode::kFailedPrecondition,
        fmt::format("The keys and local indexes of '{}' can't change: tenants have tables with them", name));
  }
  for (const PlacementRecord* placement : impl.StateInLane().PlacementsOf({environment, service})) {
    if (auto fits = impl.CheckFitsAccount(definition, placement->account); !fits.ok()) {
      co_return Error(
          ErrorCode::kFailedPrecondition,
          fmt::format("Tenant '{}' can't have it: {}", TextOf(placement->names.tenant), fits.error().message()));
    }
  }
  // A template has a shape and no history.
  definition.created_at = WallTime{};
  if (definition.last_on_demand_at) definition.last_on_demand_at = WallTime{};
  if (former != found->table_template.end() && SameDefinition(former->second.definition, definition)) {
    co_return InfoOf(impl.StateInLane(), *found);
  }
  ServiceRecord record = found->record;
  ++record.template_version;
  TemplateTableRecord table{environment, service, std::move(definition), record.template_version};
  Change change;
  for (const PlacementRecord* placement : impl.StateInLane().PlacementsOf({environment, service})) {
    change.intents.push_back(RolloutIntent{placement->names});
  }
  change.Put(std::move(table));
  change.Put(std::move(record));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindService(environment, service));
}

Task<Result<ServiceInfo>> Organization::RemoveTemplateTable(EnvironmentName environment, ServiceName service,
                                                            std::string table) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  const ServiceState* found = impl.StateInLane().FindService(environment, service);
  if (found == nullptr) co_return NoSuchService(environment, service);
  const auto former = found->table_template.find(table);
  if (former == found->table_template.end()) {
    co_return Error(ErrorCode::kNotFound, fmt::format("The template has no table '{}'", table));
  }
  Change change;
  change.Remove(former->second);
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindService(environment, service));
}

Task<Result<ServiceInfo>> Organization::ShareTable(EnvironmentName environment, ServiceName service, std::string table,
                                                   bool shared) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  const ServiceState* found = impl.StateInLane().FindService(environment, service);
  if (found == nullptr) co_return NoSuchService(environment, service);
  const TableRecordPtr record = impl.StateInLane().FindTable({environment, service, std::nullopt}, table);
  if (record == nullptr) {
    co_return Error(ErrorCode::kNotFound, fmt::format("The service has no table '{}' of its own", table));
  }
  bool hidden = found->table_template.contains(table);
  for (const PlacementRecord* placement : impl.StateInLane().PlacementsOf({environment, service})) {
    hidden |= impl.StateInLane().FindTable(placement->names, table) != nullptr;
  }
  if (shared && hidden) {
    co_return Error(ErrorCode::kFailedPrecondition,
                    fmt::format("'{}' can't be shared: the template or a tenant has a table of that name", table));
  }
  auto changed = std::make_shared<TableRecord>(*record);
  changed->shared = shared;
  Change change;
  change.PutTable(std::move(changed));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindService(environment, service));
}

}  // namespace insula::tenancy
