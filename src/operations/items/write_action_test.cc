// What PutItem, UpdateItem, DeleteItem and transactions refuse before any table is looked up, and which of several
// wrong things they name. Rows are (request, message); several wrong things in one request are told in DynamoDB's
// order, and counted as one (paritysuite/dynamodb-conformance, captures/cross-region-latest.json and
// tests/tier3/error-messages/{putItem,deleteItem,updateItem,valueLayers}.test.ts, 2026-10).
#include "operations/items/write_action.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "wire/shapes.h"

namespace insula::operations {
namespace {

struct Row {
  std::string_view request;
  std::string_view message;  // empty: accepted
};

using Decoder = Result<WriteAction> (*)(wire::StructureView, Form);

void Check(const wire::Shape& shape, Decoder decode, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.request);
    Result<wire::Request> request = wire::DecodeRequest(row.request, shape);
    ASSERT_TRUE(request.ok()) << request.error().message();
    Result<WriteAction> action = decode(request->root(), Form::kOperation);
    const std::string message = row.message.empty() ? "" : "1 validation error detected: " + std::string(row.message);
    EXPECT_EQ(action.ok() ? "" : action.error().message(), message);
  }
}

TEST(DecodePut, ErrorsInOrder) {
  Check(
      wire::shapes::PutItem(), DecodePut,
      {
          {R"({"TableName":"abc","Item":{}})", ""},
          {R"({"TableName":"abc","Item":{"a":{}},"Expected":{"a":{}},"ExpressionAttributeNames":{},
               "ExpressionAttributeValues":{},"ConditionExpression":""})",
           "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
           "{Expected} Expression parameters: {ConditionExpression}"},
          {R"({"TableName":"abc","Item":{"a":{}},"Expected":{"a":{},"b":{}},"ConditionalOperator":"OR",
               "ConditionExpression":""})",
           "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
           "{Expected, ConditionalOperator} Expression parameters: {ConditionExpression}"},
          {R"({"TableName":"abc","Item":{"a":{}},"Expected":{"a":{}},"ExpressionAttributeNames":{},
               "ExpressionAttributeValues":{}})",
           "ExpressionAttributeNames can only be specified when using expressions"},
          {R"({"TableName":"abc","Item":{"a":{}},"Expected":{"a":{}},"ExpressionAttributeValues":{}})",
           "ExpressionAttributeValues can only be specified when using expressions"},
          {R"({"TableName":"abc","Item":{"a":{}},"ConditionalOperator":"AND"})",
           "ConditionalOperator cannot be used without Filter or Expected"},
          {R"({"TableName":"abc","Item":{"a":{}},"Expected":{"a":{}},"ConditionalOperator":"AND"})",
           "ConditionalOperator can only be used when Filter or Expected has two or more elements"},
          {R"({"TableName":"abc","Item":{"a":{}},"ReturnValues":"ALL_NEW","Expected":{"a":{}}})",
           "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
          {R"({"TableName":"abc","Item":{},"ReturnValues":"ALL_NEW","Expected":{"a":{}}})",
           "ReturnValues can only be ALL_OLD or NONE"},
          {R"({"TableName":"abc","Item":{},"Expected":{"a":{}}})",
           "One or more parameter values were invalid: Value must be provided when Exists is null for Attribute: a"},
          {R"({"TableName":"abc","Item":{},"Expected":{"a":{"Exists":false,"Value":{"S":"a"}}}})",
           "One or more parameter values were invalid: Value cannot be used when Exists is false for Attribute: a"},
          {R"({"TableName":"abc","Item":{},"Expected":{"a":{"ComparisonOperator":"LT"}}})",
           "One or more parameter values were invalid: Value or AttributeValueList must be used with "
           "ComparisonOperator: LT for Attribute: a"},
          {R"({"TableName":"abc","Item":{},"ExpressionAttributeNames":{},"ExpressionAttributeValues":{},
               "ConditionExpression":""})",
           "ExpressionAttributeNames must not be empty"},
          {R"({"TableName":"abc","Item":{},"ExpressionAttributeNames":{"a":"a"},"ExpressionAttributeValues":{},
               "ConditionExpression":""})",
           R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "a")"},
          {R"({"TableName":"abc","Item":{},"ExpressionAttributeNames":{"#a":""},"ConditionExpression":""})",
           "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a"},
          {R"({"TableName":"abc","Item":{},"ExpressionAttributeValues":{},"ConditionExpression":""})",
           "ExpressionAttributeValues must not be empty"},
          {R"({"TableName":"abc","Item":{},"ExpressionAttributeValues":{":b":{"SS":[]},"a":{"S":"a"}},
               "ConditionExpression":""})",
           R"(ExpressionAttributeValues contains invalid key: Syntax error; key: "a")"},
          {R"({"TableName":"abc","Item":{},"ExpressionAttributeValues":{":b":{"SS":[]}},"ConditionExpression":""})",
           "One or more parameter values were invalid: An string set  may not be empty"},
          {R"({"TableName":"abc","Item":{},"ConditionExpression":""})",
           "Invalid ConditionExpression: The expression can not be empty;"},
          {R"({"TableName":"abc","Item":{},"ConditionExpression":"a = :a","ExpressionAttributeValues":{":a":{"S":"a"},
               ":b":{"S":"b"}},"ExpressionAttributeNames":{"#a":"a"}})",
           "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}"},
      });
}

