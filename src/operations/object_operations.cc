#include "operations/object_operations.h"

#include <utility>

#include "wire/json_reader.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

constexpr std::string_view kList = "ListObjects";
constexpr std::string_view kDelete = "DeleteObjects";

// A text that may be absent.
Result<std::string> Text(wire::JsonValue root, std::string_view name) {
  const wire::JsonValue value = root.Member(name);
  if (value.is_null()) return std::string();
  if (value.type() != wire::JsonType::kString) return ValidationError(std::string(name) + " must be a string");
  return std::string(value.string());
}

// Others are refused, so that a misspelt Prefix doesn't delete all.
Result<void> CheckMembers(wire::JsonValue root, std::initializer_list<std::string_view> members) {
  for (const auto& [name, value] : root.members()) {
    bool known = false;
    for (const std::string_view member : members) known = known || member == name;
    if (!known) return ValidationError("There is no parameter " + std::string(name));
  }
  return {};
}

Task<Result<std::string>> List(ObjectKeeper& keeper, wire::JsonValue root, tenancy::Context context) {
  INSULA_CO_TRY(CheckMembers(root, {"Bucket", "Prefix", "StartAfter"}));
  INSULA_CO_ASSIGN(std::string bucket, Text(root, "Bucket"));
  INSULA_CO_ASSIGN(std::string prefix, Text(root, "Prefix"));
  INSULA_CO_ASSIGN(std::string after, Text(root, "StartAfter"));
  INSULA_CO_ASSIGN(const ObjectListing listing,
                   co_await keeper.List(std::move(context), std::move(bucket), std::move(prefix), std::move(after)));
  co_return AnswerOf(listing);
}

Task<Result<std::string>> Delete(ObjectKeeper& keeper, wire::JsonValue root, tenancy::Context context) {
  INSULA_CO_TRY(CheckMembers(root, {"Bucket", "Prefix"}));
  INSULA_CO_ASSIGN(std::string bucket, Text(root, "Bucket"));
  INSULA_CO_ASSIGN(std::string prefix, Text(root, "Prefix"));
  INSULA_CO_ASSIGN(const DeletedObjects deleted,
                   co_await keeper.Delete(std::move(context), std::move(bucket), std::move(prefix)));
  co_return AnswerOf(deleted);
}

// What the store says of a name that can't be is for the one who gave it.
Error ForGiver(Error error) {
  if (error.code() == ErrorCode::kInvalidArgument) return ValidationError(error.message());
  return error;
}

}  // namespace

bool IsObjectOperation(std::string_view operation) { return operation == kList || operation == kDelete; }

Task<ApiResponse> HandleObjectOperation(ObjectKeeper* keeper, std::string_view operation, std::string_view body,
                                        tenancy::Context context) {
  if (keeper == nullptr) co_return ErrorResponse(ValidationError("This server has no place for objects"));
  const auto document = wire::JsonDocument::Parse(body);
  if (!document.ok() || document->root().type() != wire::JsonType::kObject) {
    co_return ErrorResponse(Error(ErrorCode::kSerialization, ""));
  }
  Task<Result<std::string>> work = operation == kList ? List(*keeper, document->root(), std::move(context))
                                                      : Delete(*keeper, document->root(), std::move(context));
  Result<std::string> answer = co_await std::move(work);
  if (!answer.ok()) co_return ErrorResponse(ForGiver(std::move(answer).error()));
  co_return ApiResponse{200, std::move(answer).value(), {}};
}

std::string AnswerOf(const ObjectListing& listing) {
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.Key("Objects");
  json.BeginArray();
  for (const ObjectListing::Object& object : listing.objects) {
    json.BeginObject();
    json.StringField("Bucket", object.bucket);
    json.StringField("Key", object.key);
    json.IntegerField("Bytes", static_cast<std::int64_t>(object.bytes));
    json.EndObject();
  }
  json.EndArray();
  json.BooleanField("More", listing.more);
  json.EndObject();
  return body;
}

std::string AnswerOf(const DeletedObjects& deleted) {
  std::string body;
  wire::JsonWriter json(&body);
  json.BeginObject();
  json.IntegerField("Deleted", static_cast<std::int64_t>(deleted.count));
  json.IntegerField("Bytes", static_cast<std::int64_t>(deleted.bytes));
  json.BooleanField("More", deleted.more);
  json.EndObject();
  return body;
}

}  // namespace insula::operations
