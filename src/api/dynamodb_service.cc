#include "api/dynamodb_service.h"

#include <optional>
#include <string>
#include <utility>

#include "http/content_coding.h"
#include "operations/read_memory.h"
#include "tenancy/identity/context_key.h"
#include "wire/json_reader.h"
#include "wire/request_memory.h"

namespace insula::api {
namespace {

constexpr std::string_view kJson10 = "application/x-amz-json-1.0";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kDynamoDb = "DynamoDB_20120810.";
constexpr std::string_view kDynamoDbStreams = "DynamoDBStreams_20120810.";

// Smaller bodies come to no more than their connection is charged anyway.
constexpr std::size_t kUncountedBodyMax = 1024;

// What a request for one item comes to, with its answer. Too many requests are of that kind to charge each of them
// while there is plenty; once memory gets short every request is asked whose it is.
constexpr std::size_t kItemBytes = 1024 * 1024;

bool IsShort(const MemoryBudget* budget) {
  return budget != nullptr && budget->held() + budget->taken_elsewhere() > budget->bytes_max() / 2;
}

Asked TableOperation(operations::ApiService service, std::string_view name) {
  const operations::Operation* found = operations::Api::Find(service, name);
  return {.operation = name, .known = found != nullptr, .table_operation = found};
}

}  // namespace

bool DynamoDbService::Takes(std::string_view media_type) const { return media_type == kJson10 || media_type == kJson; }

std::string_view DynamoDbService::AnswersIn(std::string_view media_type) const {
  return media_type == kJson10 ? kJson10 : kJson;
}

Asked DynamoDbService::Find(const http::Request& request) const {
  const std::string_view target = request.Header("x-amz-target");
  if (target.starts_with(kDynamoDb)) {
    return TableOperation(operations::ApiService::kDynamoDb, target.substr(kDynamoDb.size()));
  }
  if (target.starts_with(kDynamoDbStreams)) {
    return TableOperation(operations::ApiService::kDynamoDbStreams, target.substr(kDynamoDbStreams.size()));
  }
  if (!target.starts_with(operations::kObjectsTarget)) return {};
  const std::string_view name = target.substr(operations::kObjectsTarget.size());
  return {.operation = name, .known = operations::IsObjectOperation(name)};
}

operations::ApiResponse DynamoDbService::Refuse(const http::Request& request, const Asked&, const Error& error) const {
  // Looked at only where something else is wrong: an operation reads its body itself.
  const bool plain = request.Header("content-encoding").empty();
  if (plain && !request.body.empty() && !wire::JsonDocument::Parse(request.body).ok()) {
    return operations::ErrorResponse(Error(ErrorCode::kSerialization, ""));
  }
  return operations::ErrorResponse(error);
}

bool DynamoDbService::Charge(const http::Request& request, std::string_view operation, std::string_view body,
                             const tenancy::Context& context) {
  if (request.memory == nullptr) return true;
  std::size_t bytes = operations::ReadMemoryOf(operation);
  if (body.size() > kUncountedBodyMax) bytes += wire::RequestMemoryOf(body);
  if (bytes < kItemBytes && IsShort(options_.memory)) bytes = kItemBytes;
  if (bytes == 0) return true;
  if (bytes > MemoryBudget::kSmallBytes) request.memory->SetTenant(tenants_.Of(tenancy::KeyOf(context)));
  return request.memory->Grow(bytes);
}

Task<operations::ApiResponse> DynamoDbService::Perform(const http::Request& request, Asked asked,
                                                       const operations::Caller* caller) {
  if (asked.table_operation == nullptr) {
    tenancy::Context context = caller->context;
    co_return co_await operations::HandleObjectOperation(options_.objects, asked.operation, request.body,
                                                         std::move(context));
  }
  const operations::Operation& operation = *asked.table_operation;
  const std::string_view header = request.Header("content-encoding");
  const std::optional<http::ContentCoding> coding = http::ContentCodingOf(header);
  if (!coding) {
    co_return operations::ErrorResponse(
        Error(ErrorCode::kSerialization, "Content-Encoding '" + std::string(header) +
                                             "' is not supported. A request body may be sent as it is, or in gzip or "
                                             "deflate"));
  }
  if (*coding == http::ContentCoding::kIdentity) {
    if (!Charge(request, operation.name, request.body, caller->context))
      co_return operations::ErrorResponse(ServerBusy());
    co_return co_await api_.Handle(operation, request.body, *caller, request.memory);
  }
  if (request.memory != nullptr) request.memory->SetTenant(tenants_.Of(tenancy::KeyOf(caller->context)));
  // A few kilobytes may be megabytes inside: never on the event loop.
  Task<Result<std::string>> decoding = http::Decode(*coding, request.body, options_.body_bytes_max, request.memory);
  Task<Result<std::string>> elsewhere =
      options_.compute == nullptr ? std::move(decoding) : options_.compute->Run(std::move(decoding));
  const Result<std::string> body = co_await std::move(elsewhere);
  if (!body.ok()) co_return operations::ErrorResponse(body.error());
  if (!Charge(request, operation.name, *body, caller->context)) co_return operations::ErrorResponse(ServerBusy());
  Task<operations::ApiResponse> answer = api_.Handle(operation, *body, *caller, request.memory);
  if (options_.compute == nullptr || body->size() <= kBytesPerTurnMax) co_return co_await std::move(answer);
  co_return co_await options_.compute->Run(std::move(answer));
}

std::string_view DynamoDbService::ErrorNameIn(std::string_view body) const {
  const std::size_t hash = body.find('#');
  if (!body.starts_with(R"({"__type":")") || hash == std::string_view::npos) return {};
  return body.substr(hash + 1, body.find('"', hash) - hash - 1);
}

}  // namespace insula::api
