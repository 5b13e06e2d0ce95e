// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "expression/partiql/plan.h"
#include "model/error_detail.h"
#include "operations/core/key_checks.h"
#include "operations/core/open_tables.h"
#include "operations/items/transaction.h"
#include "operations/items/write_action.h"
#include "operations/partiql/partiql_operations.h"
#include "operations/partiql/partiql_select.h"
#include "operations/partiql/partiql_statement.h"
#include "operations/partiql/statement_names.h"
#include "wire/attribute_value_json.h"
#include "wire/json_writer.h"

namespace insula::operations {
namespace {

// One statement: an error, or what it asks the engine for and then what came of it.
struct BatchMember {
  bool return_item_on_failure = false;
  std::optional<partiql::Statement> statement;
  std::string table_name;
  std::optional<std::size_t> table;  // in OpenTables
  std::optional<Error> error;

  // A SELECT's
  bool consistent = false;
  std::optional<RowWriter> rows;
  std::optional<PrimaryKey> key;
  storage::MaybeItem item;
  // A write's
  storage::WriteKind kind = storage::WriteKind::kPut;
  partiql::Returning returning = partiql::Returning::kNone;
  std::optional<storage::WriteRequest> write;
  std::optional<storage::WriteOutcome> outcome;
};

Result<partiql::Statement> Parse(wire::StructureView input, bool* return_item_on_failure) {
  INSULA_ASSIGN(StatementInput decoded, DecodeStatement(input));
  *return_item_on_failure = decoded.return_item_on_failure;
  return ParseStatement(decoded);
}

// Each statement alone; a batch reads or it writes.
Result<std::vector<BatchMember>> Decode(wire::StructureView input) {
  auto inputs = input.Structures("Statements");
  std::vector<BatchMember> members(inputs->size());
  bool reads = false;
  bool writes = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    BatchMember& member = members[i];
    member.consistent = (*inputs)[i].Boolean("ConsistentRead").value_or(false);
    Result<partiql::Statement> statement = Parse((*inputs)[i], &member.return_item_on_failure);
    if (!statement.ok()) {
      member.error = statement.error();
      continue;
    }
    (IsSelect(*statement) ? reads : writes) = true;
    if (std::holds_alternative<partiql::ExistsStatement>(*statement)) {
      member.error = ValidationError(std::string(kExistsElsewhere));
      continue;
    }
    member.table_name = partiql::SourceOf(*statement).table;
    member.statement = std::move(statement).value();
  }
  if (reads && writes) {
    return ValidationError("Read and write requests together in the same batch is not supported.");
  }
  return members;
}

Result<void> BindSelect(const tenancy::Table& table, DistinctItems& distinct, BatchMember& member) {
  const KeySchema& keys = table.definition.schema->key;
  auto& select = std::get<partiql::SelectStatement>(*member.statement);
  auto unkeyed = [] {
    return ValidationError(
        "Select statements within BatchExecuteStatement must specify the primary key in the where clause.");
  };
  if (select.source.index) {
    const IndexSchema* index = FindLiveIndex(table.definition, *select.source.index);
    if (index != nullptr) INSULA_TRY(CheckIndexIsReadable(*index));
    INSULA_TRY(CheckColumns(select));
  }
  if (select.source.index || !partiql::GivesKey(select.where, keys, partiql::KeyForm::kRead)) return unkeyed();
  INSULA_ASSIGN(partiql::KeyedWhere keyed, partiql::SplitByKey(std::move(select.where), keys, partiql::KeyForm::kRead));
  if (keyed.rest != nullptr) return unkeyed();
  AttributeMap attributes;
  AddKeyTo(&attributes, keyed.key, keys);
  INSULA_ASSIGN(PrimaryKey key, KeyFrom(std::move(attributes), keys));
  member.rows.emplace(std::move(select.columns));
  INSULA_TRY(CheckNoNestedKey(member.rows->nested_attributes(), *table.definition.schema));
  distinct.Add(table, key);
  member.key = std::move(key);
  return {};
}

Result<void> BindWrite(const tenancy::Table& table, DistinctItems& distinct, BatchMember& member) {
  member.returning = ReturningOf(*member.statement);
  INSULA_ASSIGN(WriteAction action,
                ActionOf(std::move(*member.statement), member.table_name, *table.definition.schema));
  action.return_item_on_failure = member.return_item_on_failure;
  member.kind = action.kind;
  INSULA_ASSIGN(storage::WriteRequest request, operations::Bind(std::move(action), table));
  Want(member.returning, &request);
  distinct.Add(table, request.key);
  member.write = std::move(request);
  return {};
}

Result<void> BindMember(OpenTables& tables, DistinctItems& distinct, BatchMember& member) {
  const ItemNamerOf names([&member](NamedItems* named) {
    NameIn(named, *member.statement);
    if (member.return_item_on_failure) named->Returns("ALL_OLD");
  });
  INSULA_ASSIGN(member.table, tables.Open(member.table_name, IntentOf(*member.statement, names)));
  const tenancy::Table& table = *tables[*member.table];
  if (IsSelect(*member.statement)) return BindSelect(table, distinct, member);
  return BindWrite(table, distinct, member);
}

Result<void> BindAll(OpenTables& tables, std::vector<BatchMember>& members) {
  DistinctItems distinct;
  for (BatchMember& member : members) {
    if (member.error) continue;
    Result<void> bound = BindMember(tables, distinct, member);
    if (!bound.ok()) member.error = bound.error();
  }
  if (distinct.HasDuplicates()) return ValidationError("Provided list of item keys contains duplicates");
  return {};
}

// Gives each member its result. What fails altogether fails the request.
Task<Result<void>> Read(OpenTables& tables, std::vector<BatchMember>& members) {
  std::vector<ItemAsked> asked;
  for (BatchMember& member : members) {
    if (member.key) asked.push_back({*member.table, std::move(*member.key), member.consistent});
  }
  if (asked.empty()) co_return Result<void>();
  // 25 items are within any answer.
  auto read = co_await tables.BatchGet(std::move(asked), std::numeric_limits<std::size_t>::max());
  if (!read.ok()) co_return std::move(read).error();
  std::size_t next = 0;
  for (BatchMember& member : members) {
    if (!member.key) continue;
    auto& item = (*read)[next++];
    if (!item) co_return ServerBusy();  // no member can say that it wasn't read
    member.item = std::move(*item);
  }
  co_return Result<void>();
}

Task<void> Write(OpenTables& tables, std::vector<BatchMember>& members) {
  std::vector<storage::WriteRequest> requests;
  std::vector<std::size_t> table_of;
  for (BatchMember& member : members) {
    if (!member.write) continue;
    requests.push_back(std::move(*member.write));
    table_of.push_back(*member.table);
  }
  if (requests.empty()) co_return;
  auto outcomes = co_await tables.BatchWrite(std::move(requests), std::move(table_of));
  std::size_t next = 0;
  for (BatchMember& member : members) {
    if (!member.write) continue;
    Result<storage::WriteOutcome>& outcome = outcomes[next++];
    if (!outcome.ok()) {
      member.error = outcome.error();
      continue;
    }
    member.outcome = std::move(outcome).value();
    if (!member.outcome->condition_met) {
      member.error = StatementRefused(member.kind, member.return_item_on_failure, std::move(member.outcome->old_item));
    }
  }
}

// BatchStatementErrorCodeEnum.
std::string_view CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kConditionalCheckFailed:
      return "ConditionalCheckFailed";
    case ErrorCode::kItemCollectionSizeLimitExceeded:
      return "ItemCollectionSizeLimitExceeded";
    case ErrorCode::kRequestLimitExceeded:
      return "RequestLimitExceeded";
    case ErrorCode::kValidation:
      return "ValidationError";
    case ErrorCode::kProvisionedThroughputExceeded:
      return "ProvisionedThroughputExceeded";
    case ErrorCode::kTransactionConflict:
      return "TransactionConflict";
    case ErrorCode::kThrottling:
    case ErrorCode::kServiceUnavailable:  // the server is busy: the code that has clients try again
      return "ThrottlingError";
    case ErrorCode::kResourceNotFound:
      return "ResourceNotFound";
    case ErrorCode::kAccessDenied:
      return "AccessDenied";
    case ErrorCode::kDuplicateItem:
      return "DuplicateItem";
    default:
      return "InternalServerError";
  }
}

