#include "operations/partiql/partiql_statement.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "base/crypto.h"
#include "expression/partiql/plan.h"
#include "model/encoded_item.h"
#include "model/item_size.h"
#include "operations/core/key_checks.h"
#include "rules/item_rules.h"
#include "wire/attribute_value_json.h"

namespace insula::operations {
namespace {

using expression::Condition;
using expression::ConditionNode;
using partiql::DeleteStatement;
using partiql::ExistsStatement;
using partiql::InsertStatement;
using partiql::Returning;
using partiql::SelectStatement;
using partiql::UpdateStatement;
using storage::WriteKind;

std::string_view NameOf(Returning returning) {
  switch (returning) {
    case Returning::kNone:
      return "";
    case Returning::kAllOld:
      return "ALL OLD";
    case Returning::kModifiedOld:
      return "MODIFIED OLD";
    case Returning::kAllNew:
      return "ALL NEW";
    case Returning::kModifiedNew:
      return "MODIFIED NEW";
  }
  return "";
}

// Whether there is an item, by the attribute that every item has.
ConditionNode ItemExists(const TableSchema& schema, bool negated) {
  ConditionNode condition;
  condition.node = expression::ExistsNode{expression::DocumentPath{schema.hash().name}, negated};
  return condition;
}

std::shared_ptr<const Condition> Shared(partiql::Where where) {
  return where == nullptr ? nullptr : std::make_shared<const Condition>(std::move(*where));
}

// The key of the one item that a statement is about, and the rest of its WHERE clause.
Result<partiql::Where> TakeKey(partiql::Where where, const TableSchema& schema, bool writes, WriteAction* action) {
  INSULA_ASSIGN(partiql::KeyedWhere keyed, partiql::SplitByKey(std::move(where), schema.key));
  if (writes && keyed.conflicting) {
    return ValidationError(fmt::format(
        "Multiple conditions on same key {}. Only single item Update/Insert/Delete are supported", *keyed.conflicting));
  }
  AddKeyTo(&action->attributes, keyed.key, schema.key);
  return std::move(keyed.rest);
}

Result<void> Fill(InsertStatement statement, const TableSchema& schema, WriteAction* action) {
  action->kind = WriteKind::kPut;
  action->attributes = std::move(statement.item);
  action->condition = std::make_shared<const Condition>(ItemExists(schema, true));
  return {};
}

Result<void> Fill(UpdateStatement statement, const TableSchema& schema, WriteAction* action) {
  action->kind = WriteKind::kUpdate;
  action->update = std::make_shared<const expression::Update>(std::move(statement.update));
  INSULA_ASSIGN(partiql::Where rest, TakeKey(std::move(statement.where), schema, true, action));
  std::vector<ConditionNode> all;
  all.push_back(ItemExists(schema, false));
  if (rest != nullptr) all.push_back(std::move(*rest));
  action->condition = Shared(partiql::Conjunction(std::move(all)));
  return {};
}

Result<void> Fill(DeleteStatement statement, const TableSchema& schema, WriteAction* action) {
  action->kind = WriteKind::kDelete;
  INSULA_ASSIGN(partiql::Where rest, TakeKey(std::move(statement.where), schema, true, action));
  if (rest == nullptr) return {};
  expression::OrNode either;
  either.terms.push_back(ItemExists(schema, true));
  either.terms.push_back(std::move(*rest));
  ConditionNode condition;
  condition.node = std::move(either);
  action->condition = std::make_shared<const Condition>(std::move(condition));
  return {};
}

struct StatementAtFault : ErrorDetail {};

Error ExistsNeedsCondition() {
  return {ErrorCode::kValidation, "EXISTS() must contain a single item read with additional condition",
          std::make_shared<const StatementAtFault>()};
}

Result<void> Fill(ExistsStatement statement, const TableSchema& schema, WriteAction* action) {
  action->kind = WriteKind::kConditionCheck;
  if (!partiql::GivesKey(statement.select.where, schema.key, partiql::KeyForm::kWrite)) {
    return ExistsNeedsCondition();
  }
  INSULA_ASSIGN(partiql::Where rest, TakeKey(std::move(statement.select.where), schema, false, action));
  if (rest == nullptr) return ExistsNeedsCondition();
  action->condition = Shared(std::move(rest));
  return {};
}

Result<void> Fill(SelectStatement, const TableSchema&, WriteAction*) {
  INSULA_CHECK(false);
  return {};
}

}  // namespace

Result<StatementInput> DecodeStatement(wire::StructureView input) {
  StatementInput decoded;
  decoded.text = *input.String("Statement");
  decoded.return_item_on_failure = input.String("ReturnValuesOnConditionCheckFailure").value_or("NONE") == "ALL_OLD";
  wire::JsonValue parameters = input.Json("Parameters");
  if (parameters.is_null()) return decoded;
  decoded.parameters.reserve(parameters.size());
  for (wire::JsonValue json : parameters.elements()) {
    INSULA_ASSIGN(AttributeValue value, wire::DecodeValue(json, input.values()));
    decoded.parameters.push_back(std::move(value));
  }
  return decoded;
}

std::string DigestOf(const StatementInput& input) {
  std::string bytes;
  AppendVarint(input.text.size(), &bytes);
  bytes.append(input.text);
  for (const AttributeValue& value : input.parameters) AppendEncodedValue(value, &bytes);
  return std::string(AsText(Sha256::Of(bytes)));
}

Result<partiql::Statement> ParseStatement(const StatementInput& input) {
  INSULA_ASSIGN(partiql::Statement statement, partiql::Parse(input.text, input.parameters));
  const partiql::Source& source = partiql::SourceOf(statement);
  if (source.table.empty() || (source.index && source.index->empty())) {
    return ValidationError("Path component cannot be an empty string");
  }
  if (const auto* erase = std::get_if<DeleteStatement>(&statement)) {
    if (erase->returning != Returning::kNone && erase->returning != Returning::kAllOld) {
      return ValidationError(fmt::format(
          "Invalid returning clause: RETURNING {} *. Only RETURNING ALL OLD * is allowed in DELETE statements.",
          NameOf(erase->returning)));
    }
  }
  if (const auto* insert = std::get_if<InsertStatement>(&statement)) {
    INSULA_TRY(rules::CheckPutSize(insert->item));
  }
  return statement;
}

bool IsSelect(const partiql::Statement& statement) { return std::holds_alternative<SelectStatement>(statement); }

std::string_view PermissionOf(const partiql::Statement& statement) {
  struct {
    std::string_view operator()(const SelectStatement&) const { return "PartiQLSelect"; }
    std::string_view operator()(const InsertStatement&) const { return "PartiQLInsert"; }
    std::string_view operator()(const UpdateStatement&) const { return "PartiQLUpdate"; }
    std::string_view operator()(const DeleteStatement&) const { return "PartiQLDelete"; }
    std::string_view operator()(const ExistsStatement&) const { return "ConditionCheckItem"; }
  } visitor;
  return std::visit(visitor, statement);
}

Access AccessOf(const partiql::Statement& statement) {
  return IsSelect(statement) || std::holds_alternative<ExistsStatement>(statement) ? Access::kRead : Access::kWrite;
}

Result<WriteAction> ActionOf(partiql::Statement statement, std::string_view table_name, const TableSchema& schema) {
  WriteAction action;
  action.table_name = table_name;
  INSULA_TRY(std::visit([&](auto& kind) { return Fill(std::move(kind), schema, &action); }, statement));
  return action;
}

Error StatementRefused(WriteKind kind, bool with_item, storage::MaybeItem item) {
  if (kind == WriteKind::kPut) return {ErrorCode::kDuplicateItem, std::string(kDuplicateItem)};
  return ConditionFailed(with_item, std::move(item));
}

Returning ReturningOf(const partiql::Statement& statement) {
  if (const auto* update = std::get_if<UpdateStatement>(&statement)) return update->returning;
  if (const auto* erase = std::get_if<DeleteStatement>(&statement)) return erase->returning;
  return Returning::kNone;
}

void Want(Returning returning, storage::WriteRequest* request) {
  using Report = expression::Update::Report;
  request->want_items |= returning == Returning::kAllOld || returning == Returning::kAllNew;
  if (returning == Returning::kModifiedOld) request->report = Report::kUpdatedOld;
  if (returning == Returning::kModifiedNew) request->report = Report::kUpdatedNew;
}

bool IsStatementAtFault(const Error& error) { return dynamic_cast<const StatementAtFault*>(error.detail()) != nullptr; }

void WriteReturnedRow(Returning returning, const storage::WriteOutcome& outcome, std::string_view key,
                      wire::JsonWriter* writer) {
  auto write = [&](const auto& item) {
    if (!key.empty()) writer->Key(key);
    wire::WriteItem(item, writer);
  };
  switch (returning) {
    case Returning::kNone:
      return;
    case Returning::kAllOld:
      if (outcome.old_item) write(*outcome.old_item);
      return;
    case Returning::kAllNew:
      if (outcome.new_item) write(*outcome.new_item);
      return;
    case Returning::kModifiedOld:
      if (!outcome.updated_old.empty()) write(outcome.updated_old);
      return;
    case Returning::kModifiedNew:
      if (!outcome.updated_new.empty()) write(outcome.updated_new);
      return;
  }
}

}  // namespace insula::operations
