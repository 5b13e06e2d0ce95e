// Changes to tenants and their placements.
#include <fmt/format.h>

#include "tenancy/catalog_impl.h"
#include "tenancy/names.h"
#include "tenancy/organization.h"
#include "tenancy/organization_info.h"

namespace insula::tenancy {

Task<Result<TenantInfo>> Organization::CreateTenant(TenantId id, std::string tier) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  INSULA_CO_TRY(CheckTenantId(id.value()));
  INSULA_CO_TRY(CheckTier(tier));
  if (const TenantRecord* former = impl.state.FindTenant(id)) {
    co_return Error(ErrorCode::kAlreadyExists,
                    fmt::format("Tenant '{}' already exists ({})", id.value(), NameOf(former->status)));
  }
  Change change;
  TenantRecord tenant;
  tenant.id = id;
  tenant.number = impl.NextTenantNumber(&change);
  tenant.tier = std::move(tier);
  tenant.created_at = impl.clock.Now();
  change.Put(std::move(tenant));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return InfoOf(impl.state, *impl.state.FindTenant(id));
}

Task<Result<TenantInfo>> Organization::SetTier(TenantId id, std::string tier) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  INSULA_CO_TRY(CheckTier(tier));
  const TenantRecord* tenant = impl.state.FindTenant(id);
  if (tenant == nullptr) co_return NoSuchTenant(id);
  TenantRecord record = *tenant;
  record.tier = std::move(tier);
  Change change;
  change.Put(std::move(record));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return InfoOf(impl.state, *impl.state.FindTenant(id));
}

Task<Result<PlacementInfo>> Organization::Place(ContextNames names, std::optional<PartitionModel> model) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  const EnvironmentRecord* environment = impl.state.FindEnvironment(names.environment);
  if (environment == nullptr) co_return NoSuchEnvironment(names.environment);
  const ServiceState* service = impl.state.FindService(names.environment, names.service);
  if (service == nullptr) co_return NoSuchService(names.environment, names.service);
  const TenantRecord* tenant = impl.state.FindTenant(names.tenant);
  if (tenant == nullptr) co_return NoSuchTenant(names.tenant);
  if (tenant->status != TenantStatus::kActive) {
    co_return Error(ErrorCode::kFailedPrecondition,
                    fmt::format("Tenant '{}' is {}", names.tenant.value(), NameOf(tenant->status)));
  }
  if (const PlacementRecord* former = impl.state.FindPlacement(names)) {
    co_return Error(ErrorCode::kAlreadyExists,
                    fmt::format("Tenant '{}' is already placed in '{}/{}' by the {} model", names.tenant.value(),
                                names.environment.value(), names.service.value(), NameOf(former->model)));
  }
  Change change;
  PlacementRecord placement;
  placement.names = names;
  placement.model = model.value_or(service->record.model);
  placement.created_at = impl.clock.Now();

  const AccountRecord* former_account = impl.state.FindTenantAccount(names.environment, names.tenant);
  AccountRecord account;
  if (former_account != nullptr) {
    account = *former_account;
  } else {
    account.id = impl.MintAccountId();
    account.kind = AccountKind::kTenant;
    account.environment = names.environment;
    account.tenant = names.tenant;
    account.created_at = placement.created_at;
  }
  const bool needs_store = placement.model == PartitionModel::kAccount && account.store.value() == 0;
  if (needs_store) account.store = impl.NextStoreId(&change);
  placement.account = placement.model == PartitionModel::kAccount ? account.id : environment->shared_account;
  if (former_account == nullptr || needs_store) change.Put(std::move(account));
  change.contexts.push_back(names);
  change.Put(std::move(placement));
  // Should the process end between here and the rollout, Intents::Pending finds the placement behind its template.
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  INSULA_CO_TRY(co_await impl.RollOut(names));
  co_return InfoOf(impl.state, *impl.state.FindPlacement(names));
}

namespace {

Task<Result<TenantInfo>> SetStatus(Catalog::Impl& impl, TenantId id, TenantStatus status) {
  const TenantRecord* tenant = impl.state.FindTenant(id);
  if (tenant == nullptr) co_return NoSuchTenant(id);
  if (tenant->status == status) co_return InfoOf(impl.state, *tenant);
  if (tenant->status == TenantStatus::kDeleting) {
    co_return Error(ErrorCode::kFailedPrecondition, fmt::format("Tenant '{}' is being deleted", id.value()));
  }
  TenantRecord record = *tenant;
  record.status = status;
  Change change;
  if (const auto found = impl.state.placements_of.find(id); found != impl.state.placements_of.end()) {
    change.contexts.assign(found->second.begin(), found->second.end());
  }
  if (status == TenantStatus::kDeleting) change.intents.push_back(TenantIntent{id});
  if (status == TenantStatus::kActive) {
    for (const ContextNames& names : change.contexts) change.intents.push_back(RolloutIntent{names});
  }
  change.Put(std::move(record));
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  co_return InfoOf(impl.state, *impl.state.FindTenant(id));
}

}  // namespace

Task<Result<TenantInfo>> Organization::Suspend(TenantId id) {
  const auto guard = co_await catalog_.impl().lane.Lock();
  co_return co_await SetStatus(catalog_.impl(), std::move(id), TenantStatus::kSuspended);
}
Task<Result<TenantInfo>> Organization::Resume(TenantId id) {
  const auto guard = co_await catalog_.impl().lane.Lock();
  co_return co_await SetStatus(catalog_.impl(), std::move(id), TenantStatus::kActive);
}
Task<Result<TenantInfo>> Organization::Delete(TenantId id) {
  const auto guard = co_await catalog_.impl().lane.Lock();
  co_return co_await SetStatus(catalog_.impl(), std::move(id), TenantStatus::kDeleting);
}

}  // namespace insula::tenancy
