// Writes of items, one at a time or many in one commit: locks, reads, plans (item_change.h), commits.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/rocks/engine_parts.h"
#include "storage/rocks/item_change.h"
#include "storage/rocks/reader.h"

namespace insula::storage::rocks {

// One write on its way through locking, reading and planning. Stays where it is until the commit is done.
class WriteStep {
 public:
  WriteStep(EngineParts* parts, const WriteRequest* request) : parts_(parts), request_(request) {}
  WriteStep(const WriteStep&) = delete;
  WriteStep& operator=(const WriteStep&) = delete;
  ~WriteStep();

  // Opens the table and registers as its writer. Refusal::kTableGone, StorageFull …
  Task<Result<void>> Enter();
  // The same without suspending; nothing if it must.
  std::optional<Result<void>> TryEnter();
  std::uint64_t lock_id() const { return lock_id_; }
  // Reads the item and decides. Call with the item's lock held. The error is the item's own (a rule's or an
  // expression's, Refusal::kCollectionFull) or the store's.
  Task<Result<void>> Plan(bool transactional);
  std::optional<Result<void>> TryPlan(bool transactional);  // nothing if it must suspend: call Plan
  // Adds what was planned to `commit`.
  void AppendTo(CommitRequest* commit);
  // Adds only what it cost: for a transaction that another item's condition cancels.
  void AppendUsageTo(CommitRequest* commit);
  // After a successful commit of everything appended.
  void Committed();

  const WriteRequest& request() const { return *request_; }
  ItemChange& change() { return *change_; }
  bool planned() const { return change_.has_value(); }
  bool only_usage() const { return change_->row == ItemChange::Row::kKeep && change_->indexes.empty(); }
  Store* store() const { return &*opened_.store; }
  std::uint64_t fairness_key() const;

 private:
  Result<void> Register();
  std::optional<Result<void>> ReadAndPlan(Tier tier, bool transactional);
  Task<Result<void>> ShareCollection();

  EngineParts* const parts_;
  const WriteRequest* const request_;
  OpenedTable opened_;
  TableState::Writer writer_;
  std::string row_key_;
  std::uint64_t lock_id_ = 0;
  std::optional<ItemChange> change_;
  CollectionSize* collection_ = nullptr;
  std::int64_t promised_ = 0;  // growth of the collection not yet committed
};

inline constexpr std::int64_t kCollectionBytesMax = 10ll << 30;

Task<Result<WriteOutcome>> WriteOne(EngineParts* parts, WriteRequest request);
// Independent writes that share a commit; one result each.
Task<std::vector<Result<WriteOutcome>>> WriteMany(EngineParts* parts, std::vector<WriteRequest> requests);

// Takes all locks of `ids` in order. On a deadline gives the position in `ids` of the one that wasn't had.
Task<std::optional<std::size_t>> LockAll(KeyLocks* locks, std::vector<std::uint64_t> ids, HeldLocks* held);

}  // namespace insula::storage::rocks
