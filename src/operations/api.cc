#include "operations/api.h"

#include <utility>

#include "operations/pipeline.h"
#include "wire/request.h"

namespace insula::operations {

Api::Api(Services services) : services_(std::move(services)) {}
Api::~Api() = default;

bool Api::Knows(std::string_view operation) { return FindOperation(operation) != nullptr; }

Task<ApiResponse> Api::Handle(std::string_view operation, std::string_view body, tenancy::Context context) {
  const Operation* found = FindOperation(operation);
  if (found == nullptr) co_return ErrorResponse(Error(ErrorCode::kUnknownOperation, ""));
  Result<wire::Request> request = wire::DecodeRequest(body, found->shape());
  if (!request.ok()) co_return ErrorResponse(request.error());
  Call call{services_, context, found->name, std::move(request).value()};
  Result<std::string> answer = co_await found->function(call);
  if (!answer.ok()) co_return ErrorResponse(answer.error());
  ApiResponse response;
  response.body = std::move(answer).value();
  co_return response;
}

}  // namespace insula::operations
