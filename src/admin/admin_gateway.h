// The admin listener: signed HTTP requests of an operator in, answers of the admin API out.
//
//   POST /   X-Amz-Target: Insula_20261123.OPERATION, a JSON body, signed for the service "insula" with the key of an
//            operator that may administer. Everything else is refused before its body is looked at.
//   GET /health, GET /ready: unsigned; 200 when the process lives, and when it serves.
#pragma once

#include <atomic>

#include "access/authenticator.h"
#include "admin/admin_api.h"
#include "http/server.h"

namespace insula::admin {

class AdminGateway {
 public:
  AdminGateway(AdminApi& api, const access::Authenticator& authenticator) : api_(api), authenticator_(authenticator) {}

  Task<http::Response> Handle(const http::Request& request);

 private:
  AdminApi& api_;
  const access::Authenticator& authenticator_;
};

}  // namespace insula::admin
