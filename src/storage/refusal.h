// What an engine refuses for a reason that lies in the data, or in what others are doing to it. Nothing has failed:
// whoever asks can react to it, and says it in the words of its own protocol.
//
// What isn't in this list is a failure, with a code of its own (base/error.h), or a rule that a written item breaks or
// an expression that can't be applied to it: that error is passed on as the rules and expression/ make it
// (kValidation).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "storage/engine.h"

namespace insula::storage {

enum class Refusal : std::uint8_t {
  kTableGone,            // dropped
  kNoSuchIndex,          // the schema has none of this id
  kIndexIncomplete,      // `index`: it is still being filled
  kStartIncomplete,      // the starting key lacks a key attribute
  kStartElsewhere,       // the starting key isn't in `segment`
  kItemBusy,             // others have kept the item for longer than a write waits
  kCollectionFull,       // the item collection has the size that it may have
  kConditionFailed,      // a transaction's member's alone: of a single write it is an outcome
  kRuleBroken,           // a transaction's member's alone: of a single write it is the rule's own error
  kTransactionCanceled,  // because of `members`
  kTokenInUse,           // the transaction of this token is being made
  kTokenReused,          // the token has come with another fingerprint
  kSeveralStores,        // the transaction's writes belong into more than one store
  kEngineLacksIt,        // the table's engine has no such part (change log, backups, vector search …)
  kChangesTrimmed,       // the changes that are asked for aren't kept any more
  kNoSuchBackup,
};

// Of one write or read of a transaction.
struct MemberRefusal {
  std::optional<Refusal> why{};   // nullopt: it isn't for this one that the transaction is canceled
  std::optional<Error> broken{};  // with kRuleBroken
  MaybeItem item{};               // with kConditionFailed: what failed it
};

struct RefusalDetail : ErrorDetail {
  explicit RefusalDetail(Refusal reason) : why(reason) {}

  Refusal why;
  std::string index;                   // its name
  std::optional<Segment> segment;      // that was asked for
  std::vector<MemberRefusal> members;  // one each, in order
};

// An error of the code kRefused. Messages are for logs; where there is none, it is the list's own.
Error Refused(Refusal why, std::string message = {});
Error IndexIncomplete(const std::string& index);
Error StartElsewhere(Segment segment);
Error TransactionCanceled(std::vector<MemberRefusal> members);

// nullptr, or nullopt: it is no refusal.
const RefusalDetail* RefusalIn(const Error& error);
std::optional<Refusal> RefusalOf(const Error& error);

}  // namespace insula::storage
