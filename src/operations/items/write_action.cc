#include "operations/items/write_action.h"

#include <utility>

#include "model/error_detail.h"
#include "operations/core/key_checks.h"
#include "operations/core/parameters.h"
#include "operations/items/index_key_types.h"
#include "rules/item_rules.h"
#include "wire/attribute_value_json.h"

namespace insula::operations {
namespace {

using storage::WriteKind;

bool AsksForItemOnFailure(wire::StructureView input) {
  return input.String("ReturnValuesOnConditionCheckFailure").value_or("NONE") == "ALL_OLD";
}

Result<void> CheckReturnsAllOldOrNone(wire::StructureView input) {
  std::string_view values = input.String("ReturnValues").value_or("NONE");
  if (values == "NONE" || values == "ALL_OLD") return {};
  return ValidationError("ReturnValues can only be ALL_OLD or NONE");
}

WriteAction StartOf(wire::StructureView input, WriteKind kind) {
  WriteAction action;
  action.kind = kind;
  action.table_name = *input.String("TableName");
  action.return_item_on_failure = AsksForItemOnFailure(input);
  return action;
}

// Expected (where the form has it), then the expressions.
Result<void> DecodeConditions(wire::StructureView input, Form form, WriteAction* action) {
  if (form == Form::kOperation) {
    INSULA_ASSIGN(action->condition, ExpectedOf(input));
  }
  const bool update_expression = action->kind == WriteKind::kUpdate && input.Has("UpdateExpression");
  if (!update_expression && !input.Has("ConditionExpression")) return {};
  INSULA_ASSIGN(expression::Placeholders placeholders, PlaceholdersOf(input));
  if (update_expression) {
    const std::string_view text = *input.String("UpdateExpression");
    // Whose size is told of everything but this.
    if (form == Form::kTransaction && text.size() > expression::kExpressionSizeMax) {
      return ValidationError("Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;");
    }
    INSULA_ASSIGN(expression::Update update, expression::Update::Parse(text, placeholders));
    action->update = std::make_shared<const expression::Update>(std::move(update));
  }
  if (input.Has("ConditionExpression")) {
    INSULA_ASSIGN(action->condition, ConditionOf(input, "ConditionExpression", placeholders));
  }
  return placeholders.CheckAllUsed();
}

Result<void> CheckParameters(wire::StructureView input, Form form, WriteKind kind) {
  const bool update = kind == WriteKind::kUpdate;
  if (form == Form::kTransaction) {
    return update ? CheckExpressionParameters(input, {"UpdateExpression", "ConditionExpression"}, {})
                  : CheckExpressionParameters(input, {"ConditionExpression"}, {});
  }
  return update ? CheckExpressionParameters(input, {"UpdateExpression", "ConditionExpression"},
                                            {"AttributeUpdates", "Expected", "ConditionalOperator"})
                : CheckExpressionParameters(input, {"ConditionExpression"}, {"Expected", "ConditionalOperator"});
}

Result<WriteAction> Decode(wire::StructureView input, Form form, WriteKind kind) {
  WriteAction action = StartOf(input, kind);
  INSULA_TRY(CheckParameters(input, form, kind));
  // Of a transaction's actions expressions come before keys.
  const bool key_last = form == Form::kTransaction && kind != WriteKind::kPut;
  if (key_last) INSULA_TRY(DecodeConditions(input, form, &action));
  INSULA_ASSIGN(action.attributes,
                wire::DecodeItem(input.Json(kind == WriteKind::kPut ? "Item" : "Key"), input.values()));
  if (key_last) return action;
  if (form == Form::kOperation) {
    if (kind == WriteKind::kUpdate) {
      INSULA_ASSIGN(action.update, AttributeUpdatesOf(input));
    } else {
      INSULA_TRY(CheckReturnsAllOldOrNone(input));
    }
  }
  INSULA_TRY(DecodeConditions(input, form, &action));
  return action;
}

// DynamoDB counts what it finds wrong with the parameters of the three operations, though it stops at the first; its
// older front end, which reads what nests deeply, doesn't.
Result<WriteAction> DecodeCounted(wire::StructureView input, Form form, WriteKind kind) {
  Result<WriteAction> decoded = Decode(input, form, kind);
  if (decoded.ok() || form == Form::kTransaction) return decoded;
  const wire::Shape& shape = input.shape();
  const bool older = input.values() == wire::ValueForm::kOlder;
  if (older || (!shape.when_deep.empty() && wire::NestsDeeply(input.json()))) {
    return older ? std::move(decoded) : Decode(wire::StructureView::Of(input.json(), shape.when_deep[0]), form, kind);
  }
  return ValidationError("1 validation error detected: " + decoded.error().message());
}

}  // namespace

void NameIn(NamedItems* named, const WriteAction& action) {
  named->AddItem(action.attributes);
  if (action.update != nullptr) named->AddUpdate(action.update->root());
  if (action.condition != nullptr) named->AddAttributes(action.condition->attributes());
  if (action.return_item_on_failure) named->Returns("ALL_OLD");
}

Result<WriteAction> DecodePut(wire::StructureView input, Form form) {
  INSULA_ASSIGN(WriteAction action, DecodeCounted(input, form, WriteKind::kPut));
  INSULA_TRY(rules::CheckPutSize(action.attributes));
  return action;
}

Result<WriteAction> DecodeUpdate(wire::StructureView input, Form form) {
  INSULA_ASSIGN(WriteAction action, DecodeCounted(input, form, WriteKind::kUpdate));
  if (form == Form::kOperation && input.Has("UpdateExpression")) {
    INSULA_TRY(rules::CheckUpdatedSize(action.update->Charge()));
  }
  return action;
}

Result<WriteAction> DecodeDelete(wire::StructureView input, Form form) {
  return DecodeCounted(input, form, WriteKind::kDelete);
}

Result<WriteAction> DecodeConditionCheck(wire::StructureView input) {
  return Decode(input, Form::kTransaction, WriteKind::kConditionCheck);
}

Result<storage::WriteRequest> Bind(WriteAction action, const tenancy::Table& table) {
  const TableSchema& schema = table.ref.schema();
  storage::WriteRequest request{.table = table.ref, .kind = action.kind};
  request.update = std::move(action.update);
  request.condition = std::move(action.condition);
  request.want_items = action.return_item_on_failure;
  if (action.kind == WriteKind::kPut) {
    INSULA_ASSIGN(request.key, KeyOfPut(action.attributes, schema));
    request.item = std::move(action.attributes);
  } else {
    INSULA_ASSIGN(request.key, KeyFrom(std::move(action.attributes), schema.key));
    if (request.update) {
      INSULA_TRY(CheckUpdatesNoKey(request.update->attributes(), schema.key));
      INSULA_TRY(CheckIndexKeyTypes(*request.update, schema));
      INSULA_TRY(CheckNoNestedKey(request.update->nested_attributes(), schema));
    }
  }
  if (request.condition) INSULA_TRY(CheckNoNestedKey(request.condition->nested_attributes(), schema));
  return request;
}

Error ConditionFailed(bool with_item, storage::MaybeItem item) {
  std::shared_ptr<FailedItemDetail> detail;
  if (with_item && item) {
    detail = std::make_shared<FailedItemDetail>();
    detail->item = std::move(item);
  }
  return {ErrorCode::kConditionalCheckFailed, "The conditional request failed", std::move(detail)};
}

}  // namespace insula::operations
