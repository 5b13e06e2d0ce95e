#include "admin/admin_gateway.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "admin/answers.h"
#include "base/log.h"

namespace insula::admin {
namespace {

constexpr std::size_t kStuckShownMax = 10;
constexpr std::string_view kTargetPrefix = "Insula_20261123.";

http::Response JsonResponse(operations::ApiResponse answer) {
  http::Response response;
  response.status = answer.status;
  response.headers.emplace_back("Content-Type", "application/x-amz-json-1.0");
  response.body = std::move(answer.body);
  return response;
}

http::Response TextResponse(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body = std::move(body);
  return response;
}

http::Response Refuse(Error error) { return JsonResponse(ErrorAnswer(error)); }

http::Response RefuseSender(const http::Request& request, const Error& error, std::string access_key_id) {
  Log(LogLevel::kWarn, "refused an operator's request",
      {{"access_key", std::move(access_key_id)},
       {"error", std::string(TraitsOf(error.code()).name)},
       {"from", std::string(request.remote_address)}});
  return Refuse(error);
}

std::string ClaimedKey(const Error& error) {
  const auto* sender = dynamic_cast<const access::RefusedSender*>(error.detail());
  return sender != nullptr ? sender->access_key_id : std::string();
}

bool MayAdminister(const access::Principal& principal) {
  const auto* who = std::get_if<access::OperatorPrincipal>(&principal.who);
  return who != nullptr && who->admin;
}

}  // namespace

http::Response AdminGateway::AnswerReady() const {
  if (readiness_.ready && !readiness_.ready()) return TextResponse(503, "not ready\n");
  std::string body = "ready\n";
  if (readiness_.writable) {
    const Result<void> writable = readiness_.writable();
    if (!writable.ok()) body += "no writes: " + writable.error().message() + "\n";
  }
  if (readiness_.stuck) {
    const std::vector<control::StuckWork> stuck = readiness_.stuck();
    for (std::size_t i = 0; i < std::min(stuck.size(), kStuckShownMax); ++i) {
      body += "stuck: " + control::ReasonOf(stuck[i]) + "\n";
    }
    if (stuck.size() > kStuckShownMax) body += fmt::format("and {} more\n", stuck.size() - kStuckShownMax);
  }
  return TextResponse(200, std::move(body));
}

Task<http::Response> AdminGateway::Handle(const http::Request& request) {
  if (request.method == "GET" && request.target == "/health") co_return TextResponse(200, "ok\n");
  if (request.method == "GET" && request.target == "/ready") co_return AnswerReady();
  const access::SignedRequest to_verify{request.method, request.target, request.headers, request.body};
  auto verified = authenticator_.Verify(to_verify);
  if (!verified.ok()) co_return RefuseSender(request, verified.error(), ClaimedKey(verified.error()));
  if (!MayAdminister(verified->principal)) {
    const Error denied(ErrorCode::kAccessDenied, "These credentials don't belong to an operator.");
    co_return RefuseSender(request, denied, verified->principal.access_key_id);
  }
  std::string_view target = request.Header("x-amz-target");
  if (request.method != "POST" || !target.starts_with(kTargetPrefix))
    co_return Refuse(
        {ErrorCode::kUnknownOperation, "The admin API takes POST with X-Amz-Target: Insula_20261123.OPERATION"});
  target.remove_prefix(kTargetPrefix.size());
  auto answer = co_await api_.Handle(std::string(target), std::string(request.body));
  co_return JsonResponse(std::move(answer));
}

}  // namespace insula::admin
