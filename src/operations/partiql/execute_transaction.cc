// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "expression/partiql/plan.h"
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

constexpr std::string_view kSchemaMismatch = "The provided key element does not match the schema";

struct TransactionMember {
  StatementInput input;
  std::optional<partiql::Statement> statement;
  std::string table_name;
  std::size_t table = 0;                     // in OpenTables
  std::optional<CancellationReason> reason;  // why the transaction is cancelled before it begins
  bool insert = false;
};

struct Bound {
  std::vector<ItemAsked> reads;               // of a transaction that reads
  std::vector<storage::WriteRequest> writes;  // of one that writes
  std::vector<RowWriter> rows;                // of each SELECT
};

// Names the statement whose fault it is.
Error InStatement(std::size_t index, const Error& error) {
  if (error.code() != ErrorCode::kValidation) return error;
  return ValidationError(fmt::format("Validation failed in TransactStatements[{}]: {}", index, error.message()));
}

// What can be said of one statement with its table, apart from its WHERE clause.
Result<void> CheckForm(const partiql::Statement& statement) {
  if (ReturningOf(statement) != partiql::Returning::kNone) {
    return ValidationError("RETURNING clause is not supported in ExecuteTransaction.");
  }
  if (const auto* select = std::get_if<partiql::SelectStatement>(&statement)) INSULA_TRY(CheckColumns(*select));
  if (IsSelect(statement) && partiql::SourceOf(statement).index) {
    return ValidationError("Reads on indices are not supported within transactions.");
  }
  if (std::holds_alternative<partiql::ExistsStatement>(statement) && partiql::SourceOf(statement).index) {
    return ValidationError("Operations on indices are not supported in transactions");
  }
  return {};
}

// Parameters of all statements, then each with its table: one that isn't there cancels the transaction, unless another
// statement is wrong in itself.
Result<std::vector<TransactionMember>> Decode(const Call& call, OpenTables& tables) {
  auto inputs = call.input().Structures("TransactStatements");
  std::vector<TransactionMember> members(
      inputs->size());  // its elements stay where they are: tables keep views of the names
  for (std::size_t i = 0; i < members.size(); ++i) {
    INSULA_ASSIGN(members[i].input, DecodeStatement((*inputs)[i]));
  }
  std::size_t reads = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    TransactionMember& member = members[i];
    Result<partiql::Statement> statement = ParseStatement(member.input);
    if (!statement.ok()) return InStatement(i, statement.error());
    member.statement = std::move(statement).value();
    member.insert = std::holds_alternative<partiql::InsertStatement>(*member.statement);
    member.table_name = partiql::SourceOf(*member.statement).table;
    reads += IsSelect(*member.statement) ? 1 : 0;
    const ItemNamerOf names([&member](NamedItems* named) {
      NameIn(named, *member.statement);
      if (member.input.return_item_on_failure) named->Returns("ALL_OLD");
    });
    Result<std::size_t> table = tables.Open(member.table_name, IntentOf(*member.statement, names));
    if (!table.ok()) {
      if (table.error().code() != ErrorCode::kResourceNotFound) return table.error();
      member.reason =
          CancellationReason{.code = "ResourceNotFound", .message = table.error().message(), .item = std::nullopt};
      continue;
    }
    member.table = *table;
    Result<void> form = CheckForm(*member.statement);
    if (!form.ok()) return InStatement(i, form.error());
  }
  if (reads != 0 && reads != members.size()) {
    return ValidationError(
        "ExecuteTransaction API does not support both read and write operations in the same request.");
  }
  return members;
}

// A key of other types than the table's; that the WHERE clause has one was checked.
CancellationReason Mismatch() { return ValidationReason(ValidationError(std::string(kSchemaMismatch))); }

Result<void> BindSelect(const tenancy::Table& table, TransactionMember& member, DistinctItems& distinct, Bound* bound) {
  const TableSchema& schema = *table.definition.schema;
  auto& select = std::get<partiql::SelectStatement>(*member.statement);
  auto unkeyed = [] {
    return ValidationError(
        "Select statements within ExecuteTransaction must specify the primary key in the where clause.");
  };
  if (!partiql::GivesKey(select.where, schema.key, partiql::KeyForm::kRead)) {
    INSULA_TRY(partiql::PlanRead(std::move(select.where), schema.key));
    return unkeyed();
  }
  Result<partiql::KeyedWhere> keyed = partiql::SplitByKey(std::move(select.where), schema.key, partiql::KeyForm::kRead);
  if (!keyed.ok()) {
    member.reason = Mismatch();
    return {};
  }
  if (keyed->rest != nullptr) return unkeyed();
  AttributeMap attributes;
  AddKeyTo(&attributes, keyed->key, schema.key);
  Result<PrimaryKey> key = KeyFrom(std::move(attributes), schema.key);
  if (!key.ok()) {
    member.reason = ValidationReason(key.error());
    return {};
  }
  RowWriter rows(std::move(select.columns));
  if (Result<void> nested = CheckNoNestedKey(rows.nested_attributes(), schema); !nested.ok()) {
    member.reason = ValidationReason(nested.error());
    return {};
  }
  distinct.Add(table, *key);
  bound->reads.push_back({member.table, std::move(key).value(), true});
  bound->rows.emplace_back(std::move(rows));
  return {};
}

