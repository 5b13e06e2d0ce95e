// One AWS service as the data port serves it: which requests are for it, and what answers them. Services share the
// port, the credentials and what every answer has (gateway.h), and know nothing of each other.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/task.h"
#include "http/server.h"
#include "operations/api.h"
#include "operations/core/caller.h"

namespace insula::api {

// What a request asks for, before it is known who asks. Views are into the request.
struct Asked {
  std::string_view operation;  // as the request names it, for the log; empty where it names none
  bool known = false;          // whether there is such an operation
  bool is_unsigned = false;    // it asks for no credentials: its caller is nobody
  const operations::Operation* table_operation = nullptr;  // where it is one of those
  std::string_view request_id{};                           // the gateway's, for answers that name it
};

// Safe from any thread.
class Service {
 public:
  virtual ~Service() = default;

  // What the credential scopes of its requests name: "dynamodb".
  virtual std::string_view name() const = 0;
  // Whether it reads bodies of this media type ("application/x-amz-json-1.0").
  virtual bool Takes(std::string_view media_type) const = 0;
  // The Content-Type of its answer to a body of this media type.
  virtual std::string_view AnswersIn(std::string_view media_type) const = 0;

  // May be asked with the header alone, before a large body is read: what that can't tell is then as if it were known.
  virtual Asked Find(const http::Request& request) const = 0;
  // Why the request isn't even looked at, in the service's form: its body, if that is wrong in itself, comes first.
  virtual operations::ApiResponse Refuse(const http::Request& request, const Asked& asked,
                                         const Error& error) const = 0;
  // Precondition: asked.known. `caller` is null where asked.is_unsigned. `request` and `caller` outlive the task.
  virtual Task<operations::ApiResponse> Perform(const http::Request& request, Asked asked,
                                                const operations::Caller* caller) = 0;
  // The name of the error in an answer of Refuse or Perform; empty where there is none.
  virtual std::string_view ErrorNameIn(std::string_view body) const = 0;
};

}  // namespace insula::api
