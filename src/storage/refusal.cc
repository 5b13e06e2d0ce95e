#include "storage/refusal.h"

#include <memory>
#include <utility>

namespace insula::storage {
namespace {

const char* MessageOf(Refusal why) {
  switch (why) {
    case Refusal::kTableGone:
      return "the table is dropped";
    case Refusal::kNoSuchIndex:
      return "the table has no such index";
    case Refusal::kIndexIncomplete:
      return "the index is being filled";
    case Refusal::kStartIncomplete:
      return "the starting key lacks an attribute";
    case Refusal::kStartElsewhere:
      return "the starting key isn't in the segment";
    case Refusal::kItemBusy:
      return "the item is being written to";
    case Refusal::kCollectionFull:
      return "the item collection is full";
    case Refusal::kConditionFailed:
      return "the condition isn't met";
    case Refusal::kRuleBroken:
      return "the item would break a rule";
    case Refusal::kTransactionCanceled:
      return "the transaction is canceled";
    case Refusal::kTokenInUse:
      return "the token's transaction is being made";
    case Refusal::kTokenReused:
      return "the token is another transaction's";
    case Refusal::kSeveralStores:
      return "the transaction would write to several stores";
    case Refusal::kEngineLacksIt:
      return "the table's engine has no such part";
    case Refusal::kChangesTrimmed:
      return "the changes aren't kept any more";
    case Refusal::kNoSuchBackup:
      return "there is no such backup";
  }
  return "";
}

Error ErrorOf(RefusalDetail detail) {
  std::string message = MessageOf(detail.why);
  return {ErrorCode::kRefused, std::move(message), std::make_shared<const RefusalDetail>(std::move(detail))};
}

}  // namespace

Error Refused(Refusal why, std::string message) {
  if (message.empty()) return ErrorOf(RefusalDetail(why));
  return {ErrorCode::kRefused, std::move(message), std::make_shared<const RefusalDetail>(why)};
}

Error IndexIncomplete(const std::string& index) {
  RefusalDetail detail(Refusal::kIndexIncomplete);
  detail.index = index;
  return ErrorOf(std::move(detail));
}

Error StartElsewhere(Segment segment) {
  RefusalDetail detail(Refusal::kStartElsewhere);
  detail.segment = segment;
  return ErrorOf(std::move(detail));
}

Error TransactionCanceled(std::vector<MemberRefusal> members) {
  RefusalDetail detail(Refusal::kTransactionCanceled);
  detail.members = std::move(members);
  return ErrorOf(std::move(detail));
}

const RefusalDetail* RefusalIn(const Error& error) {
  return error.code() == ErrorCode::kRefused ? dynamic_cast<const RefusalDetail*>(error.detail()) : nullptr;
}

std::optional<Refusal> RefusalOf(const Error& error) {
  const RefusalDetail* refusal = RefusalIn(error);
  if (refusal == nullptr) return std::nullopt;
  return refusal->why;
}

}  // namespace insula::storage
