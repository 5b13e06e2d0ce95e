// Operations on one item.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

const Shape& GetItem() {
  static const Shape shape = Structure("GetItemInput", {
                                                           {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                                           {"AttributesToGet", AttributesToGet()},
                                                           {"TableName", TableName()},
                                                           {"Key", Attributes({NotNull()})},
                                                           {"ConsistentRead", Boolean()},
                                                           {"ProjectionExpression", String()},
                                                           {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                                       });
  return shape;
}

const Shape& PutItem() {
  static const Shape shape =
      Structure("PutItemInput", {
                                    {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                    {"TableName", TableName()},
                                    {"Item", Attributes({NotNull()})},
                                    {"ConditionalOperator", ConditionalOperator()},
                                    {"Expected", Expected()},
                                    {"ReturnValues", ReturnValues()},
                                    {"ReturnItemCollectionMetrics", ReturnItemCollectionMetrics()},
                                    {"ConditionExpression", String()},
                                    {"ExpressionAttributeValues", Attributes()},
                                    {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                    {"ReturnValuesOnConditionCheckFailure", ReturnValuesOnConditionCheckFailure()},
                                });
  return shape;
}

const Shape& DeleteItem() {
  static const Shape shape =
      Structure("DeleteItemInput", {
                                       {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                       {"TableName", TableName()},
                                       {"ReturnValues", ReturnValues()},
                                       {"ReturnItemCollectionMetrics", ReturnItemCollectionMetrics()},
                                       {"Key", Attributes({NotNull()})},
                                       {"ConditionalOperator", ConditionalOperator()},
                                       {"Expected", Expected()},
                                       {"ConditionExpression", String()},
                                       {"ExpressionAttributeValues", Attributes()},
                                       {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                       {"ReturnValuesOnConditionCheckFailure", ReturnValuesOnConditionCheckFailure()},
                                   });
  return shape;
}

const Shape& UpdateItem() {
  static const Shape shape = Structure(
      "UpdateItemInput",
      {
          {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
          {"TableName", TableName()},
          {"ReturnItemCollectionMetrics", ReturnItemCollectionMetrics()},
          {"ReturnValues", ReturnValues()},
          {"Key", Attributes({NotNull()})},
          {"ConditionalOperator", ConditionalOperator()},
          {"Expected", Expected()},
          {"AttributeUpdates",
           Map(Structure("AttributeValueUpdate",
                         {{"Action", String({Enum({"ADD", "DELETE", "PUT"})})}, {"Value", AttributeValueShape()}}))},
          {"ConditionExpression", String()},
          {"UpdateExpression", String()},
          {"ExpressionAttributeValues", Attributes()},
          {"ExpressionAttributeNames", ExpressionAttributeNames()},
          {"ReturnValuesOnConditionCheckFailure", ReturnValuesOnConditionCheckFailure()},
      });
  return shape;
}

}  // namespace insula::wire::shapes