Result<void> BindWrite(const Call& call, const tenancy::Table& table, TransactionMember& member,
                       DistinctItems& distinct, Bound* bound) {
  INSULA_TRY(AuthorizeInTransaction(call, table, PermissionOf(*member.statement)));
  Result<WriteAction> action = ActionOf(std::move(*member.statement), member.table_name, *table.definition.schema);
  if (!action.ok()) {
    if (IsStatementAtFault(action.error())) return action.error();
    member.reason = Mismatch();
    return {};
  }
  action->return_item_on_failure = member.input.return_item_on_failure;
  Result<storage::WriteRequest> write = Bind(std::move(action).value(), table);
  if (!write.ok()) {
    member.reason = ValidationReason(write.error());
    return {};
  }
  distinct.Add(table, write->key);
  bound->writes.push_back(std::move(write).value());
  return {};
}

Result<Bound> BindAll(const Call& call, const OpenTables& tables, std::vector<TransactionMember>& members) {
  Bound bound;
  DistinctItems distinct;
  for (std::size_t i = 0; i < members.size(); ++i) {
    TransactionMember& member = members[i];
    if (member.reason) continue;
    const tenancy::Table& table = *tables[member.table];
    Result<void> one = IsSelect(*member.statement) ? BindSelect(table, member, distinct, &bound)
                                                   : BindWrite(call, table, member, distinct, &bound);
    if (!one.ok()) return InStatement(i, one.error());
  }
  if (std::ranges::any_of(members, [](const TransactionMember& member) { return member.reason.has_value(); })) {
    std::vector<CancellationReason> reasons;
    for (TransactionMember& member : members) {
      reasons.push_back(member.reason ? std::move(*member.reason) : CancellationReason());
    }
    return TransactionCancelled(std::move(reasons));
  }
  INSULA_TRY(distinct.Check());
  return bound;
}

// What a repeated client request token must come with again.
std::string FingerprintOf(const std::vector<TransactionMember>& members, const OpenTables& tables) {
  Sha256 hash;
  for (const TransactionMember& member : members) {
    hash.Update(DigestOf(member.input)).Update(tables[member.table]->arn).Update("\n");
  }
  return HexOf(AsText(hash.Finish()));
}

Error CancelledStatements(const Error& error, const std::vector<TransactionMember>& members) {
  return CancelledBy(
      error, members.size(), [&](std::size_t i) { return members[i].input.return_item_on_failure; },
      [&](std::size_t i, CancellationReason& reason) {
        if (reason.code != "ConditionalCheckFailed" || !members[i].insert) return;
        reason.code = "DuplicateItem";
        reason.message = std::string(kDuplicateItem);
        reason.item.reset();
      });
}

// One response for each item that was read; writes have none.
std::string Respond(const Call& call, const OpenTables& tables, const Bound& bound,
                    std::span<const storage::MaybeItem> items) {
  std::string body;
  wire::JsonWriter writer(&body);
  writer.BeginObject();
  writer.Key("Responses");
  writer.BeginArray();
  for (std::size_t i = 0; i < items.size(); ++i) {
    writer.BeginObject();
    if (items[i]) {
      writer.Key("Item");
      bound.rows[i].Write(*items[i], &writer);
    }
    writer.EndObject();
  }
  writer.EndArray();
  WriteConsumed(call, tables, true, &writer);
  writer.EndObject();
  return body;
}

}  // namespace

Task<Result<std::string>> ExecuteTransaction(Call& call) {
  OpenTables tables(call);
  INSULA_CO_ASSIGN(std::vector<TransactionMember> members, Decode(call, tables));
  INSULA_CO_ASSIGN(Bound bound, BindAll(call, tables, members));
  if (!bound.reads.empty()) {
    Result<std::vector<storage::MaybeItem>> items = co_await ReadTransaction(tables, std::move(bound.reads));
    if (!items.ok()) co_return std::move(items).error();
    const auto write = [&] { return Respond(call, tables, bound, *items); };
    co_return co_await call.Answer(EachOf(*items), write);
  }

  storage::TransactWriteRequest request;
  request.writes = std::move(bound.writes);
  if (auto token = call.input().String("ClientRequestToken")) {
    // A token is of its operation: TransactWriteItems knows none of these.
    request.token = storage::TransactWriteRequest::Token{
        .key = fmt::format("statements:{}/{}", tenancy::KeyOf(call.context()), *token),
        .fingerprint = FingerprintOf(members, tables)};
  }
  std::vector<std::size_t> table_of;
  for (const TransactionMember& member : members) table_of.push_back(member.table);
  Result<storage::TransactWriteOutcome> result = co_await tables.TransactWrite(std::move(request), std::move(table_of));
  if (!result.ok()) co_return CancelledStatements(result.error(), members);
  co_return Respond(call, tables, bound, {});
}

}  // namespace insula::operations
