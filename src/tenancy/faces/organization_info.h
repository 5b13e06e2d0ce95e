// What Organization tells, put together from the state. The caller holds the catalog's lock or lane. Internal.
#pragma once

#include "tenancy/faces/organization.h"
#include "tenancy/state/state.h"

namespace insula::tenancy {

ServiceInfo InfoOf(const State& state, const ServiceState& service);
PlacementInfo InfoOf(const State& state, const PlacementRecord& placement);
TenantInfo InfoOf(const State& state, const TenantRecord& tenant);

Error NoSuchEnvironment(const EnvironmentName& name);
Error NoSuchService(const EnvironmentName& environment, const ServiceName& name);
Error NoSuchTenant(const TenantId& id);

}  // namespace insula::tenancy
