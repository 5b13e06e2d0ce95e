#include "operations/transaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace insula::operations {

Error Cancelled(std::vector<CancellationReason> reasons) {
  std::vector<std::string_view> codes;
  codes.reserve(reasons.size());
  for (const CancellationReason& reason : reasons) codes.push_back(reason.code);
  std::string message = fmt::format(
      "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", fmt::join(codes, ", "));
  auto detail = std::make_shared<CancellationDetail>();
  detail->reasons = std::move(reasons);
  return {ErrorCode::kTransactionCanceled, std::move(message), std::move(detail)};
}

CancellationReason ValidationReason(const Error& error) {
  return {.code = "ValidationError", .message = error.message(), .item = std::nullopt};
}

Result<std::size_t> TransactionTables::Find(std::string_view name, Access access, std::string_view permission) {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i].name != name) continue;
    if (access == Access::kWrite && tables_[i].access == Access::kRead) {
      INSULA_ASSIGN(tables_[i].table, FindTable(call_, name, access, permission));
      tables_[i].access = access;
    }
    return i;
  }
  INSULA_ASSIGN(tenancy::TablePtr table, FindTable(call_, name, access, permission));
  tables_.push_back({name, std::move(table), access});
  return tables_.size() - 1;
}

void DistinctItems::Add(const tenancy::Table& table, const PrimaryKey& key) {
  // By ARN, as one request may call a table by its name and by its ARN.
  items_.push_back(table.arn + '\0' + EncodeKey(key));
}

Result<void> DistinctItems::Check() {
  std::ranges::sort(items_);
  if (std::ranges::adjacent_find(items_) != items_.end()) {
    return ValidationError("Transaction request cannot include multiple operations on one item");
  }
  return {};
}

}  // namespace insula::operations
