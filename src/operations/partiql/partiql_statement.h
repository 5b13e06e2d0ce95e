// One PartiQL statement of a request: from its text to the action it is on its table.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "expression/partiql/statement.h"
#include "model/attribute_value.h"
#include "operations/core/authorize.h"
#include "operations/items/write_action.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"
#include "wire/json_writer.h"
#include "wire/request.h"

namespace insula::operations {

// As the request gives it. Views are into the request.
struct StatementInput {
  std::string_view text;
  std::vector<AttributeValue> parameters;
  bool return_item_on_failure = false;  // ReturnValuesOnConditionCheckFailure: ALL_OLD
};

// ValidationException for the first parameter that isn't a value: before any text is read.
Result<StatementInput> DecodeStatement(wire::StructureView input);

// Equal for equal text and parameters, and for no others. Binary.
std::string DigestOf(const StatementInput& input);

// The statement, and all that can be said against it without its table.
Result<partiql::Statement> ParseStatement(const StatementInput& input);

bool IsSelect(const partiql::Statement& statement);
// What IAM calls the right to run it: "PartiQLSelect" …
std::string_view PermissionOf(const partiql::Statement& statement);
Access AccessOf(const partiql::Statement& statement);

// INSERT, UPDATE, DELETE or EXISTS as the action it is. INSERT is a put where nothing is; UPDATE needs the item to be
// there; DELETE of nothing succeeds whatever else its WHERE clause says. ValidationException for a WHERE clause that
// doesn't name one item; IsStatementAtFault tells where that is so whatever the table's key is. `table_name` must
// outlive the action.
Result<WriteAction> ActionOf(partiql::Statement statement, std::string_view table_name, const TableSchema& schema);

// Whether an error of ActionOf is of the statement as it is written, and not of the types of the key that it gives.
bool IsStatementAtFault(const Error& error);

// Why nothing was written: DuplicateItemException for an INSERT, else ConditionalCheckFailedException.
Error StatementRefused(storage::WriteKind kind, bool with_item, storage::MaybeItem item);
inline constexpr std::string_view kExistsElsewhere = "EXISTS can only be used in ExecuteTransaction write requests.";
inline constexpr std::string_view kDuplicateItem = "Duplicate primary key exists in table";

// What RETURNING asks for.
partiql::Returning ReturningOf(const partiql::Statement& statement);
// Has the outcome of `request` show it.
void Want(partiql::Returning returning, storage::WriteRequest* request);
// Calls `take` with the items of an outcome that there may be to write, or to write parts of.
template <class Take>
void EachItemReturned(const storage::WriteOutcome& outcome, const Take& take) {
  for (const storage::MaybeItem* item : {&outcome.old_item, &outcome.new_item}) {
    if (*item) take(**item);
  }
}
// Writes the row that `outcome` has for RETURNING, as an object after `key` (empty: as an element). Writes nothing
// where there is none.
void WriteReturnedRow(partiql::Returning returning, const storage::WriteOutcome& outcome, std::string_view key,
                      wire::JsonWriter* writer);

}  // namespace insula::operations