void WriteError(const Error& error, wire::JsonWriter* writer) {
  std::string_view code = CodeOf(error.code());
  writer->Key("Error");
  writer->BeginObject();
  writer->StringField("Code", code);
  writer->StringField("Message", code == "InternalServerError" ? "Internal server error" : error.message());
  if (auto* failed = dynamic_cast<const FailedItemDetail*>(error.detail()); failed != nullptr && failed->item) {
    writer->Key("Item");
    wire::WriteItem(*failed->item, writer);
  }
  writer->EndObject();
}

void WriteMember(const BatchMember& member, wire::JsonWriter* writer) {
  writer->BeginObject();
  if (member.error) {
    WriteError(*member.error, writer);
  } else if (member.outcome) {
    WriteReturnedRow(member.returning, *member.outcome, "Item", writer);
  } else if (member.item) {
    writer->Key("Item");
    member.rows->Write(*member.item, writer);
  }
  const bool invalid = member.error && member.error->code() == ErrorCode::kValidation;
  if (member.table && !invalid) writer->StringField("TableName", member.table_name);
  writer->EndObject();
}

}  // namespace

Task<Result<std::string>> BatchExecuteStatement(Call& call) {
  INSULA_CO_ASSIGN(std::vector<BatchMember> members, Decode(call.input()));
  OpenTables tables(call);
  INSULA_CO_TRY(BindAll(tables, members));
  INSULA_CO_TRY(co_await Read(tables, members));
  co_await Write(tables, members);

  const auto each_item = [&members](const auto& take) {
    for (const BatchMember& member : members) {
      if (member.item) take(*member.item);
      if (member.outcome) EachItemReturned(*member.outcome, take);
    }
  };
  const auto write = [&] {
    std::string body;
    wire::JsonWriter writer(&body);
    writer.BeginObject();
    writer.Key("Responses");
    writer.BeginArray();
    for (const BatchMember& member : members) WriteMember(member, &writer);
    writer.EndArray();
    bool all_failed = std::ranges::all_of(members, [](const BatchMember& member) { return member.error.has_value(); });
    if (!all_failed) WriteConsumed(call, tables, false, &writer);
    writer.EndObject();
    return body;
  };
  co_return co_await call.Answer(each_item, write);
}

}  // namespace insula::operations
