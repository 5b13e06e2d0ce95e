#include "app/gateway.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "app/request_id.h"
#include "base/crc32.h"
#include "http/content_coding.h"
#include "operations/read_memory.h"
#include "tenancy/identity/context_key.h"
#include "wire/json_reader.h"
#include "wire/request_memory.h"

namespace insula::app {
namespace {

constexpr std::string_view kJson10 = "application/x-amz-json-1.0";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kDynamoDb = "DynamoDB_20120810.";
constexpr std::string_view kDynamoDbStreams = "DynamoDBStreams_20120810.";

// What scripts in browsers may read of an answer's headers.
constexpr std::string_view kExposedHeaders = "x-amzn-RequestId,x-amz-crc32,Content-Encoding,Content-Length,Date";

// Smaller bodies come to no more than their connection is charged anyway.
constexpr std::size_t kUncountedBodyMax = 1024;

// What a request for one item comes to, with its answer. Too many requests are of that kind to charge each of them
// while there is plenty; once memory gets short every request is asked whose it is.
constexpr std::size_t kItemBytes = 1024 * 1024;

bool IsShort(const MemoryBudget* budget) {
  return budget != nullptr && budget->held() + budget->taken_elsewhere() > budget->bytes_max() / 2;
}

// Shorter answers fit a packet or two as they are.
constexpr std::size_t kCompressedBytesMin = 4096;

// A checksum passes a byte in a nanosecond or less.
constexpr std::size_t kChecksumBytesPerTurnMax = 8 * kBytesPerTurnMax;

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "application/json" of "application/json; charset=utf-8".
std::string_view MediaType(std::string_view content_type) {
  return Trim(content_type.substr(0, content_type.find(';')));
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

// The error's name in {"__type":"prefix#Name",…}.
std::string_view ErrorNameIn(std::string_view body) {
  const std::size_t hash = body.find('#');
  if (!body.starts_with(R"({"__type":")") || hash == std::string_view::npos) return {};
  return body.substr(hash + 1, body.find('"', hash) - hash - 1);
}

}  // namespace

Gateway::Gateway(GatewayOptions options, const access::Authenticator* authenticator, const tenancy::Catalog& catalog,
                 operations::Api& api)
    : options_(std::move(options)), authenticator_(authenticator), catalog_(catalog), api_(api) {
  INSULA_CHECK(authenticator_ != nullptr || options_.anonymous.has_value());
}

Result<operations::Caller> Gateway::Identify(const http::Request& request) const {
  const access::SignedRequest to_verify{request.method, request.target, request.headers, request.body};
  if (options_.anonymous) {
    INSULA_TRY(access::Authenticator::CheckForm(to_verify));
    INSULA_ASSIGN(tenancy::Context context, catalog_.ContextOf(*options_.anonymous));
    return operations::Caller{std::move(context), {}, request.remote_address};
  }
  INSULA_ASSIGN(access::Authenticated authenticated, authenticator_->Verify(to_verify));
  access::Principal& principal = authenticated.principal;
  Result<tenancy::Context> context = ContextOf(principal);
  if (!context.ok()) return access::RefusedAs(context.error(), std::move(principal));
  return operations::Caller{*std::move(context), std::move(principal.access_key_id), request.remote_address};
}

Gateway::RefusedCaller::RefusedCaller(const Error& error) {
  const auto* sender = dynamic_cast<const access::RefusedSender*>(error.detail());
  if (sender == nullptr) return;
  access_key_id = sender->access_key_id;
  if (!sender->proved) return;
  if (const auto* who = std::get_if<access::ContextPrincipal>(&sender->proved->who)) {
    ContextNames names = who->names;
    if (who->acting) names.tenant.reset();
    context = tenancy::KeyOf(names);
  }
}

Result<tenancy::Context> Gateway::ContextOf(const access::Principal& principal) const {
  if (const auto* names = std::get_if<access::ContextPrincipal>(&principal.who)) {
    return catalog_.ContextOf(names->names);
  }
  return catalog_.OperatorContextOf(std::get<access::OperatorPrincipal>(principal.who).account);
}

bool Gateway::Charge(const http::Request& request, std::string_view operation, std::string_view body,
                     const tenancy::Context& context) {
  if (request.memory == nullptr) return true;
  std::size_t bytes = operations::ReadMemoryOf(operation);
  if (body.size() > kUncountedBodyMax) bytes += wire::RequestMemoryOf(body);
  if (bytes < kItemBytes && IsShort(options_.memory)) bytes = kItemBytes;
  if (bytes == 0) return true;
  if (bytes > MemoryBudget::kSmallBytes) request.memory->SetTenant(tenants_.Of(tenancy::KeyOf(context)));
  return request.memory->Grow(bytes);
}

std::optional<http::Response> Gateway::AnswerPlain(const http::Request& request, bool has_body) const {
  const std::string_view content_type = MediaType(request.Header("content-type"));
  if (request.method == "POST" && (!has_body || content_type == kJson10 || content_type == kJson)) return std::nullopt;
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

Task<operations::ApiResponse> Gateway::Perform(const http::Request& request, const operations::Operation& operation,
                                               const operations::Caller& caller) {
  const std::string_view header = request.Header("content-encoding");
  const std::optional<http::ContentCoding> coding = http::ContentCodingOf(header);
  if (!coding) {
    co_return operations::ErrorResponse(
        Error(ErrorCode::kSerialization, "Content-Encoding '" + std::string(header) +
                                             "' is not supported. A request body may be sent as it is, or in gzip or "
                                             "deflate"));
  }
  if (*coding == http::ContentCoding::kIdentity) {
    if (!Charge(request, operation.name, request.body, caller.context))
      co_return operations::ErrorResponse(ServerBusy());
    co_return co_await api_.Handle(operation, request.body, caller, request.memory);
  }
  if (request.memory != nullptr) request.memory->SetTenant(tenants_.Of(tenancy::KeyOf(caller.context)));
  // A few kilobytes may be megabytes inside: never on the event loop.
  Task<Result<std::string>> decoding = http::Decode(*coding, request.body, options_.body_bytes_max, request.memory);
  Task<Result<std::string>> elsewhere =
      options_.compute == nullptr ? std::move(decoding) : options_.compute->Run(std::move(decoding));
  const Result<std::string> body = co_await std::move(elsewhere);
  if (!body.ok()) co_return operations::ErrorResponse(body.error());
  if (!Charge(request, operation.name, *body, caller.context)) co_return operations::ErrorResponse(ServerBusy());
  Task<operations::ApiResponse> answer = api_.Handle(operation, *body, caller, request.memory);
  if (options_.compute == nullptr || body->size() <= kBytesPerTurnMax) co_return co_await std::move(answer);
  co_return co_await options_.compute->Run(std::move(answer));
}

Task<operations::ApiResponse> Gateway::Dispatch(const http::Request& request, std::string_view* operation,
                                                std::optional<operations::Caller>* caller, RefusedCaller* refused) {
  const auto refuse = [&request](const Error& error) {
    // Looked at only where something else is wrong: an operation reads its body itself.
    const bool plain = request.Header("content-encoding").empty();
    if (plain && !request.body.empty() && !wire::JsonDocument::Parse(request.body).ok()) {
      return operations::ErrorResponse(Error(ErrorCode::kSerialization, ""));
    }
    return operations::ErrorResponse(error);
  };
  const std::string_view target = request.Header("x-amz-target");
  auto service = operations::ApiService::kDynamoDb;
  if (target.starts_with(kDynamoDb)) {
    *operation = target.substr(kDynamoDb.size());
  } else if (target.starts_with(kDynamoDbStreams)) {
    *operation = target.substr(kDynamoDbStreams.size());
    service = operations::ApiService::kDynamoDbStreams;
  }
  const bool of_objects = target.starts_with(operations::kObjectsTarget);
  if (of_objects) *operation = target.substr(operations::kObjectsTarget.size());
  const operations::Operation* found = of_objects ? nullptr : operations::Api::Find(service, *operation);
  if (of_objects ? !operations::IsObjectOperation(*operation) : found == nullptr) {
    co_return refuse(Error(ErrorCode::kUnknownOperation, ""));
  }
  Result<operations::Caller> identified = Identify(request);
  if (!identified.ok()) {
    *refused = RefusedCaller(identified.error());
    co_return refuse(identified.error());
  }
  caller->emplace(std::move(identified).value());
  if (of_objects) {
    tenancy::Context context = (*caller)->context;
    co_return co_await operations::HandleObjectOperation(options_.objects, *operation, request.body,
                                                         std::move(context));
  }
  co_return co_await Perform(request, *found, **caller);
}

Task<http::Response> Gateway::Handle(const http::Request& request) {
  if (options_.compute == nullptr || request.body.size() <= kBytesPerTurnMax) return Answer(request);
  return options_.compute->Run(Answer(request));
}

Task<http::Response> Gateway::Answer(const http::Request& request) {
  const SteadyTime started = options_.access_log ? std::chrono::steady_clock::now() : SteadyTime();
  const RequestId id = RequestId::Draw();
  const std::string_view content_type = MediaType(request.Header("content-type"));
  std::string_view operation;
  std::optional<operations::Caller> caller;
  RefusedCaller refused;
  http::Response response;
  std::string cause;
  if (auto plain = AnswerPlain(request, !request.body.empty())) {
    response = std::move(*plain);
  } else {
    operations::ApiResponse answer = co_await Dispatch(request, &operation, &caller, &refused);
    response.status = answer.status;
    response.body = std::move(answer.body);
    cause = std::move(answer.cause);
    response.headers.emplace_back("Content-Type", content_type == kJson10 ? kJson10 : kJson);
  }
  std::string error;
  if (options_.access_log && response.status != 200) error = ErrorNameIn(response.body);
  co_await Compress(request, options_.compute, &response);
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
    const std::string context = caller ? tenancy::KeyOf(caller->context) : refused.context;
    AccessRecord record;
    record.request_id = id.view();
    record.remote_address = request.remote_address;
    record.refused = !caller.has_value();
    record.access_key_id = caller ? caller->access_key_id : refused.access_key_id;
    record.context = context;
    record.operation = operation;
    record.error = error;
    record.cause = cause;
    record.status = response.status;
    record.duration = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
    record.request_bytes = request.body.size();
    record.response_bytes = response.body.size();
    options_.access_log(record);
  }
  co_return response;
}

std::optional<http::Response> Gateway::CheckHeader(const http::Request& request) {
  const std::string_view target = request.Header("x-amz-target");
  const bool streams = target.starts_with(kDynamoDbStreams);
  const std::string_view operation = target.substr(std::min(target.size(), target.find('.') + 1));
  const auto service = streams ? operations::ApiService::kDynamoDbStreams : operations::ApiService::kDynamoDb;
  const auto claim = [&]() -> Result<std::string> {
    if (request.method != "POST" || (!streams && !target.starts_with(kDynamoDb)) ||
        operations::Api::Find(service, operation) == nullptr) {
      return Error(ErrorCode::kUnknownOperation, "");
    }
    const access::SignedRequest header{request.method, request.target, request.headers, {}};
    if (options_.anonymous) {
      INSULA_TRY(access::Authenticator::CheckForm(header));
      return std::string();
    }
    INSULA_ASSIGN(const access::Authenticated claimed, authenticator_->ReadClaim(header));
    INSULA_ASSIGN(const tenancy::Context context, ContextOf(claimed.principal));
    return tenancy::KeyOf(context);
  };
  http::Response response;
  RefusedCaller refused;
  const RequestId id = RequestId::Draw();
  if (std::optional<http::Response> plain = AnswerPlain(request, true)) {
    response = std::move(*plain);
  } else {
    const Result<std::string> claimed = claim();
    if (claimed.ok()) {
      if (request.memory != nullptr) request.memory->SetTenant(tenants_.Of(*claimed));
      return std::nullopt;
    }
    refused = RefusedCaller(claimed.error());
    operations::ApiResponse refusal = operations::ErrorResponse(claimed.error());
    response.status = refusal.status;
    response.body = std::move(refusal.body);
    response.headers.emplace_back("Content-Type", kJson10);
  }
  response.headers.emplace_back("x-amzn-RequestId", id.view());
  AddChecksum(&response);
  if (!request.Header("origin").empty()) AllowOtherOrigins(&response);
  if (options_.access_log) {
    AccessRecord record;
    record.request_id = id.view();
    record.remote_address = request.remote_address;
    record.refused = true;
    record.access_key_id = refused.access_key_id;
    record.operation = operation;
    record.error = ErrorNameIn(response.body);
    record.status = response.status;
    record.response_bytes = response.body.size();
    options_.access_log(record);
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
    response.headers.emplace_back("Content-Type", kJson10);
  } else {
    response.body = std::string(reason) + "\n";
    response.headers.emplace_back("Content-Type", "text/plain");
  }
  response.headers.emplace_back("x-amzn-RequestId", RequestId::Draw().view());
  AddChecksum(&response);
  AllowOtherOrigins(&response);  // where the request came from may not have been read
  return response;
}

}  // namespace insula::app
