// SDKs take errors apart by these bytes.
#include <gtest/gtest.h>

#include "model/error_detail.h"
#include "operations/api.h"
#include "operations/items/transaction.h"
#include "operations/items/write_action.h"

namespace insula::operations {
namespace {

EncodedItem ItemOf(AttributeMap item) { return EncodedItem::From(item); }

TEST(ErrorResponse, HasTypeAndMessage) {
  ApiResponse response = ErrorResponse(ValidationError("wrong \"thing\""));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, R"({"__type":"com.amazon.coral.validate#ValidationException","message":"wrong \"thing\""})");
}

TEST(ErrorResponse, SaysNothingWhereDynamoDBSaysNothing) {
  EXPECT_EQ(ErrorResponse(Error(ErrorCode::kUnknownOperation, "")).body,
            R"({"__type":"com.amazon.coral.service#UnknownOperationException"})");
}

TEST(ErrorResponse, CapitalizesMessageAsCoralDoes) {
  EXPECT_EQ(ErrorResponse(Error(ErrorCode::kSerialization, "Unexpected field type")).body,
            R"({"__type":"com.amazon.coral.service#SerializationException","Message":"Unexpected field type"})");
}

TEST(ErrorResponse, HidesWhatOnlyTheOperatorShouldSee) {
  ApiResponse corrupt = ErrorResponse(Error(ErrorCode::kCorruption, "block 17 of 000042.sst"));
  EXPECT_EQ(corrupt.status, 500);
  EXPECT_EQ(corrupt.body,
            R"({"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"Internal server error"})");
  EXPECT_EQ(corrupt.cause, "block 17 of 000042.sst") << "for the log";
  EXPECT_EQ(ErrorResponse(Error(ErrorCode::kStorageFull, "/data is full")).status, 503);
  EXPECT_EQ(ErrorResponse(ValidationError("the client's own")).cause, "");
}

TEST(ErrorResponse, AFailedConditionShowsTheItemOnRequest) {
  storage::MaybeItem item = ItemOf({{"pk", AttributeValue::S("a")}});
  EXPECT_EQ(ErrorResponse(ConditionFailed(true, item)).body,
            R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
            R"("Message":"The conditional request failed","Item":{"pk":{"S":"a"}}})");
  EXPECT_EQ(ErrorResponse(ConditionFailed(false, item)).body,
            R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
            R"("message":"The conditional request failed"})");
  EXPECT_EQ(ErrorResponse(ConditionFailed(true, std::nullopt)).body,
            R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
            R"("message":"The conditional request failed"})");
}

TEST(ErrorResponse, ACancelledTransactionListsAReasonPerAction) {
  std::vector<CancellationReason> reasons(2);
  reasons[1].code = "ConditionalCheckFailed";
  reasons[1].message = "The conditional request failed";
  reasons[1].item = ItemOf({{"pk", AttributeValue::S("a")}});
  EXPECT_EQ(ErrorResponse(TransactionCancelled(std::move(reasons))).body,
            R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction )"
            R"(cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",)"
            R"("CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Item":{"pk":{"S":"a"}},)"
            R"("Message":"The conditional request failed"}]})");
}

}  // namespace
}  // namespace insula::operations
