// What transactions share: TransactWriteItems, TransactGetItems and ExecuteTransaction.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "model/error_detail.h"
#include "model/primary_key.h"
#include "operations/core/open_tables.h"
#include "storage/engine.h"
#include "tenancy/catalog/catalog.h"

namespace insula::operations {

inline constexpr std::size_t kTransactionBytesMax = 4 * 1024 * 1024;

// An action that its table's schema refuses: cancels the transaction before anything is read or written.
CancellationReason ValidationReason(const Error& error);

// What the engine said of a transaction of `actions` writes, in DynamoDB's words; `finish` may change the reason of the
// one at an index, for one that is not "None". Items stay only where `wants_item` says that an action asked for its
// own.
Error CancelledBy(const Error& error, std::size_t actions, const std::function<bool(std::size_t)>& wants_item,
                  const std::function<void(std::size_t, CancellationReason&)>& finish = nullptr);

// "Transaction request cannot include multiple operations on one item".
class DistinctItems {
 public:
  void Add(const tenancy::Table& table, const PrimaryKey& key);
  Result<void> Check();
  bool HasDuplicates();

 private:
  std::vector<std::string> items_;
};

// The items of a transaction that reads, as the caller sees them. ValidationException if they are too large together.
Task<Result<std::vector<storage::MaybeItem>>> ReadTransaction(OpenTables& tables, std::vector<ItemAsked> asked);

// The items that are there, for Call::Answer. `items` outlives what is returned.
inline auto EachOf(const std::vector<storage::MaybeItem>& items) {
  return [&items](const auto& take) {
    for (const storage::MaybeItem& item : items) {
      if (item) take(*item);
    }
  };
}

// "ConsumedCapacity" of each table that anything was done with, if the request asks for it.
void WriteConsumed(const Call& call, const OpenTables& tables, bool transactional, wire::JsonWriter* writer);

}  // namespace insula::operations
