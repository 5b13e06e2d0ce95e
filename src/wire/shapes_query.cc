// Query, Scan and SearchVectors.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

const Shape& Query() {
  static const Shape shape =
      Structure("QueryInput", {
                                  {"Select", Select()},
                                  {"IndexName", IndexName()},
                                  {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                  {"QueryFilter", Conditions()},
                                  {"TableName", NewerTableName()},
                                  {"ConditionalOperator", ConditionalOperator(Constraint::Place::kFirstBare)},
                                  {"AttributesToGet", AttributesToGet()},
                                  {"Limit", Integer({LateMinValue(1)})},
                                  {"KeyConditions", Conditions()},
                                  {"ExclusiveStartKey", Attributes()},
                                  {"ConsistentRead", Boolean()},
                                  {"ScanIndexForward", Boolean()},
                                  {"KeyConditionExpression", String()},
                                  {"FilterExpression", String()},
                                  {"ProjectionExpression", String()},
                                  {"ExpressionAttributeValues", Attributes()},
                                  {"ExpressionAttributeNames", ExpressionAttributeNames()},
                              });
  return shape;
}

const Shape& Scan() {
  static const Shape shape =
      WithOlderValues(Structure("ScanInput", {
                                                 {"Select", Select()},
                                                 {"IndexName", IndexName()},
                                                 {"TotalSegments", Integer({MinValue(1), MaxValue(1000000)})},
                                                 {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                                 {"TableName", TableName()},
                                                 {"ConditionalOperator", ConditionalOperator()},
                                                 {"ScanFilter", Conditions()},
                                                 {"Segment", Integer({MinValue(0), MaxValue(999999)})},
                                                 {"Limit", Integer({MinValue(1)})},
                                                 {"AttributesToGet", AttributesToGet()},
                                                 {"ExclusiveStartKey", Attributes()},
                                                 {"ConsistentRead", Boolean()},
                                                 {"FilterExpression", String()},
                                                 {"ProjectionExpression", String()},
                                                 {"ExpressionAttributeValues", Attributes()},
                                                 {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                             }));
  return shape;
}

const Shape& SearchVectors() {
  static const Shape shape = Strict(WithOlderValues(
      Structure("SearchVectorsInput", {
                                          {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                                          {"TableName", TableName()},
                                          {"IndexName", IndexName({NotNull()})},
                                          {"SearchVector", List(AttributeValueShape(), {NotNull(), MinLength(1)})},
                                          {"TopK", Integer({NotNull(), MinValue(1)})},
                                          {"SearchConditionExpression", String()},
                                          {"ProjectionExpression", String()},
                                          {"ExpressionAttributeValues", Attributes()},
                                          {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                      })));
  return shape;
}

}  // namespace insula::wire::shapes
