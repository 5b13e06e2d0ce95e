// Operations on one item.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

const Shape& GetItem() {
  static const Shape shape = Structure("GetItemInput", {
                                                           {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                                           {"AttributesToGet", AttributesToGet()},
                                                           {"TableName", NewerTableName()},
                                                           {"Key", Attributes({NotNull()})},
                                                           {"ConsistentRead", Boolean()},
                                                           {"ProjectionExpression", String()},
                                                           {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                                       });
  return shape;
}

const Shape& PutItem() {
  static const Shape shape = OlderWhenDeep(
      Structure("PutItemInput", {
                                    {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                    {"TableName", NewerTableName()},
                                    {"Item", Attributes({NotNull()})},
                                    {"ConditionalOperator", ConditionalOperator(Constraint::Place::kFirst)},
                                    {"Expected", Expected()},
                                    {"ReturnValues", ReturnValues(Constraint::Place::kAmongOthers)},
                                    {"ReturnItemCollectionMetrics", ReturnItemCollectionMetrics()},
                                    {"ConditionExpression", String()},
                                    {"ExpressionAttributeValues", Attributes()},
                                    {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                    {"ReturnValuesOnConditionCheckFailure", ReturnValuesOnConditionCheckFailure()},
                                }));
  return shape;
}

const Shape& DeleteItem() {
  static const Shape shape = OlderWhenDeep(
      Structure("DeleteItemInput", {
                                       {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                       {"TableName", NewerTableName()},
                                       {"ReturnValues", ReturnValues(Constraint::Place::kAmongOthers)},
                                       {"ReturnItemCollectionMetrics", ReturnItemCollectionMetrics()},
                                       {"Key", Attributes({NotNull()})},
                                       {"ConditionalOperator", ConditionalOperator(Constraint::Place::kFirst)},
                                       {"Expected", Expected()},
                                       {"ConditionExpression", String()},
                                       {"ExpressionAttributeValues", Attributes()},
                                       {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                       {"ReturnValuesOnConditionCheckFailure", ReturnValuesOnConditionCheckFailure()},
                                   }));
  return shape;
}

const Shape& UpdateItem() {
  static const Shape shape = OlderWhenDeep(Structure(
      "UpdateItemInput", {
                             {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                             {"TableName", NewerTableName()},
                             {"ReturnItemCollectionMetrics", ReturnItemCollectionMetrics()},
                             {"ReturnValues", ReturnValues(Constraint::Place::kFirst)},
                             {"ConditionalOperator", ConditionalOperator(Constraint::Place::kFirst)},
                             {"Key", Attributes({NotNull()})},
                             {"Expected", Expected()},
                             {"AttributeUpdates", Map(Structure("AttributeValueUpdate",
                                                                {{"Action", String({Enum({"ADD", "DELETE", "PUT"})})},
                                                                 {"Value", AttributeValueShape()}}))},
                             {"ConditionExpression", String()},
                             {"UpdateExpression", String()},
                             {"ExpressionAttributeValues", Attributes()},
                             {"ExpressionAttributeNames", ExpressionAttributeNames()},
                             {"ReturnValuesOnConditionCheckFailure", ReturnValuesOnConditionCheckFailure()},
                         }));
  return shape;
}

}  // namespace insula::wire::shapes
