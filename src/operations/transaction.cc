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

Error CancelledBy(const Error& error, std::size_t actions, const std::function<bool(std::size_t)>& wants_item,
                  const std::function<void(std::size_t, CancellationReason&)>& finish) {
  auto* detail = dynamic_cast<const CancellationDetail*>(error.detail());
  if (error.code() != ErrorCode::kTransactionCanceled || detail == nullptr) return error;
  std::vector<CancellationReason> reasons = detail->reasons;
  reasons.resize(actions);
  for (std::size_t i = 0; i < actions; ++i) {
    CancellationReason& reason = reasons[i];
    if (reason.code == "ConditionalCheckFailed" && !reason.message) reason.message = "The conditional request failed";
    if (reason.code != "ConditionalCheckFailed" || !wants_item(i)) reason.item.reset();
    if (finish && reason.code != "None") finish(i, reason);
  }
  return Cancelled(std::move(reasons));
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

std::vector<ConsumedCapacity> MeterTransaction(const Call& call, const TransactionTables& tables,
                                               std::span<const std::size_t> table_of,
                                               const storage::TransactWriteOutcome& result) {
  std::vector<ConsumedCapacity> consumed(tables.tables().size());
  for (std::size_t i = 0; i < table_of.size(); ++i) {
    const storage::WriteUsage& usage = result.outcomes[i].usage;
    if (result.replayed) {  // costs reading the items again
      consumed[table_of[i]].AddRead(usage.table);
    } else {
      consumed[table_of[i]].Add(usage);
    }
  }
  for (std::size_t i = 0; i < consumed.size(); ++i) {
    const tenancy::Table& table = *tables.tables()[i].table;
    if (consumed[i].written().value() != 0) call.MeterWrite(table, consumed[i].written());
    if (consumed[i].read().value() != 0) call.MeterRead(table, consumed[i].read());
  }
  return consumed;
}

Task<Result<std::vector<storage::MaybeItem>>> ReadTransaction(Call& call, std::vector<ItemPlace> places) {
  std::vector<storage::GetRequest> requests;
  for (const ItemPlace& place : places) {
    if (place.request) requests.push_back(*place.request);
  }
  Result<std::vector<storage::MaybeItem>> read = co_await call.services.engine.TransactGet(std::move(requests));
  if (!read.ok()) co_return std::move(read).error();
  std::vector<storage::MaybeItem> items(places.size());
  std::size_t bytes = 0;
  for (std::size_t i = 0, next = 0; i < places.size(); ++i) {
    if (places[i].request) items[i] = places[i].Shown(std::move((*read)[next++]));
    if (items[i]) bytes += items[i]->size();
  }
  if (bytes > kTransactionBytesMax) {
    co_return ValidationError("The aggregate size of the items in the transaction exceeds 4 MB");
  }
  co_return items;
}

std::vector<ConsumedCapacity> MeterTransactionReads(const Call& call, const TransactionTables& tables,
                                                    std::span<const std::size_t> table_of,
                                                    std::span<const storage::MaybeItem> items) {
  std::vector<ConsumedCapacity> consumed(tables.tables().size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    consumed[table_of[i]].AddRead(ReadCost(items[i] ? items[i]->size() : 0, true) * kTransactionFactor);
  }
  for (std::size_t i = 0; i < consumed.size(); ++i) call.MeterRead(*tables.tables()[i].table, consumed[i].read());
  return consumed;
}

void WriteConsumed(const Call& call, const TransactionTables& tables, std::span<const ConsumedCapacity> consumed,
                   bool transactional, wire::JsonWriter* writer) {
  ReturnCapacity mode = ReturnCapacityOf(call.input());
  if (mode == ReturnCapacity::kNone) return;
  writer->Key("ConsumedCapacity");
  writer->BeginArray();
  for (std::size_t i = 0; i < consumed.size(); ++i) {
    const auto& entry = tables.tables()[i];
    consumed[i].Write(mode, entry.name, *entry.table->definition.schema, transactional, writer);
  }
  writer->EndArray();
}

}  // namespace insula::operations
