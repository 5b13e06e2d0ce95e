// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "operations/capacity.h"
#include "operations/collection_metrics.h"
#include "operations/item_operations.h"
#include "operations/key_checks.h"
#include "operations/transaction.h"
#include "operations/write_action.h"
#include "storage/engine.h"
#include "storage/item_rules.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

constexpr std::size_t kRequestsMax = 25;

// The writes to one table.
struct Part {
  std::string_view table_name;
  std::vector<WriteAction> writes;
  tenancy::TablePtr table;
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
  INSULA_ASSIGN(action.attributes, wire::DecodeItem(put ? put->Json("Item") : erase->Json("Key")));
  if (put) INSULA_TRY(storage::CheckPutSize(action.attributes));
  return action;
}

Result<std::vector<Part>> Decode(wire::StructureView input) {
  const wire::Shape& request_shape = input.shape().FindField("RequestItems")->shape.element.front().element.front();
  std::vector<Part> parts;
  std::size_t requests = 0;
  std::map<std::string_view, wire::JsonValue> last;  // of a name given twice, the last list counts
  for (auto [name, list] : input.Json("RequestItems").members()) last[name] = list;
  for (auto [name, list] : input.Json("RequestItems").members()) {
    if (list.is_null() || !(last[name].place() == list.place())) continue;
    Part part{name, {}, {}};
    for (wire::JsonValue json : list.elements()) {
      INSULA_ASSIGN(WriteAction write, DecodeWrite(wire::StructureView::Of(json, request_shape), name));
      part.writes.push_back(std::move(write));
      if (++requests > kRequestsMax) return ValidationError("Too many items requested for the BatchWriteItem call");
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

// Finds the tables, and gives the writes in the order of the parts and their requests.
Result<std::vector<storage::WriteRequest>> Resolve(const Call& call, std::vector<Part>& parts) {
  bool wants_metrics = call.input().String("ReturnItemCollectionMetrics").value_or("NONE") == "SIZE";
  std::vector<storage::WriteRequest> requests;
  DistinctItems distinct;  // over all parts: a table may be called by its name and by its ARN
  for (Part& part : parts) {
    INSULA_ASSIGN(part.table, FindTable(call, part.table_name, Access::kWrite));
    const TableSchema& schema = part.table->ref.schema();
    for (WriteAction& write : part.writes) {
      // A batch says less of a bad key than PutItem does.
      if (!HasKey(write.attributes, schema.key)) {
        return ValidationError("The provided key element does not match the schema");
      }
      INSULA_ASSIGN(storage::WriteRequest request, Bind(std::move(write), *part.table));
      request.want_collection_size = wants_metrics && WantsCollectionMetrics(call.input(), schema);
      distinct.Add(*part.table, request.key);
      requests.push_back(std::move(request));
    }
    if (distinct.HasDuplicates()) return ValidationError("Provided list of item keys contains duplicates");
  }
  return requests;
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

void WriteUnprocessed(const std::vector<Part>& parts, const Outcomes& outcomes,
                      const std::vector<storage::WriteRequest>& sent, wire::JsonWriter* writer) {
  std::size_t next = 0;
  writer->BeginObject();
  for (const Part& part : parts) {
    bool open = false;
    for (std::size_t end = next + part.writes.size(); next < end; ++next) {
      if (outcomes[next].ok()) continue;
      if (!open) {
        writer->Key(part.table_name);
        writer->BeginArray();
        open = true;
      }
      bool put = sent[next].kind == storage::WriteKind::kPut;
      writer->BeginObject();
      writer->Key(put ? "PutRequest" : "DeleteRequest");
      writer->BeginObject();
      writer->Key(put ? "Item" : "Key");
      if (put) {
        wire::WriteItem(sent[next].item, writer);
      } else {
        wire::WriteKey(sent[next].key, part.table->ref.schema().key, writer);
      }
      writer->EndObject();
      writer->EndObject();
    }
    if (open) writer->EndArray();
  }
  writer->EndObject();
}

std::string Respond(const Call& call, const std::vector<Part>& parts, const Outcomes& outcomes,
                    const std::vector<storage::WriteRequest>& sent) {
  std::vector<ConsumedCapacity> consumed(parts.size());
  CollectionMetrics metrics;
  std::size_t next = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const TableSchema& schema = parts[i].table->ref.schema();
    for (std::size_t end = next + parts[i].writes.size(); next < end; ++next) {
      if (!outcomes[next].ok()) continue;
      consumed[i].Add(outcomes[next]->usage);
      if (sent[next].want_collection_size) {
        metrics.Add(parts[i].table_name, schema, sent[next].key.hash, outcomes[next]->collection_bytes);
      }
    }
    call.MeterWrite(*parts[i].table, consumed[i].written());
  }

  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("UnprocessedItems");
  WriteUnprocessed(parts, outcomes, sent, &writer);
  if (!metrics.empty()) {
    writer.Key("ItemCollectionMetrics");
    metrics.Write(&writer);
  }
  if (ReturnCapacity mode = ReturnCapacityOf(call.input()); mode != ReturnCapacity::kNone) {
    writer.Key("ConsumedCapacity");
    writer.BeginArray();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      consumed[i].Write(mode, parts[i].table_name, parts[i].table->ref.schema(), false, &writer);
    }
    writer.EndArray();
  }
  writer.EndObject();
  return body;
}

}  // namespace

Task<Result<std::string>> BatchWriteItem(Call& call) {
  INSULA_CO_ASSIGN(std::vector<Part> parts, Decode(call.input()));
  INSULA_CO_ASSIGN(std::vector<storage::WriteRequest> requests, Resolve(call, parts));
  // Kept for UnprocessedItems.
  std::vector<storage::WriteRequest> sent = requests;
  Outcomes outcomes = co_await call.services.engine.BatchWrite(std::move(requests));
  if (const Error* failure = FailureOf(outcomes)) co_return *failure;
  co_return Respond(call, parts, outcomes, sent);
}

}  // namespace insula::operations
