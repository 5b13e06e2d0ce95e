#include "operations/api.h"

#include <utility>

#include "operations/core/authorize.h"
#include "operations/registry.h"
#include "wire/request.h"

namespace insula::operations {

Api::Api(Services services) : services_(std::move(services)) {
  if (services_.options.token_keys != nullptr) return;
  drawn_keys_ = access::TokenKeys::Drawn();
  services_.options.token_keys = drawn_keys_.get();
}
Api::~Api() = default;

const Operation* Api::Find(ApiService service, std::string_view name) {
  const Operation* found = FindOperation(name);
  return found != nullptr && found->service == service ? found : nullptr;
}

Task<ApiResponse> Api::Handle(const Operation& operation, std::string_view body, const Caller& caller,
                              MemoryCharge* memory) {
  Result<wire::Request> request = wire::DecodeRequest(body, operation.shape());
  if (!request.ok()) co_return ErrorResponse(request.error());
  storage::ItemMemory items(memory);
  Call call{services_, caller, operation.name, std::move(request).value(), &items};
  const Result<void> allowed = AskPoliciesOfOperation(call);
  if (!allowed.ok()) co_return ErrorResponse(allowed.error());
  Result<std::string> answer = co_await operation.function(call);
  if (!answer.ok()) {
    // Items may come with it: a refusal is an answer like any other.
    const Error& error = answer.error();
    const auto each_item = [&error](const auto& take) { EachItemOf(error, take); };
    ApiResponse refusal;
    const auto write = [&error, &refusal] {
      refusal = ErrorResponse(error);
      return std::string();
    };
    const Result<std::string> written = co_await call.Answer(each_item, write);
    if (!written.ok()) co_return ErrorResponse(written.error());
    co_return refusal;
  }
  ApiResponse response;
  response.body = std::move(answer).value();
  co_return response;
}

}  // namespace insula::operations
