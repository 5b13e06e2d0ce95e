// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
#include <fmt/format.h>
#include <xxhash.h>

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

using storage::WriteKind;

// One action, as decoded; what is needed of it after it was handed to the engine is kept beside.
struct Action {
  wire::StructureView input;  // of the Put, Update, Delete or ConditionCheck
  WriteKind kind;
  WriteAction write;
  std::size_t table = 0;  // in OpenTables
  std::size_t item_bytes = 0;
  bool return_item_on_failure = false;
};

std::string_view PermissionOf(WriteKind kind) {
  switch (kind) {
    case WriteKind::kPut:
      return "PutItem";
    case WriteKind::kUpdate:
      return "UpdateItem";
    case WriteKind::kDelete:
      return "DeleteItem";
    case WriteKind::kConditionCheck:
      return "ConditionCheckItem";
  }
  return {};
}

Result<Action> DecodeAction(wire::StructureView item) {
  std::optional<wire::StructureView> given;
  int count = 0;
  WriteKind kind = WriteKind::kPut;
  constexpr std::pair<std::string_view, WriteKind> kFields[] = {{"ConditionCheck", WriteKind::kConditionCheck},
                                                                {"Put", WriteKind::kPut},
                                                                {"Delete", WriteKind::kDelete},
                                                                {"Update", WriteKind::kUpdate}};
  for (const auto& [field, field_kind] : kFields) {
    if (auto structure = item.Structure(field)) {
      given = structure;
      kind = field_kind;
      ++count;
    }
  }
  if (count == 0) {
    return ValidationError("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
  }
  if (count > 1) return ValidationError("TransactItems can only contain one of Check, Put, Update or Delete");
  auto decode = [&]() -> Result<WriteAction> {
    switch (kind) {
      case WriteKind::kPut:
        return DecodePut(*given, Form::kTransaction);
      case WriteKind::kUpdate:
        return DecodeUpdate(*given, Form::kTransaction);
      case WriteKind::kDelete:
        return DecodeDelete(*given, Form::kTransaction);
      case WriteKind::kConditionCheck:
        return DecodeConditionCheck(*given);
    }
    return ValidationError("");
  };
  Action action{*given, kind, {}};
  INSULA_ASSIGN(action.write, decode());
  action.item_bytes = SizeOf(action.write.attributes);
  action.return_item_on_failure = action.write.return_item_on_failure;
  return action;
}

Result<std::vector<Action>> DecodeActions(wire::StructureView input) {
  auto items = input.Structures("TransactItems");
  std::vector<Action> actions;
  actions.reserve(items->size());
  std::size_t bytes = 0;
  for (wire::StructureView item : *items) {
    INSULA_ASSIGN(Action action, DecodeAction(item));
    bytes += action.item_bytes;
    actions.push_back(std::move(action));
  }
  if (bytes > kTransactionBytesMax) {
    return ValidationError("The aggregate size of the items in the transaction exceeds 4 MB");
  }
  return actions;
}

// What a repeated client request token must come with again: the actions, but not how results are returned.
class Fingerprint {
 public:
  void Add(std::string_view text) {
    AppendVarint(text.size(), &text_);
    text_.append(text);
  }
  Result<void> Add(const Action& action, const tenancy::Table& table) {
    text_.push_back(static_cast<char>(action.kind));
    Add(table.arn);
    Add(EncodedItem::From(action.write.attributes).bytes());
    bool update = action.kind == WriteKind::kUpdate;
    Add(update ? action.input.String("UpdateExpression").value_or("") : "");
    Add(action.input.String("ConditionExpression").value_or(""));
    if (auto names = action.input.StringMap("ExpressionAttributeNames")) {
      for (const auto& [placeholder, name] : *names) Add(placeholder), Add(name);
    }
    if (wire::JsonValue values = action.input.Json("ExpressionAttributeValues"); !values.is_null()) {
      INSULA_ASSIGN(AttributeMap decoded, wire::DecodeItem(values, action.input.values()));
      Add(EncodedItem::From(decoded).bytes());
    }
    return {};
  }
  std::string Digest() const {
    XXH128_hash_t hash = XXH3_128bits(text_.data(), text_.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
  }

 private:
  std::string text_;
};

Result<storage::TransactWriteRequest> Resolve(const Call& call, std::vector<Action>& actions, OpenTables& tables) {
  for (Action& action : actions) {
    Access access = action.kind == WriteKind::kConditionCheck ? Access::kRead : Access::kWrite;
    const ItemNamerOf names([&action](NamedItems* named) { NameIn(named, action.write); });
    INSULA_ASSIGN(action.table, tables.Open(action.write.table_name, {access, PermissionOf(action.kind), names}));
  }
  auto table_of = [&](const Action& action) -> const tenancy::Table& { return *tables[action.table]; };
  for (const Action& action : actions) {
    INSULA_TRY(AuthorizeInTransaction(call, table_of(action), PermissionOf(action.kind)));
    INSULA_TRY(
        rules::CheckNoEmptyKey(action.write.attributes, table_of(action).ref.schema(), action.kind == WriteKind::kPut));
  }

  storage::TransactWriteRequest request;
  if (auto token = call.input().String("ClientRequestToken")) {
    Fingerprint fingerprint;
    for (const Action& action : actions) INSULA_TRY(fingerprint.Add(action, table_of(action)));
    request.token = storage::TransactWriteRequest::Token{
        .key = fmt::format("{}/{}", tenancy::KeyOf(call.context()), *token), .fingerprint = fingerprint.Digest()};
  }
  std::vector<CancellationReason> reasons(actions.size());
  bool refused = false;
  DistinctItems distinct;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const tenancy::Table& table = table_of(actions[i]);
    Result<storage::WriteRequest> write = Bind(std::move(actions[i].write), table);
    if (!write.ok()) {
      reasons[i] = ValidationReason(write.error());
      refused = true;
      continue;
    }
    distinct.Add(table, write->key);
    write->want_collection_size =
        write->kind != WriteKind::kConditionCheck && WantsCollectionMetrics(call.input(), table.ref.schema());
    request.writes.push_back(std::move(write).value());
  }
  if (refused) return TransactionCancelled(std::move(reasons));
  INSULA_TRY(distinct.Check());
  return request;
}

std::string Respond(const Call& call, const std::vector<Action>& actions, const OpenTables& tables,
                    const std::vector<AttributeValue>& hash_keys, const storage::TransactWriteOutcome& result) {
  CollectionMetrics metrics;
  for (std::size_t i = 0; i < actions.size() && !result.replayed && !hash_keys.empty(); ++i) {
    const TableHandle& table = tables[actions[i].table];
    const TableSchema& schema = table->ref.schema();
    if (actions[i].kind != WriteKind::kConditionCheck && WantsCollectionMetrics(call.input(), schema)) {
      metrics.Add(table.name(), schema, hash_keys[i], result.outcomes[i].collection_bytes);
    }
  }

  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  WriteConsumed(call, tables, true, &writer);
  if (!metrics.empty()) {
    writer.Key("ItemCollectionMetrics");
    metrics.Write(&writer);
  }
  writer.EndObject();
  return body;
}

}  // namespace

Task<Result<std::string>> TransactWriteItems(Call& call) {
  INSULA_CO_ASSIGN(std::vector<Action> actions, DecodeActions(call.input()));
  OpenTables tables(call);
  INSULA_CO_ASSIGN(storage::TransactWriteRequest request, Resolve(call, actions, tables));
  std::vector<AttributeValue> hash_keys;
  if (call.input().String("ReturnItemCollectionMetrics").value_or("NONE") == "SIZE") {
    for (const storage::WriteRequest& write : request.writes) hash_keys.push_back(write.key.hash);
  }
  std::vector<std::size_t> table_of;
  table_of.reserve(actions.size());
  for (const Action& action : actions) table_of.push_back(action.table);
  Result<storage::TransactWriteOutcome> result = co_await tables.TransactWrite(std::move(request), std::move(table_of));
  if (!result.ok()) {
    co_return CancelledBy(result.error(), actions.size(),
                          [&](std::size_t i) { return actions[i].return_item_on_failure; });
  }
  co_return Respond(call, actions, tables, hash_keys, *result);
}

}  // namespace insula::operations
