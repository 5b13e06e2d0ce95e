#include "operations/items/transaction.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace insula::operations {

Error CancelledBy(const Error& error, std::size_t actions, const std::function<bool(std::size_t)>& wants_item,
                  const std::function<void(std::size_t, CancellationReason&)>& finish) {
  auto* detail = dynamic_cast<const CancellationDetail*>(error.detail());
  if (error.code() != ErrorCode::kTransactionCanceled || detail == nullptr) return error;
  std::vector<CancellationReason> reasons = detail->reasons;
  reasons.resize(actions);
  for (std::size_t i = 0; i < actions; ++i) {
    CancellationReason& reason = reasons[i];
    if (reason.code != "ConditionalCheckFailed" || !wants_item(i)) reason.item.reset();
    if (finish && reason.code != "None") finish(i, reason);
  }
  return TransactionCancelled(std::move(reasons));
}

CancellationReason ValidationReason(const Error& error) {
  return {.code = "ValidationError", .message = error.message(), .item = std::nullopt};
}

void DistinctItems::Add(const tenancy::Table& table, const PrimaryKey& key) {
  // By ARN, as one request may call a table by its name and by its ARN.
  items_.push_back(table.arn + '\0' + EncodeKey(key));
}

bool DistinctItems::HasDuplicates() {
  std::ranges::sort(items_);
  return std::ranges::adjacent_find(items_) != items_.end();
}

Result<void> DistinctItems::Check() {
  if (HasDuplicates()) {
    return ValidationError("Transaction request cannot include multiple operations on one item");
  }
  return {};
}

Task<Result<std::vector<storage::MaybeItem>>> ReadTransaction(OpenTables& tables, std::vector<ItemAsked> asked) {
  auto items = co_await tables.TransactGet(std::move(asked), kTransactionBytesMax);
  if (!items.ok()) co_return items;
  std::size_t bytes = 0;
  for (const storage::MaybeItem& item : *items) bytes += item ? item->size() : 0;
  if (bytes > kTransactionBytesMax) {
    co_return ValidationError("The aggregate size of the items in the transaction exceeds 4 MB");
  }
  co_return items;
}

void WriteConsumed(const Call& call, const OpenTables& tables, bool transactional, wire::JsonWriter* writer) {
  const ReturnCapacity mode = ReturnCapacityOf(call.input());
  if (mode == ReturnCapacity::kNone) return;
  writer->Key("ConsumedCapacity");
  writer->BeginArray();
  for (const TableHandle& table : tables.all()) {
    if (table.consumed().only_failed()) continue;
    table.consumed().Write(mode, table.name(), table.schema(), transactional, writer);
  }
  writer->EndArray();
}

}  // namespace insula::operations
