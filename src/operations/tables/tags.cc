// TagResource, UntagResource and ListTagsOfResource, of tables.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
#include <fmt/format.h>

#include <functional>
#include <utility>

#include "operations/core/refusal.h"
#include "operations/core/table_handle.h"
#include "operations/tables/resource_arn.h"
#include "operations/tables/settings_rules.h"
#include "operations/tables/table_input.h"
#include "operations/tables/table_operations.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

Result<std::string> ArnOf(const Call& call) {
  std::optional<std::string_view> arn = call.input().String("ResourceArn");
  if (!arn) return ValidationError("Invalid TableArn");
  return std::string(*arn);
}

Error MissingMember(std::string_view member) {
  return ValidationError(fmt::format(
      "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must not be null", member));
}

// A table that is being made isn't there yet.
Result<TableHandle> FindTagged(const Call& call, const std::string& arn, Access access) {
  const auto not_found = [&] {
    return Error(ErrorCode::kResourceNotFound,
                 fmt::format("Requested resource not found: ResourceArn: {} not found", arn));
  };
  Result<TableHandle> found = TableHandle::Find(call, arn);
  // What is refused for its form names something else, such as a stream.
  if (!found.ok()) return found.error().code() == ErrorCode::kAccessDenied ? found : not_found();
  const TableDefinition& definition = (**found).definition;
  if (definition.status == TableStatus::kCreating) return not_found();
  if (access == Access::kRead) return found;
  INSULA_TRY(Authorize(call, **found, access));
  if (definition.status == TableStatus::kDeleting) return InUse("Table is being deleted: {}", definition.name);
  return found;
}

Task<Result<std::string>> ChangeTags(Call& call, std::string table,
                                     std::function<Result<void>(TableDefinition&)> change) {
  tenancy::Context context = call.context();
  std::string action = fmt::format("dynamodb:{}", call.operation);
  Result<tenancy::TablePtr> updated = co_await call.services.catalog.UpdateTable(std::move(context), std::move(table),
                                                                                 std::move(change), std::move(action));
  if (!updated.ok()) co_return std::move(updated).error();
  co_return std::string();  // an empty body
}

}  // namespace

Task<Result<std::string>> TagResource(Call& call) {
  INSULA_CO_ASSIGN(std::string arn, ArnOf(call));
  auto list = call.input().Structures("Tags");
  if (!list) co_return MissingMember("tags");
  INSULA_CO_TRY(CheckTableArn(arn, call.services.options.region));
  if (list->empty()) co_return ValidationError("Atleast one Tag needs to be provided as Input.");
  Tags tags = ReadTags(*list);
  INSULA_CO_TRY(CheckTags(tags));
  INSULA_CO_ASSIGN(TableHandle table, FindTagged(call, arn, Access::kWrite));
  std::function<Result<void>(TableDefinition&)> change = [tags](TableDefinition& definition) {
    for (const auto& [key, value] : tags) definition.tags.insert_or_assign(key, *value);
    return CheckTagCount(definition.tags);
  };
  co_return co_await ChangeTags(call, table->definition.name, std::move(change));
}

Task<Result<std::string>> UntagResource(Call& call) {
  INSULA_CO_ASSIGN(std::string arn, ArnOf(call));
  auto keys = call.input().Strings("TagKeys");
  if (!keys) co_return MissingMember("tagKeys");
  INSULA_CO_TRY(CheckTableArn(arn, call.services.options.region));
  if (keys->empty()) co_return ValidationError("Atleast one Tag Key needs to be provided as Input.");
  INSULA_CO_TRY(CheckTagKeys(*keys));
  INSULA_CO_ASSIGN(TableHandle table, FindTagged(call, arn, Access::kWrite));
  std::function<Result<void>(TableDefinition&)> change = [keys = *keys](TableDefinition& definition) -> Result<void> {
    for (const std::string& key : keys) definition.tags.erase(key);
    return {};
  };
  co_return co_await ChangeTags(call, table->definition.name, std::move(change));
}

// All of a table's tags, at most 50, are one page: nobody was ever given a NextToken, and any begins anew, as in
// DynamoDB.
Task<Result<std::string>> ListTagsOfResource(Call& call) {
  INSULA_CO_ASSIGN(std::string arn, ArnOf(call));
  INSULA_CO_TRY(CheckTableArn(arn, call.services.options.region));
  INSULA_CO_ASSIGN(TableHandle table, FindTagged(call, arn, Access::kRead));
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("Tags");
  writer.BeginArray();
  for (const auto& [key, value] : table->definition.tags) {
    writer.BeginObject();
    writer.StringField("Key", key);
    writer.StringField("Value", value);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
