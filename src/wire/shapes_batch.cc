// Operations on several items of any table: batches and transactions.
#include "wire/shape_parts.h"
#include "wire/shapes.h"

namespace insula::wire::shapes {

using namespace parts;

namespace {

Constraint TableNamesAsKeys() { return MapKeys({MaxLength(255), MinLength(3), NamePattern()}); }

// The members that every action of TransactWriteItems has beside its own.
std::vector<Field> WriteAction(std::vector<Field> fields) {
  fields.insert(fields.end(), {{"TableName", TableName()},
                               {"ExpressionAttributeNames", ExpressionAttributeNames()},
                               {"ExpressionAttributeValues", Attributes()},
                               {"ReturnValuesOnConditionCheckFailure", ReturnValuesOnConditionCheckFailure()}});
  return fields;
}

}  // namespace

const Shape& BatchGetItem() {
  static const Shape shape =
      Structure("BatchGetItemInput",
                {
                    {"RequestItems",
                     ShownAsJson(Map(
                         Structure("KeysAndAttributes",
                                   {
                                       {"Keys", List(Attributes(), {NotNull(), LateMinLength(1), LateMaxLength(100)})},
                                       {"AttributesToGet", AttributesToGet()},
                                       {"ConsistentRead", Boolean()},
                                       {"ProjectionExpression", String()},
                                       {"ExpressionAttributeNames", ExpressionAttributeNames()},
                                   }),
                         {NotNull(), TableNamesAsKeys(), LateMinLength(1)}))},
                    {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
                });
  return shape;
}

const Shape& BatchWriteItem() {
  static const Shape shape = WithOlderValues(Structure(
      "BatchWriteItemInput",
      {
          {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
          {"ReturnItemCollectionMetrics", ReturnItemCollectionMetrics()},
          {"RequestItems",
           Map(List(Structure("WriteRequest",
                              {
                                  {"PutRequest", Structure("PutRequest", {{"Item", Attributes({NotNull()})}})},
                                  {"DeleteRequest", Structure("DeleteRequest", {{"Key", Attributes({NotNull()})}})},
                              })),
               {NotNull(), UnlessOthers(TableNamesAsKeys()), MapValues({MaxLength(25), MinLength(1)}),
                LateNotEmpty("BatchWriteItem")})},
      }));
  return shape;
}

const Shape& TransactGetItems() {
  static const Shape shape = WithOlderValues(Structure(
      "TransactGetItemsInput",
      {
          {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
          {"TransactItems", List(Structure("TransactGetItem", {{"Get", Structure("Get",
                                                                                 {
                                                                                     {"Key", Attributes({NotNull()})},
                                                                                     {"TableName", TableName()},
                                                                                     {"ProjectionExpression", String()},
                                                                                     {"ExpressionAttributeNames",
                                                                                      ExpressionAttributeNames()},
                                                                                 },
                                                                                 {NotNull()})}}),
                                 {NotNull(), MaxLength(100), MinLength(1)})},
      }));
  return shape;
}

const Shape& TransactWriteItems() {
  static const Shape shape = WithOlderValues(Structure(
      "TransactWriteItemsInput",
      {
          {"ClientRequestToken", String({MaxLength(36), MinLength(1)})},
          {"ReturnConsumedCapacity", ReturnConsumedCapacity()},
          {"ReturnItemCollectionMetrics", ReturnItemCollectionMetrics()},
          {"TransactItems",
           List(
               Structure("TransactWriteItem",
                         {
                             {"ConditionCheck",
                              Structure("ConditionCheck", WriteAction({{"Key", Attributes({NotNull()})},
                                                                       {"ConditionExpression", String({NotNull()})}}))},
                             {"Put", Structure("Put", WriteAction({{"Item", Attributes({NotNull()})},
                                                                   {"ConditionExpression", String()}}))},
                             {"Delete", Structure("Delete", WriteAction({{"Key", Attributes({NotNull()})},
                                                                         {"ConditionExpression", String()}}))},
                             {"Update", Structure("Update", WriteAction({{"Key", Attributes({NotNull()})},
                                                                         {"UpdateExpression", String({NotNull()})},
                                                                         {"ConditionExpression", String()}}))},
                         }),
               {NotNull(), MaxLength(100), MinLength(1)})},
      }));
  return shape;
}

}  // namespace insula::wire::shapes
