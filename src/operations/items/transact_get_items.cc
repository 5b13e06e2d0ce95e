// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "operations/core/key_checks.h"
#include "operations/core/open_tables.h"
#include "operations/core/read_projection.h"
#include "operations/items/item_operations.h"
#include "operations/items/transaction.h"
#include "rules/item_rules.h"
#include "storage/engine.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

struct Get {
  std::string_view table_name;
  AttributeMap key;
  std::optional<expression::ProjectionList> projection;
  std::size_t table = 0;  // in OpenTables
};

Result<std::vector<Get>> DecodeGets(wire::StructureView input) {
  auto items = input.Structures("TransactItems");
  std::vector<Get> gets;
  gets.reserve(items->size());
  for (wire::StructureView item : *items) {
    std::optional<wire::StructureView> given = item.Structure("Get");
    if (!given) {
      return ValidationError(
          fmt::format("1 validation error detected: Value null at 'transactItems.{}.member.get' failed to satisfy "
                      "constraint: Member must not be null",
                      gets.size() + 1));
    }
    wire::StructureView get_input = *given;
    Get get;
    get.table_name = *get_input.String("TableName");
    INSULA_TRY(CheckProjectionParameters(get_input, false));
    INSULA_ASSIGN(get.key, wire::DecodeItem(get_input.Json("Key"), get_input.values()));
    INSULA_ASSIGN(get.projection, DecodeProjection(get_input, false));
    gets.push_back(std::move(get));
  }
  return gets;
}

Result<std::vector<ItemAsked>> Resolve(std::vector<Get>& gets, OpenTables& tables) {
  for (Get& get : gets) {
    const ItemNamerOf names([&get](NamedItems* named) {
      named->AddItem(get.key);
      named->AddProjection(get.projection);
    });
    INSULA_ASSIGN(get.table, tables.Open(get.table_name, {Access::kRead, "GetItem", names}));
  }
  auto table_of = [&](const Get& get) -> const tenancy::Table& { return *tables[get.table]; };
  for (const Get& get : gets) INSULA_TRY(rules::CheckNoEmptyKey(get.key, *table_of(get).definition.schema, false));

  std::vector<ItemAsked> asked;
  std::vector<CancellationReason> reasons(gets.size());
  DistinctItems distinct;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    const tenancy::Table& table = table_of(gets[i]);
    Result<PrimaryKey> key = KeyFrom(std::move(gets[i].key), table.definition.schema->key);
    if (key.ok()) {
      if (Result<void> paths = CheckProjection(gets[i].projection, *table.definition.schema); !paths.ok()) {
        reasons[i] = ValidationReason(paths.error());
        continue;
      }
      distinct.Add(table, *key);
      asked.push_back({gets[i].table, std::move(key).value(), true});
    } else {
      reasons[i] = ValidationReason(key.error());
    }
  }
  if (asked.size() < gets.size()) return TransactionCancelled(std::move(reasons));
  INSULA_TRY(distinct.Check());
  return asked;
}

std::string Respond(const Call& call, const std::vector<Get>& gets, const OpenTables& tables,
                    const std::vector<storage::MaybeItem>& items) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("Responses");
  writer.BeginArray();
  for (std::size_t i = 0; i < gets.size(); ++i) {
    writer.BeginObject();
    // Unlike GetItem, this shows no item where the projection leaves nothing of it.
    const bool projected = items[i] && gets[i].projection;
    const EncodedItem shown = projected ? gets[i].projection->Apply(*items[i]) : EncodedItem();
    if (items[i] && !(projected && shown.size() == 0)) {
      writer.Key("Item");
      wire::WriteItem(projected ? shown : *items[i], &writer);
    }
    writer.EndObject();
  }
  writer.EndArray();
  WriteConsumed(call, tables, true, &writer);
  writer.EndObject();
  return body;
}

}  // namespace

Task<Result<std::string>> TransactGetItems(Call& call) {
  INSULA_CO_ASSIGN(std::vector<Get> gets, DecodeGets(call.input()));
  OpenTables tables(call);
  INSULA_CO_ASSIGN(std::vector<ItemAsked> asked, Resolve(gets, tables));
  INSULA_CO_ASSIGN(std::vector<storage::MaybeItem> items, co_await ReadTransaction(tables, std::move(asked)));
  const auto write = [&] { return Respond(call, gets, tables, items); };
  co_return co_await call.Answer(EachOf(items), write);
}

}  // namespace insula::operations
