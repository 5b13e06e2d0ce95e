// Tenants: their making, placing, suspending and going.
#include <fmt/format.h>

#include <limits>

#include "admin/answers.h"
#include "admin/call.h"

namespace insula::admin {
namespace {

using tenancy::TenantInfo;

constexpr std::string_view kTierDefault = "standard";

Task<Result<std::string>> CreateTenant(Call& call) {
  INSULA_CO_ASSIGN(TenantId id, call.Tenant());
  INSULA_CO_ASSIGN(auto tier, call.OptionalText("Tier"));
  std::string tier_name = tier.value_or(std::string(kTierDefault));
  INSULA_CO_ASSIGN(auto tenant, co_await call.organization.CreateTenant(std::move(id), std::move(tier_name)));
  co_return Answer("Tenant", tenant);
}

Task<Result<std::string>> PlaceTenant(Call& call) {
  INSULA_CO_TRY(call.Text("Tenant"));
  INSULA_CO_TRY(call.Text("Environment"));
  INSULA_CO_TRY(call.Text("Service"));
  INSULA_CO_ASSIGN(ContextNames names, call.Filter());
  INSULA_CO_ASSIGN(auto model_name, call.OptionalText("PartitionModel"));
  std::optional<tenancy::PartitionModel> model;
  if (model_name.has_value()) {
    INSULA_CO_ASSIGN(model, tenancy::ParsePartitionModel(*model_name));
  }
  INSULA_CO_ASSIGN(auto placement, co_await call.organization.Place(std::move(names), model));
  co_return Answer("Placement", placement);
}

Task<Result<std::string>> ListTenants(Call& call) {
  INSULA_CO_ASSIGN(const ContextNames names, call.KnownFilter());
  const std::string& environment = names.environment.value();
  const std::string& service = names.service.value();
  auto tenants = call.organization.Tenants("", std::numeric_limits<std::size_t>::max());
  if (!environment.empty() || !service.empty()) {
    for (auto& tenant : tenants)
      std::erase_if(tenant.placements, [&](const tenancy::PlacementInfo& placement) {
        return (!environment.empty() && placement.record.names.environment.value() != environment) ||
               (!service.empty() && placement.record.names.service.value() != service);
      });
    std::erase_if(tenants, [](const TenantInfo& tenant) { return tenant.placements.empty(); });
  }
  co_return ListAnswer("Tenants", tenants);
}

Task<Result<std::string>> DescribeTenant(Call& call) {
  INSULA_CO_ASSIGN(const TenantId id, call.Tenant());
  INSULA_CO_ASSIGN(auto tenant, call.organization.ShowTenant(id));
  co_return Answer("Tenant", tenant);
}

template <class Name>
std::optional<Name> NameOrNone(std::optional<std::string> text) {
  if (!text.has_value()) return std::nullopt;
  return Name(*std::move(text));
}

Task<Result<std::string>> SuspendTenant(Call& call) {
  INSULA_CO_ASSIGN(TenantId id, call.Tenant());
  INSULA_CO_ASSIGN(auto environment, call.OptionalText("Environment"));
  INSULA_CO_ASSIGN(auto service, call.OptionalText("Service"));
  INSULA_CO_ASSIGN(auto tenant, co_await call.organization.Suspend(std::move(id),
                                                                   NameOrNone<EnvironmentName>(std::move(environment)),
                                                                   NameOrNone<ServiceName>(std::move(service))));
  co_return Answer("Tenant", tenant);
}

Task<Result<std::string>> ResumeTenant(Call& call) {
  INSULA_CO_ASSIGN(TenantId id, call.Tenant());
  INSULA_CO_ASSIGN(auto environment, call.OptionalText("Environment"));
  INSULA_CO_ASSIGN(auto service, call.OptionalText("Service"));
  INSULA_CO_ASSIGN(auto tenant,
                   co_await call.organization.Resume(std::move(id), NameOrNone<EnvironmentName>(std::move(environment)),
                                                     NameOrNone<ServiceName>(std::move(service))));
  co_return Answer("Tenant", tenant);
}

Task<Result<void>> DeleteKeysOf(Call& call, std::string tenant) {
  access::KeyFilter filter;
  filter.tenant = tenant;
  for (const auto& key : call.services.credentials.List(filter)) {
    auto deleted = co_await call.services.credentials.Delete(key.id);
    if (!deleted.ok() && deleted.error().code() != ErrorCode::kNotFound) co_return std::move(deleted).error();
  }
  co_return Result<void>();
}

// Users, roles and policies of all the tenant's contexts, the users' keys with them.
Task<Result<void>> DeleteIdentitiesOf(Call& call, std::string tenant) {
  for (access::Scope& scope : call.services.identities.Scopes()) {
    const auto* names = std::get_if<ContextNames>(&scope);
    if (names == nullptr || TextOf(names->tenant) != tenant) continue;
    INSULA_CO_TRY(co_await call.services.identities.DeleteScope(std::move(scope)));
  }
  co_return Result<void>();
}

// Identities and keys go before the tenant, so that none outlives it, whatever interrupts this; and once more after it,
// for one that was made in between.
Task<Result<std::string>> DeleteTenant(Call& call) {
  INSULA_CO_ASSIGN(const std::string id, call.Text("Tenant"));
  INSULA_CO_TRY(call.organization.ShowTenant(TenantId(id)));
  INSULA_CO_TRY(co_await DeleteIdentitiesOf(call, id));
  INSULA_CO_TRY(co_await DeleteKeysOf(call, id));
  INSULA_CO_ASSIGN(auto tenant, co_await call.organization.Delete(TenantId(id)));
  INSULA_CO_TRY(co_await DeleteIdentitiesOf(call, id));
  INSULA_CO_TRY(co_await DeleteKeysOf(call, id));
  co_return Answer("Tenant", tenant);
}

}  // namespace

std::span<const AdminOperation> TenantOperations() {
  static constexpr std::string_view kCreate[] = {"Tenant", "Tier"};
  static constexpr std::string_view kPlace[] = {"Tenant", "Environment", "Service", "PartitionModel"};
  static constexpr std::string_view kList[] = {"Environment", "Service"};
  static constexpr std::string_view kTenant[] = {"Tenant"};
  static constexpr std::string_view kSuspend[] = {"Tenant", "Environment", "Service"};

  static constexpr AdminOperation kOperations[] = {
      {"CreateTenant", CreateTenant, kCreate},    {"PlaceTenant", PlaceTenant, kPlace},
      {"ListTenants", ListTenants, kList},        {"DescribeTenant", DescribeTenant, kTenant},
      {"SuspendTenant", SuspendTenant, kSuspend}, {"ResumeTenant", ResumeTenant, kSuspend},
      {"DeleteTenant", DeleteTenant, kTenant},
  };
  return kOperations;
}

}  // namespace insula::admin
