// PartiQL statements, parsed: conditions and updates are those of expressions, so the engine knows one language.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "expression/ast.h"
#include "expression/expression.h"
#include "model/attribute_value.h"

namespace insula::partiql {

// What a statement reads or writes.
struct Source {
  std::string table;
  std::optional<std::string> index;  // only in SELECT
};

// RETURNING: DynamoDB's ReturnValues in PartiQL's words (MODIFIED is UPDATED).
enum class Returning : std::uint8_t { kNone, kAllOld, kModifiedOld, kAllNew, kModifiedNew };

struct Column {
  expression::DocumentPath path;
  std::string name;  // in the answer: the path's last name and the indexes after it, "k[1]" of a.k[1]
};
struct OrderTerm {
  std::string attribute;
  bool descending = false;
};

using Where = std::unique_ptr<expression::ConditionNode>;  // nullptr: there is none

struct SelectStatement {
  Source source;
  std::vector<Column> columns;  // empty: all attributes
  // What is wrong with the columns of a read of an index: told once it is known that the index can be read at all.
  std::optional<std::string> columns_fault;
  Where where;
  std::vector<OrderTerm> order;
};
struct InsertStatement {
  Source source;
  AttributeMap item;
};
struct UpdateStatement {
  Source source;
  expression::UpdateNode update;
  Where where;
  Returning returning = Returning::kNone;
};
struct DeleteStatement {
  Source source;
  Where where;
  Returning returning = Returning::kNone;
};
struct ExistsStatement {  // EXISTS(SELECT …): a condition of a transaction
  SelectStatement select;
};
using Statement = std::variant<SelectStatement, InsertStatement, UpdateStatement, DeleteStatement, ExistsStatement>;

// Reads `text`; each '?' takes the next of `parameters`. ValidationException in DynamoDB's words. The length of the
// text is the caller's to check (8192 characters).
Result<Statement> Parse(std::string_view text, const std::vector<AttributeValue>& parameters);

// What a SELECT answers for one item: its columns, under their names; the whole item if it has none.
AttributeMap ProjectColumns(const std::vector<Column>& columns, const AttributeMap& item);

const Source& SourceOf(const Statement& statement);

}  // namespace insula::partiql
