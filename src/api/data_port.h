// The data port put together: its services, who may ask them, and the gateway in front.
#pragma once

#include <functional>

#include "api/dynamodb_service.h"
#include "api/gateway.h"
#include "api/tenant_memory.h"

namespace insula::api {

struct DataPortOptions {
  GatewayOptions gateway;
  DynamoDbOptions dynamodb;
  CallerFinderOptions callers;
  // What makes the services beside DynamoDB.
  std::function<void(Services*)> add_services;
};

class DataPort {
 public:
  // `authenticator` may be null where the options name an anonymous context, `grants` where there are no users and no
  // sessions. Everything outlives the port.
  DataPort(DataPortOptions options, const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
           const iam::PrincipalGrants* grants, operations::Api& api);
  Gateway& gateway() { return gateway_; }

 private:
  TenantMemory tenants_;
  Gateway gateway_;
};

}  // namespace insula::api
