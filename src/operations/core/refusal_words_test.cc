// What clients read when an engine refuses: the codes and messages are DynamoDB's contract.
#include "operations/core/refusal_words.h"

#include <gtest/gtest.h>

#include <string>

#include "model/error_detail.h"
#include "storage/refusal.h"

namespace insula::operations {
namespace {

using storage::MemberRefusal;
using storage::Refusal;
using storage::Refused;

std::string Said(const Error& error) {
  const Error worded = Worded(error);
  return std::string(TraitsOf(worded.code()).name) + ": " + worded.message();
}

TEST(RefusalWords, AreDynamoDbs) {
  EXPECT_EQ(Said(Refused(Refusal::kTableGone)), "ResourceNotFoundException: Requested resource not found");
  EXPECT_EQ(Said(Refused(Refusal::kNoSuchIndex)), "ValidationException: The table does not have the specified index");
  EXPECT_EQ(Said(storage::IndexIncomplete("gsi")),
            "ValidationException: Cannot read from backfilling global secondary index: gsi");
  EXPECT_EQ(Said(Refused(Refusal::kStartIncomplete)), "ValidationException: The provided starting key is invalid");
  EXPECT_EQ(Said(storage::StartElsewhere({1, 4})),
            "ValidationException: The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
            "ExclusiveStartKey with correct Segment. TotalSegments: 4 Segment: 1");
  EXPECT_EQ(Said(Refused(Refusal::kItemBusy)), "TransactionConflictException: Transaction is ongoing for the item");
  EXPECT_EQ(Said(Refused(Refusal::kCollectionFull)),
            "ItemCollectionSizeLimitExceededException: Item collection size limit of 10 gigabytes exceeded.");
  EXPECT_EQ(Said(Refused(Refusal::kTokenInUse)),
            "TransactionInProgressException: The transaction with the given request token is already in progress.");
  EXPECT_EQ(Said(Refused(Refusal::kTokenReused)),
            "IdempotentParameterMismatchException: Parameters have changed since the first request with the same "
            "client request token");
  EXPECT_EQ(Said(Refused(Refusal::kSeveralStores)),
            "ValidationException: A transaction can't write to tables that are kept in different stores");
  EXPECT_EQ(Said(Refused(Refusal::kEngineLacksIt)),
            "ValidationException: This operation is not supported by the engine that keeps the table");
  EXPECT_EQ(Said(Refused(Refusal::kChangesTrimmed)),
            "TrimmedDataAccessException: The operation attempted to read past the oldest stream record in a shard");
}

TEST(RefusalWords, ACanceledTransactionSaysWhyOfEach) {
  const EncodedItem item = EncodedItem::From({{"pk", AttributeValue::S("a")}});
  const Error error = storage::TransactionCanceled({
      {},
      {.why = Refusal::kConditionFailed, .item = item},
      {.why = Refusal::kItemBusy},
      {.why = Refusal::kCollectionFull},
      {.why = Refusal::kRuleBroken, .broken = ValidationError("Type mismatch")},
  });
  const Error worded = Worded(error);
  EXPECT_EQ(worded.code(), ErrorCode::kTransactionCanceled);
  EXPECT_EQ(worded.message(),
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
            "ConditionalCheckFailed, TransactionConflict, ItemCollectionSizeLimitExceeded, ValidationError]");
  const auto* detail = dynamic_cast<const CancellationDetail*>(worded.detail());
  ASSERT_NE(detail, nullptr);
  ASSERT_EQ(detail->reasons.size(), 5u);
  EXPECT_EQ(detail->reasons[0].message, std::nullopt);
  EXPECT_EQ(detail->reasons[1].message, "The conditional request failed");
  EXPECT_EQ(detail->reasons[1].item->bytes(), item.bytes());
  EXPECT_EQ(detail->reasons[2].message, "Transaction is ongoing for the item");
  EXPECT_EQ(detail->reasons[3].message, "Item collection size limit of 10 gigabytes exceeded.");
  EXPECT_EQ(detail->reasons[4].message, "Type mismatch");
}

// Failures, and what the rules and expressions say, pass as they are.
TEST(RefusalWords, OtherErrorsStay) {
  EXPECT_EQ(Said(ValidationError("as it was")), "ValidationException: as it was");
  EXPECT_EQ(Said(Error(ErrorCode::kIo, "a disk")), "IoException: a disk");
  EXPECT_EQ(Said(Refused(Refusal::kNoSuchBackup)), "RefusedException: there is no such backup");
}

}  // namespace
}  // namespace insula::operations
