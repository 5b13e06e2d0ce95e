#include "operations/api.h"

#include <utility>

#include "base/crypto.h"
#include "operations/pipeline.h"
#include "wire/request.h"

namespace insula::operations {

namespace {

constexpr std::size_t kTokenKeyBytes = 32;

}  // namespace

Api::Api(Services services) : services_(std::move(services)) {
  if (services_.options.token_key.empty()) services_.options.token_key = RandomBytes(kTokenKeyBytes);
}
Api::~Api() = default;

bool Api::Knows(ApiService service, std::string_view operation) {
  const Operation* found = FindOperation(operation);
  return found != nullptr && found->service == service;
}

Task<ApiResponse> Api::Handle(std::string_view operation, std::string_view body, tenancy::Context context,
                              MemoryCharge* memory) {
  const Operation* found = FindOperation(operation);
  if (found == nullptr) co_return ErrorResponse(Error(ErrorCode::kUnknownOperation, ""));
  Result<wire::Request> request = wire::DecodeRequest(body, found->shape());
  if (!request.ok()) co_return ErrorResponse(request.error());
  Call call{services_, context, found->name, std::move(request).value(), memory};
  Result<std::string> answer = co_await found->function(call);
  if (!answer.ok()) {
    const Error& error = answer.error();
    const std::size_t bytes = ItemBytesOf(error);
    if (!call.IsLong(bytes)) co_return ErrorResponse(error);
    auto write = [&error] { return ErrorResponse(error); };
    co_return co_await services_.compute->Call(write);
  }
  ApiResponse response;
  response.body = std::move(answer).value();
  co_return response;
}

}  // namespace insula::operations
