// The DynamoDB API: one entry for every operation.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/memory_budget.h"
#include "base/task.h"
#include "operations/core/call.h"

namespace insula::operations {

struct ApiResponse {
  int status = 200;
  std::string body;   // JSON; DynamoDB's error form where status isn't 200
  std::string cause;  // of a failure here, which the client isn't told: for the log
};

// Safe from any thread.
class Api {
 public:
  explicit Api(Services services);
  ~Api();

  // nullptr where there is no such operation: it is refused before its caller is looked at. `name` is what follows the
  // service's prefix in X-Amz-Target.
  static const Operation* Find(ApiService service, std::string_view name);

  // `body`, `caller` and `memory` must live until the task ends. To `memory` what is read and answered is charged;
  // null: not counted.
  Task<ApiResponse> Handle(const Operation& operation, std::string_view body, const Caller& caller,
                           MemoryCharge* memory = nullptr);

 private:
  Services services_;
  std::unique_ptr<const access::TokenKeys> drawn_keys_;  // where the services come without
};

// {"__type":"prefix#Name","message":"…"} with the details that some errors carry.
ApiResponse ErrorResponse(const Error& error);
// Calls `take` with the items among those details.
void EachItemOf(const Error& error, const std::function<void(const EncodedItem&)>& take);

}  // namespace insula::operations
