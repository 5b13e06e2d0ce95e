// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
#include "operations/tables/table_operations.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {
constexpr std::int64_t kNamesPerPageMax = 100;
}

Task<Result<std::string>> ListTables(Call& call) {
  wire::StructureView input = call.input();
  auto limit = static_cast<std::size_t>(input.Integer("Limit").value_or(kNamesPerPageMax));
  tenancy::TableNames names =
      call.services.catalog.List(call.context(), input.String("ExclusiveStartTableName").value_or(""), limit);

  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("TableNames");
  writer.BeginArray();
  for (const std::string& name : names.names) writer.String(name);
  writer.EndArray();
  if (names.last_evaluated) writer.StringField("LastEvaluatedTableName", *names.last_evaluated);
  writer.EndObject();
  co_return body;
}

}  // namespace insula::operations
