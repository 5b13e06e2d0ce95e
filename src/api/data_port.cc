#include "api/data_port.h"

#include <memory>
#include <utility>

namespace insula::api {
namespace {

Services ServicesOf(const DynamoDbOptions& dynamodb, operations::Api& api, TenantMemory& tenants) {
  Services services;
  services.push_back(std::make_unique<DynamoDbService>(dynamodb, api, tenants));
  return services;
}

}  // namespace

DataPort::DataPort(DataPortOptions options, const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
                   operations::Api& api)
    : gateway_(std::move(options.gateway), CallerFinder(authenticator, catalog, std::move(options.anonymous)),
               ServicesOf(options.dynamodb, api, tenants_), tenants_) {}

}  // namespace insula::api