TEST(DecodePut, ItemsMayHave400KilobytesAndNoMore) {
  auto decode = [](std::size_t length) {
    std::string body = R"({"TableName":"abc","Item":{"a":{"S":")" + std::string(length, 'x') + R"("}}})";
    Result<wire::Request> request = wire::DecodeRequest(body, wire::shapes::PutItem());
    Result<WriteAction> action = DecodePut(request->root(), Form::kOperation);
    return action.ok() ? "" : action.error().message();
  };
  EXPECT_EQ(decode(409'599), "");
  EXPECT_EQ(decode(409'600), "Item size has exceeded the maximum allowed size");
}

TEST(DecodeUpdate, ErrorsInOrder) {
  Check(
      wire::shapes::UpdateItem(), DecodeUpdate,
      {
          {R"({"TableName":"abc","Key":{}})", ""},
          {R"({"TableName":"abc","Key":{},"AttributeUpdates":{}})", ""},
          {R"({"TableName":"abc","Key":{"a":{}},"AttributeUpdates":{"a":{}},"Expected":{"a":{}},
               "ConditionalOperator":"OR","UpdateExpression":"","ConditionExpression":""})",
           "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
           "{AttributeUpdates, Expected, ConditionalOperator} Expression parameters: {UpdateExpression, "
           "ConditionExpression}"},
          {R"({"TableName":"abc","Key":{},"ExpressionAttributeValues":{}})",
           "ExpressionAttributeValues can only be specified when using expressions"},
          {R"({"TableName":"abc","Key":{"a":{}},"AttributeUpdates":{"a":{}}})",
           "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
          {R"({"TableName":"abc","Key":{},"AttributeUpdates":{"a":{}},"Expected":{"a":{}}})",
           "One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is "
           "specified"},
          {R"({"TableName":"abc","Key":{},"AttributeUpdates":{"a":{"Action":"DELETE","Value":{"S":"a"}}}})",
           "One or more parameter values were invalid: DELETE action with value is not supported for the type S"},
          {R"({"TableName":"abc","Key":{},"AttributeUpdates":{"a":{"Action":"ADD","Value":{"S":"a"}}}})",
           "One or more parameter values were invalid: ADD action is not supported for the type S"},
          {R"({"TableName":"abc","Key":{},"UpdateExpression":"","ConditionExpression":""})",
           "Invalid UpdateExpression: The expression can not be empty;"},
          {R"({"TableName":"abc","Key":{},"UpdateExpression":"SET a = :a","ConditionExpression":"",
               "ExpressionAttributeValues":{":a":{"S":"a"},":b":{"S":"a"}}})",
           "Invalid ConditionExpression: The expression can not be empty;"},
          {R"({"TableName":"abc","Key":{},"UpdateExpression":"SET a = :a","ExpressionAttributeValues":{":a":{"S":"a"},
               ":b":{"S":"a"}}})",
           "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}"},
          {R"({"TableName":"abc","Key":{},"ReturnValues":"UPDATED_NEW","UpdateExpression":"SET a = :a",
               "ExpressionAttributeValues":{":a":{"S":"a"}}})",
           ""},
      });
}

TEST(DecodeDelete, ErrorsInOrder) {
  Check(wire::shapes::DeleteItem(), DecodeDelete,
        {
            {R"({"TableName":"abc","Key":{}})", ""},
            {R"({"TableName":"abc","Key":{"a":{"N":"x"}},"ReturnValues":"ALL_NEW"})",
             "The parameter cannot be converted to a numeric value: x"},
            {R"({"TableName":"abc","Key":{},"ReturnValues":"ALL_NEW","ConditionExpression":""})",
             "ReturnValues can only be ALL_OLD or NONE"},
            {R"({"TableName":"abc","Key":{},"ConditionExpression":"a = :b"})",
             "Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute "
             "value: :b"},
        });
}

}  // namespace
}  // namespace insula::operations
