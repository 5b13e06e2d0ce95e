// PartiQL statements: one, a batch, a transaction.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

namespace {

constexpr std::int64_t kStatementLengthMax = 8192;
constexpr std::int64_t kNextTokenLengthMax = 32768;

// A statement with its parameters, and the members that the operation has beside them.
std::vector<Field> Parameterized(std::vector<Field> fields) {
  fields.insert(fields.end(), {{"Statement", String({NotNull(), MaxLength(kStatementLengthMax), MinLength(1)})},
                               {"Parameters", List(AttributeValueShape(), {MinLength(1)})},
                               {"ReturnValuesOnConditionCheckFailure", ReturnValuesOnConditionCheckFailure()}});
  return fields;
}

}  // namespace

const Shape& ExecuteStatement() {
  static const Shape shape = WithOlderValues(
      Structure("ExecuteStatementInput", Parameterized({
                                             {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                             {"ConsistentRead", Boolean()},
                                             {"NextToken", String({MaxLength(kNextTokenLengthMax), MinLength(1)})},
                                             {"Limit", Integer({MinValue(1)})},
                                         })));
  return shape;
}

const Shape& BatchExecuteStatement() {
  static const Shape shape = WithOlderValues(Structure(
      "BatchExecuteStatementInput",
      {
          {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
          {"Statements", List(Structure("BatchStatementRequest", Parameterized({{"ConsistentRead", Boolean()}})),
                              {NotNull(), MaxLength(25), MinLength(1)})},
      }));
  return shape;
}

const Shape& ExecuteTransaction() {
  static const Shape shape = WithOlderValues(Structure(
      "ExecuteTransactionInput", {
                                     {"ClientRequestToken", String({MaxLength(36), MinLength(1)})},
                                     {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                     {"TransactStatements", List(Structure("ParameterizedStatement", Parameterized({})),
                                                                 {NotNull(), MaxLength(100), MinLength(1)})},
                                 }));
  return shape;
}

}  // namespace insula::wire::shapes
