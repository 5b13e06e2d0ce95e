// The admin listener: signed HTTP requests of an operator in, answers of the admin API out.
//
//   POST /   X-Amz-Target: Insula_20261123.OPERATION, a JSON body, signed for the service "insula" with the key of an
//            operator that may administer. Everything else is refused before its body is looked at.
//   GET /health: unsigned; 200 as long as the process lives.
//   GET /ready: unsigned; 200 while it serves, 503 before and after. Where work behind requests fails time and again it
//            says so, without a tenant's or a table's name: those are for who may list tables.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "access/authenticator.h"
#include "admin/admin_api.h"
#include "control/stuck_work.h"
#include "http/server.h"

namespace insula::admin {

// What GET /ready asks; from any thread.
struct Readiness {
  std::function<bool()> ready{};                             // none: always
  std::function<std::vector<control::StuckWork>()> stuck{};  // none: nothing is
  std::function<Result<void>()> writable{};                  // none: always
};

// Safe from any thread.
class AdminGateway {
 public:
  // Both outlive the gateway.
  AdminGateway(AdminApi& api, const access::Authenticator& authenticator, Readiness readiness = {})
      : api_(api), authenticator_(authenticator), readiness_(std::move(readiness)) {}

  Task<http::Response> Handle(const http::Request& request);

 private:
  http::Response AnswerReady() const;

  AdminApi& api_;
  const access::Authenticator& authenticator_;
  const Readiness readiness_;
};

}  // namespace insula::admin
