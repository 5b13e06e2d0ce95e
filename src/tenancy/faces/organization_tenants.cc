// Changes to tenants and their placements.
#include <fmt/format.h>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/faces/organization.h"
#include "tenancy/faces/organization_info.h"
#include "tenancy/identity/names.h"
#include "tenancy/state/engine_fit.h"

namespace insula::tenancy {

Task<Result<TenantInfo>> Organization::CreateTenant(TenantId id, std::string tier) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  INSULA_CO_TRY(CheckTenantId(id.value()));
  INSULA_CO_TRY(CheckTier(tier));
  if (const TenantRecord* former = impl.StateInLane().FindTenant(id)) {
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
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindTenant(id));
}

namespace {

// What keeps the tables that are going to be placed in the account, of which none has chosen an engine yet if `fresh`.
Result<EngineCapabilities> ChooseEngine(const Catalog::Impl& impl, const AccountRecord& account, bool fresh,
                                        const std::optional<std::string>& wanted) {
  const EngineCapabilities& current = impl.EngineOf(account);
  if (!wanted || *wanted == current.name) return current;
  const EngineCapabilities* chosen = FindEngine(impl.options.engines, *wanted);
  if (chosen == nullptr) return Error(ErrorCode::kNotFound, fmt::format("There is no engine '{}'", *wanted));
  if (fresh) return *chosen;
  return Error(ErrorCode::kFailedPrecondition,
               fmt::format("Account {} is on the engine '{}'", account.id.value(), current.name));
}

// What of the template the engine can't have is said before anybody is placed there.
Result<void> CheckTemplateFits(const ServiceState& service, const EngineCapabilities& engine) {
  for (const auto& [name, table] : service.table_template) {
    if (auto fits = CheckFits(table.definition, engine); !fits.ok()) {
      return Error(ErrorCode::kFailedPrecondition, fits.error().message());
    }
  }
  return {};
}

}  // namespace

Task<Result<PlacementInfo>> Organization::Place(ContextNames names, std::optional<PartitionModel> model,
                                                std::optional<std::string> engine) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  const EnvironmentRecord* environment = impl.StateInLane().FindEnvironment(names.environment);
  if (environment == nullptr) co_return NoSuchEnvironment(names.environment);
  const ServiceState* service = impl.StateInLane().FindService(names.environment, names.service);
  if (service == nullptr) co_return NoSuchService(names.environment, names.service);
  if (!names.tenant) co_return NoSuchTenant(TenantId());
  const TenantId& id = *names.tenant;
  const TenantRecord* tenant = impl.StateInLane().FindTenant(id);
  if (tenant == nullptr) co_return NoSuchTenant(id);
  if (tenant->status != TenantStatus::kActive) {
    co_return Error(ErrorCode::kFailedPrecondition,
                    fmt::format("Tenant '{}' is {}", id.value(), NameOf(tenant->status)));
  }
  if (const PlacementRecord* former = impl.StateInLane().FindPlacement(names)) {
    co_return Error(ErrorCode::kAlreadyExists,
                    fmt::format("Tenant '{}' is already placed in '{}/{}' by the {} model", id.value(),
                                names.environment.value(), names.service.value(), NameOf(former->model)));
  }
  Change change;
  PlacementRecord placement;
  placement.names = names;
  placement.model = model.value_or(service->record.model);
  placement.created_at = impl.clock.Now();

  const AccountRecord* former_account = impl.StateInLane().FindTenantAccount(names.environment, id);
  AccountRecord account;
  if (former_account != nullptr) {
    account = *former_account;
  } else {
    account.id = impl.MintAccountId();
    account.kind = AccountKind::kTenant;
    account.environment = names.environment;
    account.tenant = id;
    account.created_at = placement.created_at;
  }
  const bool own = placement.model == PartitionModel::kAccount;
  const bool needs_store = own && account.store.value() == 0;
  placement.account = own ? account.id : environment->shared_account;
  const AccountRecord& holder = own ? account : *impl.StateInLane().FindAccount(placement.account);
  INSULA_CO_ASSIGN(const EngineCapabilities chosen, ChooseEngine(impl, holder, needs_store, engine));
  INSULA_CO_TRY(CheckTemplateFits(*service, chosen));
  placement.engine = chosen.name;
  if (needs_store) {
    account.store = impl.NextStoreId(&change);
    if (chosen.name != impl.options.engines.front().name) account.engine = chosen.name;
    if (!account.engine.empty() && impl.options.store_is_on) {
      INSULA_CO_TRY(impl.options.store_is_on(account.store, account.engine));
    }
  }
  if (former_account == nullptr || needs_store) change.Put(std::move(account));
  change.contexts.push_back(names);
  change.Put(std::move(placement));
  // Should the process end between here and the rollout, Intents::Pending finds the placement behind its template.
  INSULA_CO_TRY(co_await impl.Commit(std::move(change)));
  INSULA_CO_TRY(co_await impl.RollOut(names));
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindPlacement(names));
}

