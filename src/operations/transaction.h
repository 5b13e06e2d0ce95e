// What TransactWriteItems and TransactGetItems share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "model/error_detail.h"
#include "model/primary_key.h"
#include "operations/pipeline.h"
#include "tenancy/catalog.h"

namespace insula::operations {

// Transactional reads cost twice what plain ones do. (Of writes, the engine reports the double itself.)
inline constexpr std::int64_t kTransactionFactor = 2;
inline constexpr std::size_t kTransactionBytesMax = 4 * 1024 * 1024;

// TransactionCanceledException with the reasons, their codes listed in the message.
Error Cancelled(std::vector<CancellationReason> reasons);

// An action that its table's schema refuses: cancels the transaction before anything is read or written.
CancellationReason ValidationReason(const Error& error);

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

 private:
  std::vector<std::string> items_;
};

}  // namespace insula::operations
