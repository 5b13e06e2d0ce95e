// The data port: signed DynamoDB requests in, the answers of the operations out.
//
// In DynamoDB's order of precedence: method and content type (404), a body that isn't JSON (SerializationException), an
// unknown target (UnknownOperationException), credentials, and then the operation's own.
//
// A compressed body is signed as it is sent. It is looked into only once its sender is known, so it comes after the
// credentials. Whoever sends more than an event loop looks at in one go is served in the pool for long computations,
// from the signature to the answer. Answers are compressed where the client takes that and they are long enough to gain
// by it; x-amz-crc32 is of the bytes as sent.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "access/authenticator.h"
#include "app/tenant_memory.h"
#include "base/compute_pool.h"
#include "http/server.h"
#include "operations/api.h"
#include "operations/object_operations.h"
#include "tenancy/catalog/catalog.h"

namespace insula::app {

// One answered request, for the log. Views are valid during the call alone; none of them holds a secret or an item.
struct AccessRecord {
  std::string_view request_id;
  std::string_view remote_address;
  bool refused = false;            // before it was known who may ask for it
  std::string_view access_key_id;  // where it was refused: as the request has it, proved or not
  std::string_view context;        // tenancy::KeyOf; where it was refused: of the key, if its signature was right
  std::string_view operation;      // as the target names it; empty where it names none
  std::string_view error;          // "ValidationException"; empty where there was none
  std::string_view cause;          // of a failure here that the client wasn't told; mostly empty
  int status = 0;
  std::chrono::microseconds duration{};
  std::size_t request_bytes = 0;  // of the body
  std::size_t response_bytes = 0;
};

struct GatewayOptions {
  std::string region = "us-east-1";
  // Set: whatever the credentials say, every request belongs to this context. Their form is still asked for.
  std::optional<ContextNames> anonymous;
  ComputePool* compute = nullptr;                       // for large bodies and answers; none: all on the event loops
  std::size_t body_bytes_max = 16 * 1024 * 1024;        // of a body whose coding has been undone
  const MemoryBudget* memory = nullptr;                 // the one that requests' charges are of; none: never short
  std::function<bool()> ready;                          // what GET /ready asks; none: always
  std::function<void(const AccessRecord&)> access_log;  // called on event loops: must be quick; none: no log
  bool log_answered = true;                             // also what was answered with 200: most of it
  operations::ObjectKeeper* objects = nullptr;          // outlives the gateway; nullptr: there is no place for objects
};

// Safe from any thread.
class Gateway {
 public:
  // `authenticator` may be null where the options name an anonymous context. Everything outlives the gateway.
  Gateway(GatewayOptions options, const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
          operations::Api& api);

  Task<http::Response> Handle(const http::Request& request);
  http::Handler Handler() {
    return [this](const http::Request& request) { return Handle(request); };
  }

  // Before a large body is read: its header must be of a known access key, signed for now. What the body takes is then
  // charged to that key's tenant, proved or not. The answer is the refusal.
  std::optional<http::Response> CheckHeader(const http::Request& request);

  // What the HTTP server answers by itself, in DynamoDB's form.
  static http::Response ErrorResponse(int status, std::string_view reason);

 private:
  // Whom a request that was refused is said to be of, for the log.
  struct RefusedCaller {
    explicit RefusedCaller(const Error& error);
    RefusedCaller() = default;
    std::string access_key_id;
    std::string context;
  };

  Task<http::Response> Answer(const http::Request& request);
  Result<operations::Caller> Identify(const http::Request& request) const;
  Result<tenancy::Context> ContextOf(const access::Principal& principal) const;
  // The request's tenant answers for the memory that a body and what the operation reads take. False: there is no room.
  bool Charge(const http::Request& request, std::string_view operation, std::string_view body,
              const tenancy::Context& context);
  // The answers that need no operation: health, cross-origin preflight, 404.
  std::optional<http::Response> AnswerPlain(const http::Request& request, bool has_body) const;
  // The operation's answer to the body, its coding undone.
  Task<operations::ApiResponse> Perform(const http::Request& request, const operations::Operation& operation,
                                        const operations::Caller& caller);
  Task<operations::ApiResponse> Dispatch(const http::Request& request, std::string_view* operation,
                                         std::optional<operations::Caller>* caller, RefusedCaller* refused);

  GatewayOptions options_;
  const access::Authenticator* authenticator_;
  const tenancy::Catalog& catalog_;
  operations::Api& api_;
  TenantMemory tenants_;
};

}  // namespace insula::app
