#include "storage/rocks/transactions.h"

#include <deque>
#include <map>
#include <memory>

#include <rocksdb/snapshot.h>

#include "base/turn.h"
#include "storage/refusal.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/status.h"
#include "storage/rocks/tokens.h"
#include "storage/rocks/walk.h"
#include "storage/rocks/writer.h"

namespace insula::storage::rocks {
namespace {

// Why the item's own write can't be made; nullopt if that is the server's failure, not the item's.
std::optional<MemberRefusal> RefusalOfItem(const Error& error) {
  if (error.code() == ErrorCode::kValidation) return MemberRefusal{.why = Refusal::kRuleBroken, .broken = error};
  const std::optional<Refusal> why = RefusalOf(error);
  if (why != Refusal::kCollectionFull && why != Refusal::kItemBusy) return std::nullopt;
  return MemberRefusal{.why = why};
}

// The record of a token that hasn't expired.
Task<Result<std::optional<TokenRecord>>> FindToken(EngineParts* parts, Store* store, std::string token) {
  const WallTime now = parts->clock.Now();
  for (const WallTime bucket : {now, now - kTokenLifetime}) {
    rocksdb::PinnableSlice value;
    const std::string row_key = TokenRowKey(bucket, token);
    const rocksdb::Status status = co_await ReadRowAnywhere(store, parts->stores.readers(), row_key, &value);
    if (status.IsNotFound()) continue;
    if (!status.ok()) co_return ErrorFrom(status, "reading a request token");
    INSULA_CO_ASSIGN(TokenRecord record, TokenRecordFrom(value.ToStringView()));
    if (record.committed_at + kTokenLifetime > now) co_return std::optional<TokenRecord>(std::move(record));
  }
  co_return std::optional<TokenRecord>();
}

// What the repetition of a transaction answers: nothing written, and the cost of reading what was charged for then.
TransactWriteOutcome Replay(std::size_t writes, const TokenRecord& record) {
  TransactWriteOutcome outcome;
  outcome.replayed = true;
  for (std::size_t i = 0; i < writes; ++i) {
    const std::uint64_t size = i < record.sizes.size() ? record.sizes[i] : 0;
    outcome.outcomes.emplace_back().usage.table = ReadCost(size, /*consistent=*/true) * 2;
  }
  return outcome;
}

}  // namespace

Task<Result<TransactWriteOutcome>> TransactWrite(EngineParts* parts, TransactWriteRequest request) {
  std::deque<WriteStep> steps;
  for (const WriteRequest& write : request.writes) {
    INSULA_CO_TRY(co_await steps.emplace_back(parts, &write).Enter());
  }
  if (steps.empty()) co_return TransactWriteOutcome();
  // Conditions may look at any store; rows are written to one.
  Store* store = nullptr;
  for (WriteStep& step : steps) {
    if (step.request().kind == WriteKind::kConditionCheck) continue;
    if (store && store != step.store()) {
      co_return Refused(Refusal::kSeveralStores);
    }
    store = step.store();
  }
  if (!store) store = steps.front().store();

  HeldLocks held(&parts->locks);
  if (request.token) {
    const std::uint64_t id = LockIdOf(store->id(), SystemPrefix(SystemRow::kToken) + request.token->key);
    if (!parts->locks.TryLock(id)) co_return Refused(Refusal::kTokenInUse);
    held.Add(id);
    const std::string key = request.token->key;
    INSULA_CO_ASSIGN(const std::optional<TokenRecord> known, co_await FindToken(parts, store, key));
    if (known) {
      if (known->fingerprint != request.token->fingerprint) co_return Refused(Refusal::kTokenReused);
      co_return Replay(steps.size(), *known);
    }
  }

  std::vector<MemberRefusal> refusals(steps.size());
  std::vector<std::uint64_t> ids;
  for (const WriteStep& step : steps) ids.push_back(step.lock_id());
  if (const std::optional<std::size_t> conflict = co_await LockAll(&parts->locks, ids, &held)) {
    refusals[*conflict].why = Refusal::kItemBusy;
    co_return TransactionCanceled(std::move(refusals));
  }

  bool canceled = false;
  Turn turn;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (turn.over()) co_await turn.End();
    Result<void> planned = co_await steps[i].Plan(/*transactional=*/true);
    if (!planned.ok()) {
      std::optional<MemberRefusal> refusal = RefusalOfItem(planned.error());
      if (!refusal) co_return std::move(planned).error();
      refusals[i] = *std::move(refusal);
      canceled = true;
    } else if (!steps[i].change().outcome.condition_met) {
      refusals[i].why = Refusal::kConditionFailed;
      refusals[i].item = steps[i].change().outcome.old_item;
      canceled = true;
    }
  }

