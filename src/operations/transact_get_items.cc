// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "operations/capacity.h"
#include "operations/item_operations.h"
#include "operations/key_checks.h"
#include "operations/pooled_table.h"
#include "operations/read_projection.h"
#include "operations/transaction.h"
#include "storage/engine.h"
#include "storage/item_rules.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

struct Get {
  std::string_view table_name;
  AttributeMap key;
  std::optional<expression::ProjectionList> projection;
  std::size_t table = 0;  // in TransactionTables
};

Result<std::vector<Get>> Decode(wire::StructureView input) {
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
    INSULA_ASSIGN(get.key, wire::DecodeItem(get_input.Json("Key")));
    INSULA_ASSIGN(get.projection, DecodeProjection(get_input, false));
    gets.push_back(std::move(get));
  }
  return gets;
}

Result<std::vector<ItemPlace>> Resolve(const Call& call, std::vector<Get>& gets, TransactionTables& tables) {
  for (Get& get : gets) {
    INSULA_ASSIGN(get.table, tables.Find(get.table_name, Access::kRead, "GetItem"));
  }
  auto table_of = [&](const Get& get) -> const tenancy::Table& { return *tables.tables()[get.table].table; };
  for (const Get& get : gets) INSULA_TRY(storage::CheckNoEmptyKey(get.key, *table_of(get).definition.schema, false));

  std::vector<ItemPlace> places;
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
      INSULA_ASSIGN(ItemPlace place, PlaceOf(call, table, std::move(key).value(), true));
      places.push_back(std::move(place));
    } else {
      reasons[i] = ValidationReason(key.error());
    }
  }
  if (places.size() < gets.size()) return Cancelled(std::move(reasons));
  INSULA_TRY(distinct.Check());
  return places;
}

std::string Respond(const Call& call, const std::vector<Get>& gets, const TransactionTables& tables,
                    const std::vector<storage::MaybeItem>& items, const std::vector<ConsumedCapacity>& consumed) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("Responses");
  writer.BeginArray();
  for (std::size_t i = 0; i < gets.size(); ++i) {
    writer.BeginObject();
    if (items[i]) {
      writer.Key("Item");
      WriteProjected(*items[i], gets[i].projection, &writer);
    }
    writer.EndObject();
  }
  writer.EndArray();
  WriteConsumed(call, tables, consumed, true, &writer);
  writer.EndObject();
  return body;
}

}  // namespace

Task<Result<std::string>> TransactGetItems(Call& call) {
  INSULA_CO_ASSIGN(std::vector<Get> gets, Decode(call.input()));
  TransactionTables tables(call);
  INSULA_CO_ASSIGN(std::vector<ItemPlace> places, Resolve(call, gets, tables));
  INSULA_CO_ASSIGN(std::vector<storage::MaybeItem> items, co_await ReadTransaction(call, std::move(places)));
  std::vector<std::size_t> table_of;
  for (const Get& get : gets) table_of.push_back(get.table);
  std::vector<ConsumedCapacity> consumed = MeterTransactionReads(call, tables, table_of, items);

  std::size_t bytes = 0;
  for (const storage::MaybeItem& item : items) bytes += item ? item->bytes().size() : 0;
  const auto write = [&] { return Respond(call, gets, tables, items, consumed); };
  co_return co_await call.Answer(bytes, write);
}

}  // namespace insula::operations
