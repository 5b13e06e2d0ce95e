// What two kinds of error carry beside their message.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/encoded_item.h"

namespace insula {

// With ConditionalCheckFailedException when ReturnValuesOnConditionCheckFailure is ALL_OLD.
struct FailedItemDetail : ErrorDetail {
  std::optional<EncodedItem> item;
};

// With TransactionCanceledException: one entry per action, in order.
struct CancellationReason {
  std::string code = "None";  // None, ConditionalCheckFailed, TransactionConflict, ValidationError, …
  std::optional<std::string> message;
  std::optional<EncodedItem> item;
};
struct CancellationDetail : ErrorDetail {
  std::vector<CancellationReason> reasons;
};

// TransactionCanceledException with these reasons, and their codes in its message.
Error TransactionCancelled(std::vector<CancellationReason> reasons);

}  // namespace insula
