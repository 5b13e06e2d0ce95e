// What transactions share: TransactWriteItems, TransactGetItems and ExecuteTransaction.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "model/error_detail.h"
#include "model/primary_key.h"
#include "operations/capacity.h"
#include "operations/pipeline.h"
#include "operations/pooled_table.h"
#include "storage/engine.h"
#include "tenancy/catalog.h"

namespace insula::operations {

// Transactional reads cost twice what plain ones do. (Of writes, the engine reports the double itself.)
inline constexpr std::int64_t kTransactionFactor = 2;
inline constexpr std::size_t kTransactionBytesMax = 4 * 1024 * 1024;

// TransactionCanceledException with the reasons, their codes listed in the message.
Error Cancelled(std::vector<CancellationReason> reasons);

// An action that its table's schema refuses: cancels the transaction before anything is read or written.
CancellationReason ValidationReason(const Error& error);

// What the engine said of a transaction of `actions` writes, in DynamoDB's words; `finish` may change the reason of the
// one at an index, for one that is not "None". Items stay only where `wants_item` says that an action asked for its
// own.
Error CancelledBy(const Error& error, std::size_t actions, const std::function<bool(std::size_t)>& wants_item,
                  const std::function<void(std::size_t, CancellationReason&)>& finish = nullptr);

// Looks each table up once, under the name the request gives it.
class TransactionTables {
 public:
  explicit TransactionTables(const Call& call) : call_(call) {}
  // Gives the index of the table in tables().
  Result<std::size_t> Find(std::string_view name, Access access, std::string_view permission);

  struct Entry {
    std::string_view name;
    tenancy::TablePtr table;
    Access access;
  };
  const std::vector<Entry>& tables() const { return tables_; }

 private:
  const Call& call_;
  std::vector<Entry> tables_;
};

// "Transaction request cannot include multiple operations on one item".
class DistinctItems {
 public:
  void Add(const tenancy::Table& table, const PrimaryKey& key);
  Result<void> Check();
  bool HasDuplicates();

 private:
  std::vector<std::string> items_;
};

// What the writes used of each of `tables`, metered. `table_of` has the table of each write.
std::vector<ConsumedCapacity> MeterTransaction(const Call& call, const TransactionTables& tables,
                                               std::span<const std::size_t> table_of,
                                               const storage::TransactWriteOutcome& result);

// The items of a transaction that reads, as the caller sees them. ValidationException if they are too large together.
Task<Result<std::vector<storage::MaybeItem>>> ReadTransaction(Call& call, std::vector<ItemPlace> places);
// What reading them used of each of `tables`, metered.
std::vector<ConsumedCapacity> MeterTransactionReads(const Call& call, const TransactionTables& tables,
                                                    std::span<const std::size_t> table_of,
                                                    std::span<const storage::MaybeItem> items);

// "ConsumedCapacity" of each table, if the request asks for it.
void WriteConsumed(const Call& call, const TransactionTables& tables, std::span<const ConsumedCapacity> consumed,
                   bool transactional, wire::JsonWriter* writer);

}  // namespace insula::operations
