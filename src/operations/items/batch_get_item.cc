// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "operations/core/key_checks.h"
#include "operations/core/open_tables.h"
#include "operations/core/read_projection.h"
#include "operations/items/item_operations.h"
#include "operations/items/transaction.h"
#include "storage/engine.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

constexpr std::size_t kKeysMax = 100;
constexpr std::size_t kResponseBytesMax = 16 * 1024 * 1024;

// What is asked of one table.
struct TableReads {
  std::string_view table_name;
  wire::StructureView input;
  bool consistent;
  std::optional<expression::ProjectionList> projection;
  std::vector<AttributeMap> keys;
  std::size_t table = 0;  // in OpenTables
};

Result<void> CheckDistinct(const std::vector<AttributeMap>& keys) {
  std::vector<std::string> encoded;
  encoded.reserve(keys.size());
  for (const AttributeMap& key : keys) encoded.push_back(EncodedItem::From(key).bytes());
  std::ranges::sort(encoded);
  if (std::ranges::adjacent_find(encoded) != encoded.end()) {
    return ValidationError("Provided list of item keys contains duplicates");
  }
  return {};
}

// What a request asks of one table decides how it may ask of another.
Result<void> CheckOneWayOfProjecting(const std::vector<std::pair<std::string_view, wire::StructureView>>& tables) {
  const auto has = [&](std::string_view field) {
    return std::ranges::any_of(tables, [&](const auto& table) { return table.second.Has(field); });
  };
  if (!has("ProjectionExpression") || !has("AttributesToGet")) return {};
  return ValidationError(
      "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
      "{AttributesToGet} Expression parameters: {ProjectionExpression}");
}

Result<std::vector<TableReads>> DecodeReads(wire::StructureView input) {
  std::vector<TableReads> parts;
  std::size_t keys = 0;
  auto tables = input.StructureMap("RequestItems");
  INSULA_TRY(CheckOneWayOfProjecting(*tables));
  for (auto& [name, part_input] : *tables) {
    TableReads part{name, part_input, part_input.Boolean("ConsistentRead").value_or(false), {}, {}, {}};
    INSULA_TRY(CheckProjectionParameters(part_input, true));
    INSULA_ASSIGN(part.projection, DecodeProjection(part_input, true));
    for (wire::JsonValue json : part_input.Json("Keys").elements()) {
      INSULA_ASSIGN(AttributeMap key, wire::DecodeItem(json, part_input.values()));
      part.keys.push_back(std::move(key));
      if (++keys > kKeysMax) return ValidationError("Too many items requested for the BatchGetItem call");
    }
    INSULA_TRY(CheckDistinct(part.keys));
    parts.push_back(std::move(part));
  }
  return parts;
}

// Opens the tables, and gives what is asked for in the order of the parts and their keys.
Result<std::vector<ItemAsked>> Resolve(std::vector<TableReads>& parts, OpenTables& tables) {
  std::vector<ItemAsked> asked;
  DistinctItems distinct;  // a table may be called by its name and by its ARN
  for (TableReads& part : parts) {
    const ItemNamerOf names([&part](NamedItems* named) {
      for (const AttributeMap& key : part.keys) named->AddItem(key);
      named->AddProjection(part.projection);
    });
    INSULA_ASSIGN(part.table, tables.Open(part.table_name, {Access::kRead, names}));
    const TableHandle& table = tables[part.table];
    for (AttributeMap& key_attributes : part.keys) {
      INSULA_ASSIGN(PrimaryKey key, KeyFrom(std::move(key_attributes), table.schema().key));
      if (parts.size() > 1) distinct.Add(*table, key);
      asked.push_back({part.table, std::move(key), part.consistent});
    }
    INSULA_TRY(CheckProjection(part.projection, table.schema()));
  }
  if (distinct.HasDuplicates()) return ValidationError("Provided list of item keys contains duplicates");
  return asked;
}

// The part's parameters again, with only the keys that were not read.
void WriteUnprocessed(const TableReads& part, const std::vector<const PrimaryKey*>& keys, const KeySchema& schema,
                      wire::JsonWriter* writer) {
  writer->BeginObject();
  writer->Key("Keys");
  writer->BeginArray();
  for (const PrimaryKey* key : keys) wire::WriteKey(*key, schema, writer);
  writer->EndArray();
  if (auto names = part.input.Strings("AttributesToGet")) {
    writer->Key("AttributesToGet");
    writer->BeginArray();
    for (const std::string& name : *names) writer->String(name);
    writer->EndArray();
  }
  if (auto consistent = part.input.Boolean("ConsistentRead")) writer->BooleanField("ConsistentRead", *consistent);
  if (auto text = part.input.String("ProjectionExpression")) writer->StringField("ProjectionExpression", *text);
  if (auto names = part.input.StringMap("ExpressionAttributeNames")) {
    writer->Key("ExpressionAttributeNames");
    writer->BeginObject();
    for (const auto& [placeholder, name] : *names) writer->StringField(placeholder, name);
    writer->EndObject();
  }
  writer->EndObject();
}

using Reads = std::vector<std::optional<storage::MaybeItem>>;

std::string Respond(const Call& call, const std::vector<TableReads>& parts, const OpenTables& tables,
                    const std::vector<PrimaryKey>& keys, const Reads& reads) {
  std::vector<std::vector<const PrimaryKey*>> unprocessed(parts.size());
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("Responses");
  writer.BeginObject();
  std::size_t next = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const TableReads& part = parts[i];
    writer.Key(part.table_name);
    writer.BeginArray();
    for (std::size_t end = next + part.keys.size(); next < end; ++next) {
      if (!reads[next]) {
        unprocessed[i].push_back(&keys[next]);
        continue;
      }
      if (const storage::MaybeItem& item = *reads[next]) WriteProjected(*item, part.projection, &writer);
    }
    writer.EndArray();
  }
  writer.EndObject();
  writer.Key("UnprocessedKeys");
  writer.BeginObject();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (unprocessed[i].empty()) continue;
    writer.Key(parts[i].table_name);
    WriteUnprocessed(parts[i], unprocessed[i], tables[parts[i].table].schema().key, &writer);
  }
  writer.EndObject();
  if (ReturnCapacity mode = ReturnCapacityOf(call.input()); mode != ReturnCapacity::kNone) {
    writer.Key("ConsumedCapacity");
    writer.BeginArray();
    for (const TableHandle& table : tables.all()) {
      table.consumed().Write(mode, table.name(), table.schema(), false, &writer);
    }
    writer.EndArray();
  }
  writer.EndObject();
  return body;
}

}  // namespace

Task<Result<std::string>> BatchGetItem(Call& call) {
  INSULA_CO_ASSIGN(std::vector<TableReads> parts, DecodeReads(call.input()));
  OpenTables tables(call);
  INSULA_CO_ASSIGN(std::vector<ItemAsked> asked, Resolve(parts, tables));
  std::vector<PrimaryKey> keys;  // for UnprocessedKeys
  keys.reserve(asked.size());
  for (const ItemAsked& item : asked) keys.push_back(item.key);
  Result<Reads> read = co_await tables.BatchGet(std::move(asked), kResponseBytesMax);
  if (!read.ok()) co_return std::move(read).error();
  const auto each_item = [&read](const auto& take) {
    for (const auto& item : *read) {
      if (item && *item) take(**item);
    }
  };
  const auto write = [&] { return Respond(call, parts, tables, keys, *read); };
  co_return co_await call.Answer(each_item, write);
}

}  // namespace insula::operations
