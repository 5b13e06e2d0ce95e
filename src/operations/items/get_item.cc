// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
#include <optional>
#include <utility>

#include "operations/core/key_checks.h"
#include "operations/core/read_projection.h"
#include "operations/core/table_handle.h"
#include "operations/items/item_operations.h"
#include "storage/engine.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

struct GetParameters {
  std::string_view table_name;
  AttributeMap key;
  bool consistent = false;
  std::optional<expression::ProjectionList> projection;
};

Result<GetParameters> DecodeGet(wire::StructureView input) {
  GetParameters parameters;
  parameters.table_name = *input.String("TableName");
  parameters.consistent = input.Boolean("ConsistentRead").value_or(false);
  INSULA_TRY(CheckProjectionParameters(input, true));
  INSULA_ASSIGN(parameters.key, wire::DecodeItem(input.Json("Key"), input.values()));
  INSULA_ASSIGN(parameters.projection, DecodeProjection(input, true));
  return parameters;
}

std::string Respond(wire::StructureView input, const GetParameters& parameters, const storage::MaybeItem& item,
                    const TableHandle& table) {
  std::string body;
  if (item) body.reserve(item->bytes().size() * 5 / 4 + 64);
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  if (item) {
    writer.Key("Item");
    WriteProjected(*item, parameters.projection, &writer);
  }
  if (ReturnCapacity mode = ReturnCapacityOf(input); mode != ReturnCapacity::kNone) {
    writer.Key("ConsumedCapacity");
    table.consumed().Write(mode, table.name(), table.schema(), false, &writer);
  }
  writer.EndObject();
  return body;
}

}  // namespace

Task<Result<std::string>> GetItem(Call& call) {
  wire::StructureView input = call.input();
  INSULA_CO_ASSIGN(GetParameters parameters, DecodeGet(input));
  const ItemNamerOf names([&parameters](NamedItems* named) {
    named->AddItem(parameters.key);
    named->AddProjection(parameters.projection);
  });
  INSULA_CO_ASSIGN(TableHandle table, TableHandle::Open(call, parameters.table_name, {Access::kRead, names}));
  INSULA_CO_ASSIGN(PrimaryKey key, KeyFrom(std::move(parameters.key), table.schema().key));
  INSULA_CO_TRY(CheckProjection(parameters.projection, table.schema()));

  Result<storage::MaybeItem> read = co_await table.Get(std::move(key), parameters.consistent);
  if (!read.ok()) co_return std::move(read).error();
  const storage::MaybeItem& item = *read;
  const auto write = [&] { return Respond(input, parameters, item, table); };
  if (!item || !call.IsLong(item->bytes().size())) co_return write();
  const auto each_item = [&item](const auto& take) { take(*item); };
  co_return co_await call.Answer(each_item, write);
}

}  // namespace insula::operations
