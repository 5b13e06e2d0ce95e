#include "model/error_detail.h"

#include <memory>
#include <utility>

namespace insula {

Error TransactionCancelled(std::vector<CancellationReason> reasons) {
  std::string message = "Transaction cancelled, please refer cancellation reasons for specific reasons [";
  for (std::size_t i = 0; i < reasons.size(); ++i) message += (i == 0 ? "" : ", ") + reasons[i].code;
  message += "]";
  auto detail = std::make_shared<CancellationDetail>();
  detail->reasons = std::move(reasons);
  return {ErrorCode::kTransactionCanceled, std::move(message), std::move(detail)};
}

}  // namespace insula
