#include "operations/core/refusal_words.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "model/error_detail.h"
#include "operations/core/scan_segment.h"
#include "storage/refusal.h"
#include "tenancy/identity/refusals.h"

namespace insula::operations {
namespace {

using storage::MemberRefusal;
using storage::Refusal;
using storage::RefusalDetail;

constexpr const char* kItemBusy = "Transaction is ongoing for the item";
constexpr const char* kCollectionFull = "Item collection size limit of 10 gigabytes exceeded.";

CancellationReason ReasonOf(const MemberRefusal& member) {
  if (!member.why) return {};
  switch (*member.why) {
    case Refusal::kItemBusy:
      return {.code = "TransactionConflict", .message = kItemBusy, .item = std::nullopt};
    case Refusal::kCollectionFull:
      return {.code = "ItemCollectionSizeLimitExceeded", .message = kCollectionFull, .item = std::nullopt};
    case Refusal::kConditionFailed:
      return {.code = "ConditionalCheckFailed", .message = "The conditional request failed", .item = member.item};
    default:
      return {.code = "ValidationError",
              .message = member.broken ? member.broken->message() : std::string(),
              .item = std::nullopt};
  }
}

Error Canceled(const RefusalDetail& refusal) {
  std::vector<CancellationReason> reasons;
  reasons.reserve(refusal.members.size());
  for (const MemberRefusal& member : refusal.members) reasons.push_back(ReasonOf(member));
  return TransactionCancelled(std::move(reasons));
}

}  // namespace

Error Worded(const Error& error) {
  const RefusalDetail* refusal = storage::RefusalIn(error);
  if (refusal == nullptr) return error;
  switch (refusal->why) {
    case Refusal::kTableGone:
      return tenancy::ResourceNotFound();
    case Refusal::kNoSuchIndex:
      return ValidationError("The table does not have the specified index");
    case Refusal::kIndexIncomplete:
      return ValidationError(fmt::format("Cannot read from backfilling global secondary index: {}", refusal->index));
    case Refusal::kStartIncomplete:
      return ValidationError("The provided starting key is invalid");
    case Refusal::kStartElsewhere:
      return NotInSegment(*refusal->segment);
    case Refusal::kItemBusy:
      return {ErrorCode::kTransactionConflict, kItemBusy};
    case Refusal::kCollectionFull:
      return {ErrorCode::kItemCollectionSizeLimitExceeded, kCollectionFull};
    case Refusal::kTransactionCanceled:
      return Canceled(*refusal);
    case Refusal::kTokenInUse:
      return {ErrorCode::kTransactionInProgress,
              "The transaction with the given request token is already in progress."};
    case Refusal::kTokenReused:
      return {ErrorCode::kIdempotentParameterMismatch,
              "Parameters have changed since the first request with the same client request token"};
    case Refusal::kSeveralStores:
      return ValidationError("A transaction can't write to tables that are kept in different stores");
    case Refusal::kEngineLacksIt:
      return ValidationError("This operation is not supported by the engine that keeps the table");
    case Refusal::kChangesTrimmed:
      return {ErrorCode::kTrimmedDataAccess,
              "The operation attempted to read past the oldest stream record in a shard"};
    case Refusal::kConditionFailed:
    case Refusal::kRuleBroken:
    case Refusal::kNoSuchBackup:
      break;  // no request's own answer
  }
  return error;
}

}  // namespace insula::operations
