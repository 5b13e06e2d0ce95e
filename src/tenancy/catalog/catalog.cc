// Looking things up: contexts, tables by name or ARN, lists, the operator's view.
#include "tenancy/catalog/catalog.h"

#include <fmt/format.h>

#include <map>

#include "tenancy/catalog/catalog_impl.h"
#include "tenancy/identity/arn.h"
#include "tenancy/identity/context_maker.h"
#include "tenancy/identity/refusals.h"

namespace insula::tenancy {

Task<Result<std::unique_ptr<Catalog>>> Catalog::Open(RecordStore& records, Clock& clock, CatalogOptions options) {
  const NameTemplates templates{options.account_template, options.table_template, options.pool_template,
                                options.service_template};
  INSULA_CO_ASSIGN(Naming naming, Naming::Make(templates));
  auto impl = std::make_unique<Impl>(records, clock, std::move(options), std::move(naming));
  INSULA_CO_TRY(co_await impl->Load());
  co_return std::unique_ptr<Catalog>(new Catalog(std::move(impl)));
}

Catalog::Catalog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Catalog::~Catalog() = default;

Result<Context> Catalog::ContextOf(const ContextNames& names) const {
  std::optional<AccountId> account = impl_->directory.AccountOf(names);
  if (!account) {
    return Error(ErrorCode::kAccessDenied, "The credentials do not belong to an active tenant or service context");
  }
  return ContextMaker::Of(names, *std::move(account));
}

Result<Context> Catalog::OperatorContextOf(const AccountId& account) const {
  const Impl& impl = *impl_;
  const SharedLock lock(impl.mutex);
  const State& state = impl.state;
  if (account.value().empty() && state.organization) return ContextMaker::OfOperator(state.organization->payer);
  if (state.FindAccount(account) == nullptr) {
    return Error(ErrorCode::kAccessDenied, fmt::format("There is no account {}", account.value()));
  }
  return ContextMaker::OfOperator(account);
}

std::optional<AccountOwner> Catalog::OwnerOf(const AccountId& account) const {
  const Impl& impl = *impl_;
  const SharedLock lock(impl.mutex);
  const AccountRecord* record = impl.state.FindAccount(account);
  if (record == nullptr || record->closed) return std::nullopt;
  return AccountOwner{record->environment, record->tenant};
}

std::vector<ContextNames> Catalog::ContextsOf(const AccountId& account) const {
  std::vector<ContextNames> contexts;
  const auto owner = OwnerOf(account);
  if (!owner) return contexts;
  const Impl& impl = *impl_;
  const SharedLock lock(impl.mutex);
  const State& state = impl.state;
  if (owner->tenant) {
    const auto placed = state.placements_of.find(*owner->tenant);
    if (placed == state.placements_of.end()) return contexts;
    for (const ContextNames& names : placed->second) {
      if (names.environment == owner->environment) contexts.push_back(names);
    }
    return contexts;
  }
  for (const auto& [key, service] : state.services) {
    if (key.first == owner->environment) contexts.push_back({key.first, key.second, std::nullopt});
  }
  return contexts;
}

namespace {

// The table's name out of a name or ARN.
Result<std::string_view> NameFrom(const Context& context, std::string_view name_or_arn, std::string_view region,
                                  std::string_view operation) {
  if (!LooksLikeArn(name_or_arn)) return name_or_arn;
  const std::optional<TableArnParts> parts = ParseTableArn(name_or_arn);
  if (!parts) {
    return ValidationError(fmt::format("Invalid TableArn: Invalid ResourceArn provided as input {}", name_or_arn));
  }
  if (parts->region != region) {
    return ValidationError(fmt::format("1 validation error detected: Invalid AWS region in '{}'", name_or_arn));
  }
  if (parts->account != AccountOf(context).value()) {
    return NotAuthorizedElsewhere(context, fmt::format("dynamodb:{}", operation), name_or_arn);
  }
  return parts->table;
}

}  // namespace

Result<TablePtr> Catalog::Find(const Context& context, std::string_view name_or_arn, std::string_view operation) const {
  INSULA_ASSIGN(const std::string_view name, NameFrom(context, name_or_arn, impl_->options.region, operation));
  if (const auto* of_account = std::get_if<OperatorContext>(&context)) {
    const Impl& impl = *impl_;
    const SharedLock lock(impl.mutex);
    const State& state = impl.state;
    const PhysicalEntry* entry = state.FindPhysical(of_account->account(), name);
    if (entry == nullptr) return ResourceNotFound();
    if (const auto* owned = std::get_if<OwnedTable>(entry)) {
      return std::make_shared<const Table>(impl.PhysicalView(*state.FindTable(owned->owner, owned->table)));
    }
    const auto& pooled = std::get<PooledTable>(*entry);
    const PoolRecord& pool = state.services.at(pooled.service).pools.at(pooled.table);
    return std::make_shared<const Table>(impl.PooledView(pool));
  }
  const ContextNames& names = *NamesOf(context);
  Directory::Found found = impl_->directory.Find(names, name, impl_->options.region);
  if (!found.context_known) {
    return Error(ErrorCode::kAccessDenied, "The credentials do not belong to an active tenant or service context");
  }
  if (found.table == nullptr) return ResourceNotFound();
  return std::move(found.table);
}

TableNames Catalog::List(const Context& context, std::string_view exclusive_start, std::size_t limit) const {
  const Impl& impl = *impl_;
  const SharedLock lock(impl.mutex);
  const State& state = impl.state;
  TableNames result;
  // One more than asked for tells whether there are more.
  const auto full = [&] { return result.names.size() > limit; };
  const auto finish = [&] {
    if (full()) {
      result.names.pop_back();
      result.last_evaluated = result.names.empty() ? std::string(exclusive_start) : result.names.back();
    }
    return std::move(result);
  };
  if (const auto* of_account = std::get_if<OperatorContext>(&context)) {
    const auto names = state.physical.find(of_account->account());
    if (names == state.physical.end()) return result;
    for (auto it = names->second.upper_bound(exclusive_start); it != names->second.end() && !full(); ++it) {
      result.names.push_back(it->first);
    }
    return finish();
  }
  const ContextNames& names = *NamesOf(context);
  const bool of_tenant = std::holds_alternative<TenantContext>(context);
  static const TablesByName kNone;
  const auto own_found = state.tables.find(names);
  const TablesByName& own = own_found == state.tables.end() ? kNone : own_found->second;
  const auto service_found = !of_tenant ? state.tables.end() : state.tables.find(names.OfService());
  const TablesByName& of_service = service_found == state.tables.end() ? kNone : service_found->second;
  auto a = own.upper_bound(exclusive_start);
  auto b = of_service.upper_bound(exclusive_start);
  while (!full()) {
    while (b != of_service.end() && !b->second->shared) ++b;
    if (a == own.end() && b == of_service.end()) break;
    if (b == of_service.end() || (a != own.end() && a->first <= b->first)) {
      if (b != of_service.end() && a->first == b->first) ++b;
      result.names.push_back((a++)->first);
    } else {
      result.names.push_back((b++)->first);
    }
  }
  return finish();
}

Result<std::vector<PooledPart>> Catalog::PartsOf(const OperatorContext& context, std::string_view physical_name) const {
  const Impl& impl = *impl_;
  const SharedLock lock(impl.mutex);
  const State& state = impl.state;
  const PhysicalEntry* entry = state.FindPhysical(context.account(), physical_name);
  if (entry == nullptr) return ResourceNotFound();
  const auto* pooled = std::get_if<PooledTable>(entry);
  if (pooled == nullptr) return std::vector<PooledPart>{};
  std::vector<PooledPart> parts;
  for (const PlacementRecord* placement : state.PlacementsOf(pooled->service)) {
    const TableRecordPtr record = state.FindTable(placement->names, pooled->table);
    if (record == nullptr || record->table->ref.physical_name() != physical_name) continue;
    if (record->definition().status == TableStatus::kDeleting) continue;
    parts.push_back({*placement->names.tenant, record->table});
  }
  return parts;
}

}  // namespace insula::tenancy
