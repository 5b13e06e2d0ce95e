#include "api/gateway.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "access/canonical_request.h"
#include "api/request_id.h"
#include "base/check.h"
#include "base/crc32.h"
#include "http/content_coding.h"
#include "tenancy/identity/context_key.h"

namespace insula::api {
namespace {

constexpr std::string_view kErrorType = "application/x-amz-json-1.0";

// What scripts in browsers may read of an answer's headers.
constexpr std::string_view kExposedHeaders = "x-amzn-RequestId,x-amz-crc32,Content-Encoding,Content-Length,Date";

// Shorter answers fit a packet or two as they are.
constexpr std::size_t kCompressedBytesMin = 4096;

// A checksum passes a byte in a nanosecond or less.
constexpr std::size_t kChecksumBytesPerTurnMax = 8 * kBytesPerTurnMax;

// "application/json" of "application/json; charset=utf-8".
std::string_view MediaType(std::string_view content_type) {
  return access::TrimSpace(content_type.substr(0, content_type.find(';')));
}

http::Response TextResponse(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

void AddChecksum(http::Response* response) {
  char digits[10];
  const auto end = std::to_chars(digits, digits + sizeof(digits), Crc32(response->body)).ptr;
  response->headers.emplace_back("x-amz-crc32", std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

Task<void> Compress(const http::Request& request, ComputePool* compute, http::Response* response) {
  if (response->body.size() < kCompressedBytesMin) co_return;
  const http::ContentCoding coding = http::AcceptedCoding(request.Header("accept-encoding"));
  if (coding == http::ContentCoding::kIdentity) co_return;
  Task<std::optional<std::string>> encoding = http::Encode(coding, response->body);
  std::optional<std::string> coded;
  if (compute != nullptr && response->body.size() > kBytesPerTurnMax) {
    coded = co_await compute->Run(std::move(encoding));
  } else {
    coded = co_await std::move(encoding);
  }
  if (!coded) co_return;
  response->body = std::move(*coded);
  response->headers.emplace_back("Content-Encoding", http::NameOf(coding));
}

void AllowOtherOrigins(http::Response* response) {
  response->headers.emplace_back("Access-Control-Allow-Origin", "*");
  response->headers.emplace_back("Access-Control-Expose-Headers", kExposedHeaders);
}

}  // namespace

Gateway::Gateway(GatewayOptions options, CallerFinder callers, Services services, TenantMemory& tenants)
    : options_(std::move(options)), callers_(std::move(callers)), services_(std::move(services)), tenants_(tenants) {
  INSULA_CHECK(!services_.empty());
  front_scope_ = "/" + std::string(services_.front()->name()) + "/aws4_request";
}

Service* Gateway::ServiceFor(const http::Request& request, std::optional<std::string_view> media_type) const {
  // A signed GET is a URL that was made for somebody else to ask with: GetCallerIdentity's are well known.
  const bool is_url = request.method == "GET" && request.target.starts_with("/?");
  if (request.method != "POST" && !is_url) return nullptr;
  Service* service = services_.front().get();
  const bool says_front = request.Header("authorization").find(front_scope_) != std::string_view::npos;
  if (services_.size() > 1 && !says_front) {
    const std::string scope = access::ScopedService({request.method, request.target, request.headers, {}});
    const auto is_for = [&](const std::unique_ptr<Service>& other) {
      // Nobody signed it, which some operations ask for and the others refuse in their service's form.
      if (scope.empty()) return media_type && other->Takes(*media_type) && other->Find(request).known;
      return other->name() == scope;
    };
    const auto found = std::ranges::find_if(services_, is_for);
    if (found != services_.end()) service = found->get();
  }
  if (is_url && service == services_.front().get()) return nullptr;  // the port's own health checks
  return !media_type || service->Takes(*media_type) ? service : nullptr;
}

http::Response Gateway::AnswerPlain(const http::Request& request) const {
  if (request.method == "OPTIONS" && !request.Header("origin").empty()) {
    http::Response response = TextResponse(200, "");
    if (const auto headers = request.Header("access-control-request-headers"); !headers.empty()) {
      response.headers.emplace_back("Access-Control-Allow-Headers", headers);
    }
    if (const auto method = request.Header("access-control-request-method"); !method.empty()) {
      response.headers.emplace_back("Access-Control-Allow-Methods", method);
    }
    response.headers.emplace_back("Access-Control-Max-Age", "172800");
    return response;
  }
  if (request.method != "GET") return TextResponse(404, "<UnknownOperationException/>\n");
  if (request.target == "/health") return TextResponse(200, "ok\n");
  if (request.target == "/ready") {
    const bool ready = !options_.ready || options_.ready();
    return TextResponse(ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
  }
  // The space at the end is DynamoDB's.
  return TextResponse(200, "healthy: dynamodb." + options_.region + ".amazonaws.com ");
}

Task<operations::ApiResponse> Gateway::Dispatch(Service& service, const http::Request& request,
                                                std::string_view request_id, Known* known) {
  Asked& asked = known->asked;
  asked = service.Find(request);
  asked.request_id = request_id;
  if (!asked.known) co_return service.Refuse(request, asked, Error(ErrorCode::kUnknownOperation, ""));
  if (asked.is_unsigned) co_return co_await service.Perform(request, asked, nullptr);
  Result<operations::Caller> found = callers_.Find(request);
  if (!found.ok()) {
    known->refused = RefusedCaller(found.error());
    co_return service.Refuse(request, asked, found.error());
  }
  known->caller.emplace(std::move(found).value());
  known->caller->request_id = request_id;
  co_return co_await service.Perform(request, asked, &*known->caller);
}

Task<http::Response> Gateway::Handle(const http::Request& request) {
  if (options_.compute == nullptr || request.body.size() <= kBytesPerTurnMax) return Answer(request);
  return options_.compute->Run(Answer(request));
}

Task<http::Response> Gateway::Answer(const http::Request& request) {
  const SteadyTime started = options_.access_log ? std::chrono::steady_clock::now() : SteadyTime();
  const RequestId id = RequestId::Draw();
  const std::string_view media_type = MediaType(request.Header("content-type"));
  Known known;
  http::Response response;
  std::string cause;
  Service* service = ServiceFor(request, request.body.empty() ? std::nullopt : std::optional(media_type));
  if (service == nullptr) {
    response = AnswerPlain(request);
  } else {
    operations::ApiResponse answer = co_await Dispatch(*service, request, id.view(), &known);
    response.status = answer.status;
    response.body = std::move(answer.body);
    cause = std::move(answer.cause);
    response.headers.emplace_back("Content-Type", service->AnswersIn(media_type));
  }
  std::string error;
  if (options_.access_log && response.status != 200)
    error = service == nullptr ? "" : service->ErrorNameIn(response.body);
  co_await Compress(request, options_.compute, &response);
  const std::optional<operations::Caller>& caller = known.caller;
  response.sender_known = caller.has_value();
  // A long answer is its tenant's, too, until somebody has taken it.
  if (caller && request.memory != nullptr && response.body.size() > MemoryBudget::kSmallBytes &&
      !request.memory->has_tenant()) {
    request.memory->SetTenant(tenants_.Of(tenancy::KeyOf(caller->context)));
  }
  response.headers.emplace_back("x-amzn-RequestId", id.view());
  if (options_.compute != nullptr && response.body.size() > kChecksumBytesPerTurnMax) {
    auto add_checksum = [&response] {
      AddChecksum(&response);
      return true;
    };
    co_await options_.compute->Call(add_checksum);
  } else {
    AddChecksum(&response);
  }
  if (!request.Header("origin").empty()) AllowOtherOrigins(&response);
  if (options_.access_log && (options_.log_answered || response.status != 200)) {
    AccessRecord record;
    record.request_id = id.view();
    record.error = error;
    record.cause = cause;
    record.request_bytes = request.body.size();
    record.duration = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
    LogAnswer(request, known, response, record);
  }
  co_return response;
}

void Gateway::LogAnswer(const http::Request& request, const Known& known, const http::Response& response,
                        AccessRecord record) const {
  const std::optional<operations::Caller>& caller = known.caller;
  const std::string context = caller ? tenancy::KeyOf(caller->context) : known.refused.context;
  record.remote_address = request.remote_address;
  record.refused = !caller.has_value();
  record.access_key_id = caller ? caller->access_key_id : known.refused.access_key_id;
  record.context = context;
  if (record.cause.empty()) record.cause = known.refused.cause;
  record.operation = known.asked.operation;
  record.status = response.status;
  record.response_bytes = response.body.size();
  options_.access_log(record);
}

std::optional<http::Response> Gateway::CheckHeader(const http::Request& request) {
  const std::string_view media_type = MediaType(request.Header("content-type"));
  const RequestId id = RequestId::Draw();
  Known known;
  http::Response response;
  Service* service = ServiceFor(request, media_type);
  if (service == nullptr) {
    response = AnswerPlain(request);
  } else {
    known.asked = service->Find(request);
    const Result<std::string> claimed =
        known.asked.known ? callers_.ReadClaim(request) : Error(ErrorCode::kUnknownOperation, "");
    if (claimed.ok()) {
      if (request.memory != nullptr) request.memory->SetTenant(tenants_.Of(*claimed));
      return std::nullopt;
    }
    known.refused = RefusedCaller(claimed.error());
    known.asked.request_id = id.view();
    operations::ApiResponse refusal = service->Refuse(request, known.asked, claimed.error());
    response.status = refusal.status;
    response.body = std::move(refusal.body);
    response.headers.emplace_back("Content-Type", service->AnswersIn(media_type));
  }
  response.headers.emplace_back("x-amzn-RequestId", id.view());
  AddChecksum(&response);
  if (!request.Header("origin").empty()) AllowOtherOrigins(&response);
  if (options_.access_log) {
    AccessRecord record;
    record.request_id = id.view();
    if (service != nullptr) record.error = service->ErrorNameIn(response.body);
    LogAnswer(request, known, response, record);
  }
  return response;
}

http::Response Gateway::ErrorResponse(int status, std::string_view reason) {
  http::Response response;
  response.status = status;
  std::optional<ErrorCode> code;
  if (status == 413) {
    code = ErrorCode::kRequestTooLarge;
    response.chunked = true;  // as DynamoDB's is
  }
  if (status == 500) code = ErrorCode::kInternalServerError;
  if (status == 503) code = ErrorCode::kServiceUnavailable;
  if (code) {
    response.body = operations::ErrorResponse(Error(*code, std::string(reason))).body;
    response.headers.emplace_back("Content-Type", kErrorType);
  } else {
    response.body = std::string(reason) + "\n";
    response.headers.emplace_back("Content-Type", "text/plain");
  }
  response.headers.emplace_back("x-amzn-RequestId", RequestId::Draw().view());
  AddChecksum(&response);
  AllowOtherOrigins(&response);  // where the request came from may not have been read
  return response;
}

}  // namespace insula::api