namespace {

// What stands in the way of changing a tenant's status, or the tenant.
Result<TenantRecord> Changeable(const State& state, const TenantId& id) {
  const TenantRecord* tenant = state.FindTenant(id);
  if (tenant == nullptr) return NoSuchTenant(id);
  if (tenant->status == TenantStatus::kDeleting) {
    return Error(ErrorCode::kFailedPrecondition, fmt::format("Tenant '{}' is being deleted", id.value()));
  }
  return *tenant;
}

// Its placements in an environment or service, or all.
std::vector<PlacementRecord> PlacementsIn(const State& state, const TenantId& id,
                                          const std::optional<EnvironmentName>& environment,
                                          const std::optional<ServiceName>& service) {
  std::vector<PlacementRecord> result;
  const auto found = state.placements_of.find(id);
  if (found == state.placements_of.end()) return result;
  for (const ContextNames& names : found->second) {
    if (environment && names.environment != *environment) continue;
    if (service && names.service != *service) continue;
    result.push_back(*state.FindPlacement(names));
  }
  return result;
}

// Adds the placements whose `suspended` isn't that yet to changes of a commit each; the caller adds to the last.
std::vector<Change> SetSuspended(std::vector<PlacementRecord> placements, bool suspended) {
  std::vector<Change> changes(1);
  for (PlacementRecord& placement : placements) {
    if (placement.suspended == suspended) continue;
    if (changes.back().records.size() + 1 >= Change::kRecordsMax) changes.emplace_back();
    placement.suspended = suspended;
    Change& change = changes.back();
    change.contexts.push_back(placement.names);
    if (!suspended) change.intents.push_back(RolloutIntent{placement.names});
    change.Put(std::move(placement));
  }
  return changes;
}

Task<Result<void>> CommitAll(Catalog::Impl& impl, std::vector<Change> changes) {
  for (Change& change : changes) {
    if (change.records.empty()) continue;
    Change next = std::move(change);
    INSULA_CO_TRY(co_await impl.Commit(std::move(next)));
  }
  co_return Result<void>{};
}

Error NoPlacement(const TenantId& id) {
  return Error(ErrorCode::kNotFound, fmt::format("Tenant '{}' has no such placement", id.value()));
}

// A change of the tenant's own status, on top of the last of `changes`.
void SetStatus(const State& state, TenantRecord tenant, TenantStatus status, std::vector<Change>* changes) {
  Change& change = changes->back();
  for (const PlacementRecord& placement : PlacementsIn(state, tenant.id, {}, {})) {
    change.contexts.push_back(placement.names);
    if (status == TenantStatus::kActive) change.intents.push_back(RolloutIntent{placement.names});
  }
  if (status == TenantStatus::kDeleting) {
    change.intents.push_back(TenantIntent{tenant.id});
    for (const auto& [owner, backups] : state.backups) {
      if (owner.tenant != tenant.id) continue;
      for (const auto& [id, backup] : backups) change.copies.push_back(BackupTask{owner, id});
    }
  }
  tenant.status = status;
  change.Put(std::move(tenant));
}

}  // namespace

Task<Result<TenantInfo>> Organization::Suspend(TenantId id, std::optional<EnvironmentName> environment,
                                               std::optional<ServiceName> service) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  INSULA_CO_ASSIGN(TenantRecord tenant, Changeable(impl.StateInLane(), id));
  std::vector<Change> changes(1);
  if (environment || service) {
    std::vector<PlacementRecord> placements = PlacementsIn(impl.StateInLane(), id, environment, service);
    if (placements.empty()) co_return NoPlacement(id);
    changes = SetSuspended(std::move(placements), true);
  } else if (tenant.status != TenantStatus::kSuspended) {
    SetStatus(impl.StateInLane(), std::move(tenant), TenantStatus::kSuspended, &changes);
  }
  INSULA_CO_TRY(co_await CommitAll(impl, std::move(changes)));
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindTenant(id));
}

Task<Result<TenantInfo>> Organization::Resume(TenantId id, std::optional<EnvironmentName> environment,
                                              std::optional<ServiceName> service) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  INSULA_CO_ASSIGN(TenantRecord tenant, Changeable(impl.StateInLane(), id));
  std::vector<PlacementRecord> placements = PlacementsIn(impl.StateInLane(), id, environment, service);
  if ((environment || service) && placements.empty()) co_return NoPlacement(id);
  std::vector<Change> changes = SetSuspended(std::move(placements), false);
  if (!environment && !service && tenant.status != TenantStatus::kActive) {
    SetStatus(impl.StateInLane(), std::move(tenant), TenantStatus::kActive, &changes);
  }
  INSULA_CO_TRY(co_await CommitAll(impl, std::move(changes)));
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindTenant(id));
}

Task<Result<TenantInfo>> Organization::Delete(TenantId id) {
  Catalog::Impl& impl = catalog_.impl();
  const auto guard = co_await impl.lane.Lock();
  const TenantRecord* tenant = impl.StateInLane().FindTenant(id);
  if (tenant == nullptr) co_return NoSuchTenant(id);
  std::vector<Change> changes(1);
  if (tenant->status != TenantStatus::kDeleting) {
    SetStatus(impl.StateInLane(), *tenant, TenantStatus::kDeleting, &changes);
  }
  INSULA_CO_TRY(co_await CommitAll(impl, std::move(changes)));
  co_return InfoOf(impl.StateInLane(), *impl.StateInLane().FindTenant(id));
}

}  // namespace insula::tenancy
