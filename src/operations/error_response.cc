// How an Error looks on the wire.
#include <fmt/format.h>

#include "base/printable.h"
#include "model/error_detail.h"
#include "operations/api.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

// Failures of our own inside that have no name in DynamoDB's language; what exactly happened is for the log.
Error ForClient(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kStorageFull:
      return {ErrorCode::kServiceUnavailable, "The service is temporarily unable to take writes."};
    case ErrorCode::kCorruption:
    case ErrorCode::kIo:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kNotFound:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kRefused:
      return {ErrorCode::kInternalServerError, "Internal server error"};
    default:
      return error;
  }
}

void WriteReasons(const CancellationDetail& detail, wire::JsonWriter* writer) {
  writer->Key("CancellationReasons");
  writer->BeginArray();
  for (const CancellationReason& reason : detail.reasons) {
    writer->BeginObject();
    writer->StringField("Code", reason.code);
    if (reason.item) {
      writer->Key("Item");
      wire::WriteItem(*reason.item, writer);
    }
    if (reason.message) writer->StringField("Message", *reason.message);
    writer->EndObject();
  }
  writer->EndArray();
}

// The coral framework's own errors say "Message", as do cancelled transactions.
std::string_view MessageMemberOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kSerialization:
    case ErrorCode::kAccessDenied:
    case ErrorCode::kTransactionCanceled:
      return "Message";
    default:
      return "message";
  }
}

}  // namespace

void EachItemOf(const Error& error, const std::function<void(const EncodedItem&)>& take) {
  if (auto* cancelled = dynamic_cast<const CancellationDetail*>(error.detail())) {
    for (const CancellationReason& reason : cancelled->reasons) {
      if (reason.item) take(*reason.item);
    }
  }
  if (auto* failed = dynamic_cast<const FailedItemDetail*>(error.detail()); failed != nullptr && failed->item) {
    take(*failed->item);
  }
}

ApiResponse ErrorResponse(const Error& original) {
  Error error = ForClient(original);
  const ErrorTraits& traits = TraitsOf(error.code());
  ApiResponse response;
  response.status = traits.http_status;
  wire::JsonWriter writer(&response.body);
  writer.BeginObject();
  writer.StringField("__type", fmt::format("{}#{}", traits.prefix, traits.name));
  if (error.code() != original.code()) response.cause = original.message();
  auto* failed = dynamic_cast<const FailedItemDetail*>(error.detail());
  if (failed != nullptr && !failed->item) failed = nullptr;
  if (!error.message().empty()) {
    // Beside an item it is "Message": LocalStack's snapshots of AWS have no `message` there.
    writer.StringField(failed != nullptr ? "Message" : MessageMemberOf(error.code()), Printable(error.message()));
  }
  if (auto* cancelled = dynamic_cast<const CancellationDetail*>(error.detail())) WriteReasons(*cancelled, &writer);
  if (failed != nullptr) {
    writer.Key("Item");
    wire::WriteItem(*failed->item, &writer);
  }
  writer.EndObject();
  return response;
}

}  // namespace insula::operations
