#include "api/data_port.h"

#include <memory>
#include <utility>

namespace insula::api {
namespace {

Services ServicesOf(const DataPortOptions& options, operations::Api& api, TenantMemory& tenants) {
  Services services;
  services.push_back(std::make_unique<DynamoDbService>(options.dynamodb, api, tenants));
  if (options.add_services) options.add_services(&services);
  return services;
}

}  // namespace

DataPort::DataPort(DataPortOptions options, const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
                   const iam::PrincipalGrants* grants, operations::Api& api)
    : gateway_(options.gateway, CallerFinder(authenticator, catalog, grants, options.callers),
               ServicesOf(options, api, tenants_), tenants_) {}

}  // namespace insula::api
