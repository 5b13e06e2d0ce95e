// The data port: one HTTP request to the answer that goes out, whatever AWS service it is for (service.h).
//
// In DynamoDB's order of precedence: method and content type (404), a body that isn't what it says to be
// (SerializationException), an unknown operation (UnknownOperationException), credentials, and then the operation's
// own.
//
// A compressed body is signed as it is sent. It is looked into only once its sender is known, so it comes after the
// credentials. Whoever sends more than an event loop looks at in one go is served in the pool for long computations,
// from the signature to the answer. Answers are compressed where the client takes that and they are long enough to gain
// by it; x-amz-crc32 is of the bytes as sent.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/access_record.h"
#include "api/caller_finder.h"
#include "api/service.h"
#include "api/tenant_memory.h"
#include "base/compute_pool.h"
#include "http/server.h"

namespace insula::api {

struct GatewayOptions {
  std::string region = "us-east-1";
  ComputePool* compute = nullptr;                       // for large bodies and answers; none: all on the event loops
  std::function<bool()> ready;                          // what GET /ready asks; none: always
  std::function<void(const AccessRecord&)> access_log;  // called on event loops: must be quick; none: no log
  bool log_answered = true;                             // also what was answered with 200: most of it
};

using Services = std::vector<std::unique_ptr<Service>>;

// Safe from any thread.
class Gateway {
 public:
  // `services`: at least one. The first is the port's own: it answers what no other claims. Everything outlives the
  // gateway.
  Gateway(GatewayOptions options, CallerFinder callers, Services services, TenantMemory& tenants);

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
  // What is known of a request by and by, for the log.
  struct Known {
    Asked asked;
    std::optional<operations::Caller> caller;
    RefusedCaller refused;
  };

  Task<http::Response> Answer(const http::Request& request);
  // The service that the request is for: by what its credential's scope names and by the media type of its body, if it
  // has one. nullptr: none.
  Service* ServiceFor(const http::Request& request, std::optional<std::string_view> media_type) const;
  // The answers that need no service: health, cross-origin preflight, 404.
  http::Response AnswerPlain(const http::Request& request) const;
  // Fills in what is known and gives it to the log. `record` has the request's id, the error, and what only an
  // answer has: there may be no body yet.
  void LogAnswer(const http::Request& request, const Known& known, const http::Response& response,
                 AccessRecord record) const;
  Task<operations::ApiResponse> Dispatch(Service& service, const http::Request& request, std::string_view request_id,
                                         Known* known);

  const GatewayOptions options_;
  const CallerFinder callers_;
  const Services services_;
  std::string
      front_scope_;  // how a credential of the first service ends: most requests' service, found without parsing
  TenantMemory& tenants_;
};

}  // namespace insula::api
