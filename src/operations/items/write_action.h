// One write as a request describes it: the parameters of PutItem, UpdateItem and DeleteItem, of the requests in a
// BatchWriteItem, and of the actions of a transaction.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "expression/expression.h"
#include "model/attribute_value.h"
#include "operations/core/call.h"
#include "operations/core/named_items.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"
#include "wire/request.h"

namespace insula::operations {

// Before its table is known. Views are into the request.
struct WriteAction {
  storage::WriteKind kind = storage::WriteKind::kPut;
  std::string_view table_name;  // as given: name or ARN
  AttributeMap attributes;      // the item of a put, the key of the others
  std::shared_ptr<const expression::Update> update;
  std::shared_ptr<const expression::Condition> condition;
  bool return_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure: ALL_OLD
};

// What policies may ask of it.
void NameIn(NamedItems* named, const WriteAction& action);

// Actions of a transaction have no legacy parameters and no ReturnValues.
enum class Form : std::uint8_t { kOperation, kTransaction };

// Each checks all that can be said without the table, in DynamoDB's order.
Result<WriteAction> DecodePut(wire::StructureView input, Form form);
Result<WriteAction> DecodeUpdate(wire::StructureView input, Form form);
Result<WriteAction> DecodeDelete(wire::StructureView input, Form form);
Result<WriteAction> DecodeConditionCheck(wire::StructureView input);

// Checks the action against its table and makes the engine's request of it. Items are wanted back only where the action
// asks for the one that fails its condition.
Result<storage::WriteRequest> Bind(WriteAction action, const tenancy::Table& table);

// Runs PutItem, UpdateItem or DeleteItem once its parameters are decoded, and writes the answer.
Task<Result<std::string>> PerformWrite(Call& call, WriteAction action);

// ConditionalCheckFailedException, with the item where the request asked for it.
Error ConditionFailed(bool with_item, storage::MaybeItem item);

}  // namespace insula::operations
