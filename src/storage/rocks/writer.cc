#include "storage/rocks/writer.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "base/compute_pool.h"
#include "base/turn.h"
#include "storage/refusal.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

// Decoding, changing and encoding an item takes several times what writing it as JSON takes.
constexpr std::size_t kPlannedBytesPerTurnMax = kBytesPerTurnMax / 2;

// Whether a change of an item of so many bytes is planned where no event loop waits for it.
bool IsLong(const WriteRequest& request, std::size_t old_bytes) {
  if (ComputePool::OnPoolThread()) return false;
  return old_bytes > kPlannedBytesPerTurnMax ||
         (request.condition && request.condition->WorkOn(old_bytes) > expression::kConditionWorkPerTurnMax);
}

Purpose PurposeOf(const WriteRequest& request) {
  static const TableRef kRecords = TableRef::ControlPlane();
  if (request.table.store() == kRecords.store() && request.table.table() == kRecords.table()) return Purpose::kRecord;
  return request.kind == WriteKind::kDelete || request.kind == WriteKind::kConditionCheck ? Purpose::kDeletion
                                                                                          : Purpose::kGrowth;
}

}  // namespace

WriteStep::~WriteStep() {
  if (!collection_) return;
  collection_->promised.fetch_sub(promised_);
  writer_.table().LeaveCollection(collection_);
}

std::optional<Result<void>> WriteStep::TryEnter() {
  std::optional<OpenedTable> opened = TryOpenForWriting(parts_, request_->table);
  if (!opened) return std::nullopt;
  opened_ = *std::move(opened);
  return Register();
}

Task<Result<void>> WriteStep::Enter() {
  if (std::optional<Result<void>> entered = TryEnter()) co_return *std::move(entered);
  INSULA_CO_ASSIGN(opened_, co_await OpenForWriting(parts_, request_->table));
  co_return Register();
}

Result<void> WriteStep::Register() {
  INSULA_TRY(CheckWritable(*parts_, *opened_.store, PurposeOf(*request_)));
  INSULA_ASSIGN(writer_, opened_.state->Enter());
  row_key_ = ItemRowKey(request_->table, request_->key);
  lock_id_ = LockIdOf(request_->table.store(), row_key_);
  return {};
}

std::uint64_t WriteStep::fairness_key() const {
  const auto tenant = static_cast<std::uint64_t>(request_->table.tenant().value());
  // Where the table isn't shared, the table stands for its tenant.
  return tenant != 0 ? tenant << 32 : request_->table.table().value();
}

std::optional<Result<void>> WriteStep::TryPlan(bool transactional) {
  if (HasBackfillingIndexes(writer_.schema())) return std::nullopt;
  std::optional<Result<void>> planned = ReadAndPlan(Tier::kMemory, transactional);
  if (planned && planned->ok() && HasLocalIndexes(writer_.schema())) return std::nullopt;  // ShareCollection may wait
  return planned;
}

Task<Result<void>> WriteStep::Plan(bool transactional) {
  if (!change_) {
    if (std::optional<Result<void>> planned = TryPlan(transactional)) co_return *std::move(planned);
  }
  if (!change_) {
    auto work = [this, transactional] { return *ReadAndPlan(Tier::kDisk, transactional); };
    INSULA_CO_TRY(co_await RunOn(parts_->stores.readers(), work));
  }
  if (HasLocalIndexes(writer_.schema())) co_return co_await ShareCollection();
  co_return Result<void>();
}

std::optional<Result<void>> WriteStep::ReadAndPlan(Tier tier, bool transactional) {
  rocksdb::PinnableSlice old;
  const rocksdb::Status status = ReadRow(*opened_.store, tier, nullptr, row_key_, &old);
  if (status.IsIncomplete()) return std::nullopt;
  if (!status.ok() && !status.IsNotFound()) return Result<void>(ErrorFrom(status, "reading an item"));
  if (tier == Tier::kMemory && status.ok() && IsLong(*request_, old.size())) return std::nullopt;
  ChangeInput input;
  input.request = request_;
  input.schema = &writer_.schema();
  input.row_key = row_key_;
  input.transactional = transactional;
  if (status.ok()) input.old_item = old.ToStringView();
  input.index_row_exists = [this](const std::string& index_row_key) -> Result<bool> {
    rocksdb::PinnableSlice row;
    const rocksdb::Status found = ReadRow(*opened_.store, Tier::kDisk, nullptr, index_row_key, &row);
    if (!found.ok() && !found.IsNotFound()) return ErrorFrom(found, "reading an index");
    return found.ok();
  };
  Result<ItemChange> planned = PlanChange(input);
  if (!planned.ok()) return Result<void>(std::move(planned).error());
  if (request_->memory != nullptr && !request_->memory->TakeWrite(MemoryOf(*planned)))
    return Result<void>(ServerBusy());
  change_ = std::move(planned).value();
  return Result<void>();
}

