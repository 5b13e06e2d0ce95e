// PutItem, UpdateItem and DeleteItem from their decoded parameters to the answer.
#include <utility>

#include "model/item_size.h"
#include "operations/core/table_handle.h"
#include "operations/items/write_action.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

void WriteAttributes(const EncodedItem& item, wire::JsonWriter* writer) {
  writer->Key("Attributes");
  wire::WriteItem(item, writer);
}

void WriteAttributes(const AttributeMap& attributes, wire::JsonWriter* writer) {
  if (attributes.empty()) return;
  writer->Key("Attributes");
  wire::WriteItem(attributes, writer);
}

void WriteReturnValues(std::string_view return_values, const storage::WriteOutcome& outcome, wire::JsonWriter* writer) {
  if (return_values == "ALL_OLD") {
    if (outcome.old_item) WriteAttributes(*outcome.old_item, writer);
  } else if (return_values == "ALL_NEW") {
    if (outcome.new_item) WriteAttributes(*outcome.new_item, writer);
  } else if (return_values == "UPDATED_OLD") {
    WriteAttributes(outcome.updated_old, writer);
  } else if (return_values == "UPDATED_NEW") {
    WriteAttributes(outcome.updated_new, writer);
  }
}

using expression::Update;

Update::Report ReportOf(std::string_view return_values) {
  if (return_values == "UPDATED_OLD") return Update::Report::kUpdatedOld;
  if (return_values == "UPDATED_NEW") return Update::Report::kUpdatedNew;
  return Update::Report::kNone;
}

// The item that the answer shows, or shows a part of; nullptr: none.
const EncodedItem* ItemShown(std::string_view return_values, const storage::WriteOutcome& outcome) {
  if (return_values == "NONE") return nullptr;
  const storage::MaybeItem& item = return_values.ends_with("OLD") ? outcome.old_item : outcome.new_item;
  return item ? &*item : nullptr;
}

}  // namespace

Task<Result<std::string>> PerformWrite(Call& call, WriteAction action) {
  wire::StructureView input = call.input();
  bool return_item_on_failure = action.return_item_on_failure;
  const ItemNamerOf names([&action](NamedItems* named) { NameIn(named, action); });
  INSULA_CO_ASSIGN(TableHandle table, TableHandle::Open(call, action.table_name, {Access::kWrite, names}));
  INSULA_CO_ASSIGN(storage::WriteRequest request, Bind(std::move(action), *table));
  const TableSchema& schema = table->ref.schema();
  std::string_view return_values = input.String("ReturnValues").value_or("NONE");
  request.want_items |= return_values == "ALL_OLD" || return_values == "ALL_NEW";
  request.report = ReportOf(return_values);
  std::optional<PrimaryKey> metrics_key;
  if (WantsCollectionMetrics(input, schema)) {
    request.want_collection_size = true;
    metrics_key = request.key;
  }

  Result<storage::WriteOutcome> written = co_await table.Write(std::move(request));
  if (!written.ok()) co_return std::move(written).error();
  storage::WriteOutcome& outcome = *written;
  if (!outcome.condition_met) co_return ConditionFailed(return_item_on_failure, std::move(outcome.old_item));

  const auto write = [&] {
    std::string body;
    wire::JsonWriter writer(&body);
    writer.BeginObject();
    WriteReturnValues(return_values, outcome, &writer);
    if (ReturnCapacity mode = ReturnCapacityOf(input); mode != ReturnCapacity::kNone) {
      writer.Key("ConsumedCapacity");
      table.consumed().Write(mode, table.name(), schema, false, &writer);
    }
    if (metrics_key) {
      writer.Key("ItemCollectionMetrics");
      WriteCollectionMetrics(*metrics_key, schema, outcome.collection_bytes, &writer);
    }
    writer.EndObject();
    return body;
  };
  const EncodedItem* shown = ItemShown(return_values, outcome);
  const std::size_t parts = SizeOf(outcome.updated_old) + SizeOf(outcome.updated_new);
  if (!call.IsLong(parts + (shown != nullptr ? shown->bytes().size() : 0))) co_return write();
  const auto each_item = [shown](const auto& take) {
    if (shown != nullptr) take(*shown);
  };
  co_return co_await call.Answer(each_item, write, parts);
}

}  // namespace insula::operations
