#include "admin/admin_gateway.h"

#include <string>
#include <utility>

#include "admin/answers.h"

namespace insula::admin {
namespace {

constexpr std::string_view kTargetPrefix = "Insula_20261123.";

http::Response JsonResponse(operations::ApiResponse answer) {
  http::Response response;
  response.status = answer.status;
  response.headers.emplace_back("Content-Type", "application/x-amz-json-1.0");
  response.body = std::move(answer.body);
  return response;
}

http::Response Refuse(Error error) { return JsonResponse(ErrorAnswer(error)); }

bool MayAdminister(const access::Principal& principal) {
  const auto* who = std::get_if<access::OperatorPrincipal>(&principal.who);
  return who != nullptr && who->admin;
}

}  // namespace

Task<http::Response> AdminGateway::Handle(const http::Request& request) {
  if (request.method == "GET" && (request.target == "/health" || request.target == "/ready")) {
    http::Response response;
    response.headers.emplace_back("Content-Type", "text/plain");
    response.body = "ok\n";
    co_return response;
  }
  const access::SignedRequest to_verify{request.method, request.target, request.headers, request.body};
  auto verified = authenticator_.Verify(to_verify);
  if (!verified.ok()) co_return Refuse(std::move(verified).error());
  if (!MayAdminister(verified->principal))
    co_return Refuse({ErrorCode::kAccessDenied, "These credentials don't belong to an operator."});
  std::string_view target = request.Header("x-amz-target");
  if (request.method != "POST" || !target.starts_with(kTargetPrefix))
    co_return Refuse(
        {ErrorCode::kUnknownOperation, "The admin API takes POST with X-Amz-Target: Insula_20261123.OPERATION"});
  target.remove_prefix(kTargetPrefix.size());
  auto answer = co_await api_.Handle(std::string(target), std::string(request.body));
  co_return JsonResponse(std::move(answer));
}

}  // namespace insula::admin