Task<Result<void>> WriteStep::ShareCollection() {
  const std::string row_key = CollectionRowKey(row_key_);
  collection_ = writer_.table().FindCollection(row_key);
  if (!collection_) {
    // Loaded by one at a time. Whoever holds this lock waits for nothing but the read, so no circle can form.
    HeldLocks loading(&parts_->locks);
    const std::uint64_t id = LockIdOf(request_->table.store(), row_key);
    if (!co_await parts_->locks.Lock(id)) co_return Refused(Refusal::kItemBusy);
    loading.Add(id);
    collection_ = writer_.table().FindCollection(row_key);
    if (!collection_) {
      rocksdb::PinnableSlice value;
      const rocksdb::Status status =
          co_await ReadRowAnywhere(&*opened_.store, parts_->stores.readers(), row_key, &value);
      std::int64_t bytes = 0;
      if (status.ok()) {
        std::string_view encoded = value.ToStringView();
        bytes = static_cast<std::int64_t>(ConsumeVarint(&encoded));
      } else if (!status.IsNotFound()) {
        co_return ErrorFrom(status, "reading an item collection's size");
      }
      collection_ = writer_.table().AddCollection(row_key, bytes);
    }
  }
  promised_ = change_->collection_bytes;
  const std::int64_t size = collection_->promised.fetch_add(promised_) + promised_;
  if (promised_ > 0 && size > kCollectionBytesMax) {
    change_.reset();
    co_return Refused(Refusal::kCollectionFull);
  }
  change_->outcome.collection_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(size, 0));
  co_return Result<void>();
}

void WriteStep::AppendTo(CommitRequest* commit) {
  AppendChange(&*change_, row_key_, opened_.state.get(), commit);
  if (collection_ && promised_ != 0) commit->collections.push_back({collection_, promised_});
  commit->fairness_key = fairness_key();
}

void WriteStep::AppendUsageTo(CommitRequest* commit) {
  commit->CountersOf(opened_.state.get()).written_halves += change_->counters.written_halves;
  commit->fairness_key = fairness_key();
}

void WriteStep::Committed() {
  promised_ = 0;
  if (change_->expiry_put) writer_.table().NoteDue(*change_->expiry_put);
}

Task<Result<WriteOutcome>> WriteOne(EngineParts* parts, WriteRequest request) {
  // What is in memory is done without a coroutine of its own; the commit is the only suspension of most writes.
  WriteStep step(parts, &request);
  std::optional<Result<void>> done = step.TryEnter();
  if (!done) done = co_await step.Enter();
  INSULA_CO_TRY(*std::move(done));
  HeldLocks held(&parts->locks);
  if (!parts->locks.TryLock(step.lock_id()) && !co_await parts->locks.Lock(step.lock_id()))
    co_return Refused(Refusal::kItemBusy);
  held.Add(step.lock_id());
  done = step.TryPlan(/*transactional=*/false);
  if (!done) done = co_await step.Plan(/*transactional=*/false);
  INSULA_CO_TRY(*std::move(done));
  CommitRequest commit;
  step.AppendTo(&commit);
  if (step.only_usage()) held.Release();  // nothing of the item changes: let the next one in
  co_await step.store()->committer().Commit(&commit);
  INSULA_CO_TRY(CommitResult(commit));
  step.Committed();
  co_return std::move(step.change().outcome);
}

Task<std::optional<std::size_t>> LockAll(KeyLocks* locks, std::vector<std::uint64_t> ids, HeldLocks* held) {
  std::vector<std::size_t> order(ids.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  std::optional<std::uint64_t> last;
  for (std::size_t position : order) {
    const std::uint64_t id = ids[position];
    if (last == id) continue;
    last = id;
    if (!locks->TryLock(id) && !co_await locks->Lock(id)) co_return position;
    held->Add(id);
  }
  co_return std::nullopt;
}

Task<std::vector<Result<WriteOutcome>>> WriteMany(EngineParts* parts, std::vector<WriteRequest> requests) {
  std::vector<std::optional<Result<WriteOutcome>>> results(requests.size());
  std::deque<WriteStep> steps;  // stable addresses
  HeldLocks held(&parts->locks);
  for (const WriteRequest& request : requests) steps.emplace_back(parts, &request);

  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  std::vector<std::size_t> later;  // a second write of one item waits for the first
  std::set<std::uint64_t> seen;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Result<void> entered = co_await steps[i].Enter();
    if (!entered.ok()) {
      results[i] = std::move(entered).error();
    } else if (!seen.insert(steps[i].lock_id()).second) {
      later.push_back(i);
    } else {
      order.emplace_back(steps[i].lock_id(), i);
    }
  }
  std::sort(order.begin(), order.end());
  std::map<Store*, CommitRequest> commits;
  std::vector<std::size_t> appended;
  Turn turn;
  for (const auto& [id, i] : order) {
    if (!parts->locks.TryLock(id) && !co_await parts->locks.Lock(id)) {
      results[i] = Refused(Refusal::kItemBusy);
      continue;
    }
    held.Add(id);
    Result<void> planned = co_await steps[i].Plan(/*transactional=*/false);
    if (!planned.ok()) {
      results[i] = std::move(planned).error();
      continue;
    }
    steps[i].AppendTo(&commits[steps[i].store()]);
    appended.push_back(i);
    if (turn.over()) co_await turn.End();
  }
  for (auto& [store, commit] : commits) {
    co_await store->committer().Commit(&commit);
    const Result<void> committed = CommitResult(commit);
    for (std::size_t i : appended) {
      if (steps[i].store() != store) continue;
      if (committed.ok()) {
        steps[i].Committed();
        results[i] = std::move(steps[i].change().outcome);
      } else {
        results[i] = committed.error();
      }
    }
  }
  held.Release();
  for (std::size_t i : later) results[i] = co_await WriteOne(parts, requests[i]);
  std::vector<Result<WriteOutcome>> out;
  out.reserve(results.size());
  for (auto& result : results) out.push_back(*std::move(result));
  co_return out;
}

}  // namespace insula::storage::rocks
