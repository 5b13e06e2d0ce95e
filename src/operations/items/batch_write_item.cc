// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "operations/core/key_checks.h"
#include "operations/core/open_tables.h"
#include "operations/items/collection_metrics.h"
#include "operations/items/item_operations.h"
#include "operations/items/transaction.h"
#include "operations/items/write_action.h"
#include "rules/item_rules.h"
#include "storage/engine.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

constexpr std::size_t kRequestsMax = 25;

// The writes to one table.
struct TableWrites {
  std::string_view table_name;
  std::vector<WriteAction> writes;          // moved from once they are on their way
  std::vector<wire::StructureView> inputs;  // of each
  std::size_t table = 0;                    // in OpenTables
};

Result<WriteAction> DecodeWrite(wire::StructureView input, std::string_view table_name) {
  std::optional<wire::StructureView> put = input.Structure("PutRequest");
  std::optional<wire::StructureView> erase = input.Structure("DeleteRequest");
  if (put.has_value() == erase.has_value()) {
    return ValidationError(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported "
        "datatypes");
  }
  WriteAction action;
  action.table_name = table_name;
  action.kind = put ? storage::WriteKind::kPut : storage::WriteKind::kDelete;
  INSULA_ASSIGN(action.attributes, wire::DecodeItem(put ? put->Json("Item") : erase->Json("Key"), input.values()));
  if (put) INSULA_TRY(rules::CheckPutSize(action.attributes));
  return action;
}