  // What was asked is paid for, also of a canceled transaction. Usage goes to the store of the table it is of.
  std::map<Store*, CommitRequest> commits;
  for (WriteStep& step : steps) {
    if (!step.planned()) continue;
    if (canceled) {
      step.AppendUsageTo(&commits[step.store()]);
    } else {
      step.AppendTo(&commits[step.store()]);
    }
  }
  if (!canceled && request.token) {
    const WallTime now = parts->clock.Now();
    TokenRecord record{now, request.token->fingerprint};
    for (WriteStep& step : steps) record.sizes.push_back(step.change().charged_bytes);
    commits[store].batch.Put(TokenRowKey(now, request.token->key), TokenRowValue(record));
  }
  if (canceled) held.Release();
  for (auto& [of_store, commit] : commits) {
    co_await of_store->committer().Commit(&commit);
    INSULA_CO_TRY(CommitResult(commit));
  }
  if (canceled) co_return TransactionCanceled(std::move(refusals));
  TransactWriteOutcome outcome;
  for (WriteStep& step : steps) {
    step.Committed();
    outcome.outcomes.push_back(std::move(step.change().outcome));
  }
  co_return outcome;
}

Task<Result<std::vector<MaybeItem>>> TransactGet(EngineParts* parts, std::vector<GetRequest> requests,
                                                 ReadBounds bounds) {
  struct Source {
    StoreLease lease;
    std::unique_ptr<rocksdb::ManagedSnapshot> snapshot;
  };
  std::map<StoreId, Source> sources;
  std::vector<std::string> row_keys;
  std::vector<std::uint64_t> ids;
  for (const GetRequest& request : requests) {
    row_keys.push_back(ItemRowKey(request.table, request.key));
    ids.push_back(LockIdOf(request.table.store(), row_keys.back()));
    auto [source, first] = sources.try_emplace(request.table.store());
    if (first) {
      INSULA_CO_ASSIGN(source->second.lease, co_await AcquireStore(parts, request.table.store()));
    }
  }
  // One store: its snapshot is a point in the order of all commits. Several: the locks make one.
  HeldLocks held(&parts->locks);
  if (sources.size() > 1) {
    if (const std::optional<std::size_t> conflict = co_await LockAll(&parts->locks, ids, &held)) {
      std::vector<MemberRefusal> refusals(requests.size());
      refusals[*conflict].why = Refusal::kItemBusy;
      co_return TransactionCanceled(std::move(refusals));
    }
  }
  for (auto& [id, source] : sources) source.snapshot = std::make_unique<rocksdb::ManagedSnapshot>(source.lease->db());
  held.Release();

  std::vector<MaybeItem> items(requests.size());
  std::size_t done = 0;
  std::size_t bytes = 0;
  // From where it left off: done, or why it paused.
  auto read = [&](Tier tier) -> Result<Pause> {
    rocksdb::PinnableSlice value;
    const Turn turn;
    for (; done < requests.size() && bytes <= bounds.bytes_max; ++done) {
      if (tier == Tier::kMemory && turn.over()) return Pause::kYield;
      Source& source = sources.at(requests[done].table.store());
      const rocksdb::Status status = ReadRow(*source.lease, tier, source.snapshot->snapshot(), row_keys[done], &value);
      if (status.IsIncomplete()) return Pause::kCold;
      if (status.ok() && bounds.memory != nullptr && !bounds.memory->TakeRead(value.size())) return ServerBusy();
      INSULA_ASSIGN(items[done], ItemFrom(status, value));
      if (items[done]) bytes += items[done]->size();
    }
    return Pause::kDone;
  };
  WalkOf walk{read};
  INSULA_CO_TRY(co_await WalkToEnd(parts->stores.readers(), &walk));
  co_return items;
}

}  // namespace insula::storage::rocks
