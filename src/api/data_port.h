// The data port put together: its services, who may ask them, and the gateway in front.
#pragma once

#include <optional>

#include "api/dynamodb_service.h"
#include "api/gateway.h"
#include "api/tenant_memory.h"

namespace insula::api {

struct DataPortOptions {
  GatewayOptions gateway;
  DynamoDbOptions dynamodb;
  // Set: whatever the credentials say, every request belongs to this context. Their form is still asked for.
  std::optional<ContextNames> anonymous;
};

class DataPort {
 public:
  // `authenticator` may be null where the options name an anonymous context. Everything outlives the port.
  DataPort(DataPortOptions options, const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
           operations::Api& api);
  Gateway& gateway() { return gateway_; }

 private:
  TenantMemory tenants_;
  Gateway gateway_;
};

}  // namespace insula::api