Result<std::vector<TableWrites>> DecodeWrites(wire::StructureView input) {
  const wire::Shape& request_shape = input.shape().FindField("RequestItems")->shape.element.front().element.front();
  std::vector<TableWrites> parts;
  std::size_t requests = 0;
  std::map<std::string_view, wire::JsonValue> last;  // of a name given twice, the last list counts
  for (auto [name, list] : input.Json("RequestItems").members()) last[name] = list;
  for (auto [name, list] : input.Json("RequestItems").members()) {
    if (list.is_null() || !(last[name].place() == list.place())) continue;
    TableWrites part{name, {}, {}};
    for (wire::JsonValue json : list.elements()) {
      const auto write_input = wire::StructureView::Of(json, request_shape);
      INSULA_ASSIGN(WriteAction write, DecodeWrite(write_input, name));
      part.writes.push_back(std::move(write));
      part.inputs.push_back(write_input);
      if (++requests > kRequestsMax) return ValidationError("Too many items requested for the BatchWriteItem call");
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

// What the engine is asked for, in the order of the parts and their requests.
struct Writes {
  std::vector<storage::WriteRequest> requests;
  std::vector<std::size_t> table_of;
  std::vector<AttributeValue> hash_keys;  // where the sizes of item collections are asked for; else empty
};

Result<Writes> Resolve(const Call& call, std::vector<TableWrites>& parts, OpenTables& tables) {
  const bool wants_metrics = call.input().String("ReturnItemCollectionMetrics").value_or("NONE") == "SIZE";
  Writes writes;
  DistinctItems distinct;  // over all parts: a table may be called by its name and by its ARN
  for (TableWrites& part : parts) {
    const ItemNamerOf names([&part](NamedItems* named) {
      for (const WriteAction& write : part.writes) NameIn(named, write);
    });
    INSULA_ASSIGN(part.table, tables.Open(part.table_name, {Access::kWrite, names}));
    const tenancy::Table& table = *tables[part.table];
    const TableSchema& schema = table.ref.schema();
    for (WriteAction& write : part.writes) {
      // A batch says less of a bad key than PutItem does.
      if (!HasKey(write.attributes, schema.key)) {
        return ValidationError("The provided key element does not match the schema");
      }
      INSULA_ASSIGN(storage::WriteRequest request, Bind(std::move(write), table));
      request.want_collection_size = wants_metrics && WantsCollectionMetrics(call.input(), schema);
      distinct.Add(table, request.key);
      if (wants_metrics) writes.hash_keys.push_back(request.key.hash);
      writes.table_of.push_back(part.table);
      writes.requests.push_back(std::move(request));
    }
    if (distinct.HasDuplicates()) return ValidationError("Provided list of item keys contains duplicates");
  }
  return writes;
}

using Outcomes = std::vector<Result<storage::WriteOutcome>>;

// An error that retrying can't help fails the call; others leave their items unprocessed, unless all are.
const Error* FailureOf(const Outcomes& outcomes) {
  const Error* first = nullptr;
  std::size_t failed = 0;
  for (const auto& outcome : outcomes) {
    if (outcome.ok()) continue;
    if (!TraitsOf(outcome.error().code()).retryable) return &outcome.error();
    if (first == nullptr) first = &outcome.error();
    ++failed;
  }
  return failed == outcomes.size() ? first : nullptr;
}

// As the request has them.
void WriteUnprocessed(const std::vector<TableWrites>& parts, const Outcomes& outcomes, wire::JsonWriter* writer) {
  std::size_t next = 0;
  writer->BeginObject();
  for (const TableWrites& part : parts) {
    bool open = false;
    for (const wire::StructureView& input : part.inputs) {
      if (outcomes[next++].ok()) continue;
      if (!open) {
        writer->Key(part.table_name);
        writer->BeginArray();
        open = true;
      }
      const std::optional<wire::StructureView> put = input.Structure("PutRequest");
      const Result<AttributeMap> attributes =
          wire::DecodeItem(put ? put->Json("Item") : input.Structure("DeleteRequest")->Json("Key"), input.values());
      INSULA_CHECK(attributes.ok());  // it was decoded before
      writer->BeginObject();
      writer->Key(put ? "PutRequest" : "DeleteRequest");
      writer->BeginObject();
      writer->Key(put ? "Item" : "Key");
      wire::WriteItem(*attributes, writer);
      writer->EndObject();
      writer->EndObject();
    }
    if (open) writer->EndArray();
  }
  writer->EndObject();
}

std::string Respond(const Call& call, const std::vector<TableWrites>& parts, const OpenTables& tables,
                    const Outcomes& outcomes, const std::vector<AttributeValue>& hash_keys) {
  CollectionMetrics metrics;
  std::size_t next = 0;
  for (const TableWrites& part : parts) {
    const TableSchema& schema = tables[part.table]->ref.schema();
    for (std::size_t end = next + part.inputs.size(); next < end; ++next) {
      if (hash_keys.empty() || !outcomes[next].ok() || !WantsCollectionMetrics(call.input(), schema)) continue;
      metrics.Add(part.table_name, schema, hash_keys[next], outcomes[next]->collection_bytes);
    }
  }

  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("UnprocessedItems");
  WriteUnprocessed(parts, outcomes, &writer);
  if (!metrics.empty()) {
    writer.Key("ItemCollectionMetrics");
    metrics.Write(&writer);
  }
  if (ReturnCapacity mode = ReturnCapacityOf(call.input()); mode != ReturnCapacity::kNone) {
    writer.Key("ConsumedCapacity");
    writer.BeginArray();
    for (const TableHandle& table : tables.all()) {
      table.consumed().Write(mode, table.name(), table->ref.schema(), false, &writer);
    }
    writer.EndArray();
  }
  writer.EndObject();
  return body;
}

}  // namespace

Task<Result<std::string>> BatchWriteItem(Call& call) {
  INSULA_CO_ASSIGN(std::vector<TableWrites> parts, DecodeWrites(call.input()));
  OpenTables tables(call);
  INSULA_CO_ASSIGN(Writes writes, Resolve(call, parts, tables));
  const Outcomes outcomes = co_await tables.BatchWrite(std::move(writes.requests), std::move(writes.table_of));
  if (const Error* failure = FailureOf(outcomes)) co_return *failure;
  co_return Respond(call, parts, tables, outcomes, writes.hash_keys);
}

}  // namespace insula::operations
