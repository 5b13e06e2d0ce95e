// The tables of a request on several items: each opened once under the name that the request gives it, and items of all
// of them read or written in one call of the engine. What each table's items cost is in its handle.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "operations/core/table_handle.h"
#include "storage/engine.h"

namespace insula::operations {

// Transactional reads cost twice what plain ones do. (Of writes, the engine reports the double itself.)
inline constexpr std::int64_t kTransactionFactor = 2;

// An item that is asked for: the number of its table, and its key, checked against the table's schema.
struct ItemAsked {
  std::size_t table;
  PrimaryKey key;
  bool consistent;
};

// For one request, which it must not outlive. One call at a time.
class OpenTables {
 public:
  explicit OpenTables(const Call& call) : call_(&call) {}

  // The number of the table in all(). One that is open already is opened again for what it wasn't opened for: policies
  // are asked each time. Errors are TableHandle::Open's.
  Result<std::size_t> Open(std::string_view name_or_arn, const Intent& intent);

  std::span<const TableHandle> all() const { return tables_; }
  const TableHandle& operator[](std::size_t number) const { return tables_[number]; }

  // As Engine's functions of these names; results are in the order of what is asked for.
  Task<Result<std::vector<std::optional<storage::MaybeItem>>>> BatchGet(std::vector<ItemAsked> asked,
                                                                        std::size_t bytes_max);
  Task<Result<std::vector<storage::MaybeItem>>> TransactGet(std::vector<ItemAsked> asked, std::size_t bytes_max);
  // `table_of` has the number of each write's table.
  Task<std::vector<Result<storage::WriteOutcome>>> BatchWrite(std::vector<storage::WriteRequest> writes,
                                                              std::vector<std::size_t> table_of);
  Task<Result<storage::TransactWriteOutcome>> TransactWrite(storage::TransactWriteRequest request,
                                                            std::vector<std::size_t> table_of);

 private:
  struct Reads;
  Result<Reads> ReadsOf(std::vector<ItemAsked> asked) const;
  std::vector<AccessNote> NotesOf(std::span<storage::WriteRequest> writes, std::span<const std::size_t> table_of) const;

  const Call* call_;
  std::vector<TableHandle> tables_;
  std::vector<Access> access_;  // that each was opened for
};

}  // namespace insula::operations
