// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
#include <optional>
#include <utility>

#include "operations/core/table_handle.h"
#include "operations/items/write_action.h"
#include "operations/partiql/partiql_operations.h"
#include "operations/partiql/partiql_select.h"
#include "operations/partiql/partiql_statement.h"
#include "operations/partiql/statement_names.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

void WriteConsumed(const Call& call, const TableHandle& table, wire::JsonWriter* writer) {
  ReturnCapacity mode = ReturnCapacityOf(call.input());
  if (mode == ReturnCapacity::kNone) return;
  writer->Key("ConsumedCapacity");
  table.consumed().Write(mode, table.name(), table.schema(), false, writer);
}

std::string Answer(const Call& call, const SelectResult& result, const RowWriter& rows, const TableHandle& table) {
  std::string body;
  std::size_t bytes = 0;
  for (const EncodedItem& item : result.items) bytes += item.bytes().size();
  body.reserve(bytes * 5 / 4 + 256);
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("Items");
  writer.BeginArray();
  for (const EncodedItem& item : result.items) rows.Write(item, &writer);
  writer.EndArray();
  if (result.next_token) writer.StringField("NextToken", *result.next_token);
  if (result.last_evaluated_key) {
    writer.Key("LastEvaluatedKey");
    wire::WriteItem(*result.last_evaluated_key, &writer);
  }
  WriteConsumed(call, table, &writer);
  writer.EndObject();
  return body;
}

Task<Result<std::string>> AnswerSelect(Call& call, StatementInput input, partiql::Statement whole) {
  wire::StructureView parameters = call.input();
  std::string table_name = partiql::SourceOf(whole).table;
  const ItemNamerOf names([&whole](NamedItems* named) { NameIn(named, whole); });
  INSULA_CO_ASSIGN(TableHandle table, TableHandle::Open(call, table_name, IntentOf(whole, names)));
  auto& statement = std::get<partiql::SelectStatement>(whole);
  RowWriter rows(std::move(statement.columns));
  SelectRequest request;
  request.input = std::move(input);
  request.statement = std::move(statement);
  request.attributes = rows.attributes();
  request.nested_attributes = rows.nested_attributes();
  request.consistent = parameters.Boolean("ConsistentRead").value_or(false);
  if (auto limit = parameters.Integer("Limit")) request.limit = static_cast<std::uint64_t>(*limit);
  request.next_token = parameters.String("NextToken");
  Result<SelectResult> result = co_await RunSelect(call, table, std::move(request));
  if (!result.ok()) co_return std::move(result).error();
  const auto write = [&] { return Answer(call, *result, rows, table); };
  const auto each_item = [&result](const auto& take) {
    for (const EncodedItem& item : result->items) take(item);
  };
  co_return co_await call.Answer(each_item, write);
}

Task<Result<std::string>> AnswerWrite(Call& call, StatementInput input, partiql::Statement statement) {
  std::string table_name = partiql::SourceOf(statement).table;
  const ItemNamerOf names([&](NamedItems* named) {
    NameIn(named, statement);
    if (input.return_item_on_failure) named->Returns("ALL_OLD");
  });
  INSULA_CO_ASSIGN(TableHandle table, TableHandle::Open(call, table_name, IntentOf(statement, names)));
  partiql::Returning returning = ReturningOf(statement);
  INSULA_CO_ASSIGN(WriteAction action, ActionOf(std::move(statement), table_name, *table->definition.schema));
  action.return_item_on_failure = input.return_item_on_failure;
  storage::WriteKind kind = action.kind;
  INSULA_CO_ASSIGN(storage::WriteRequest request, Bind(std::move(action), *table));
  Want(returning, &request);

  Result<storage::WriteOutcome> written = co_await table.Write(std::move(request));
  if (!written.ok()) co_return std::move(written).error();
  storage::WriteOutcome& outcome = *written;
  if (!outcome.condition_met) {
    co_return StatementRefused(kind, input.return_item_on_failure, std::move(outcome.old_item));
  }
  const auto write = [&] {
    std::string body;
    wire::JsonWriter writer(&body);
    writer.BeginObject();
    writer.Key("Items");
    writer.BeginArray();
    WriteReturnedRow(returning, outcome, {}, &writer);
    writer.EndArray();
    WriteConsumed(call, table, &writer);
    writer.EndObject();
    return body;
  };
  const auto each_item = [&outcome](const auto& take) { EachItemReturned(outcome, take); };
  co_return co_await call.Answer(each_item, write, SizeOf(outcome.updated_old) + SizeOf(outcome.updated_new));
}

}  // namespace

Task<Result<std::string>> ExecuteStatement(Call& call) {
  INSULA_CO_ASSIGN(StatementInput input, DecodeStatement(call.input()));
  INSULA_CO_ASSIGN(partiql::Statement statement, ParseStatement(input));
  if (std::holds_alternative<partiql::ExistsStatement>(statement)) {
    co_return ValidationError(std::string(kExistsElsewhere));
  }
  if (IsSelect(statement)) {
    co_return co_await AnswerSelect(call, std::move(input), std::move(statement));
  }
  if (call.input().Has("NextToken")) co_return ValidationError("NextToken does not match request");
  co_return co_await AnswerWrite(call, std::move(input), std::move(statement));
}

}  // namespace insula::operations
