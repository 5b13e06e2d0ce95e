#include "storage/rocks/expiry.h"

#include <algorithm>
#include <memory>

#include "model/expiry_time.h"
#include "storage/refusal.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"
#include "storage/rocks/writer.h"

namespace insula::storage::rocks {
namespace {

struct DueRows {
  std::vector<std::string> row_keys;
  std::string next;  // the first row that isn't among them; empty if there is none
};

// The rows from `start` on that are of `second` or earlier. Blocks.
Result<DueRows> FindDue(Store* store, const TableRef& table, const std::string& start, std::int64_t second,
                        std::size_t rows_max) {
  std::string prefix;
  AppendRowPrefix(table, RowKind::kExpiry, &prefix);
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  DueRows due;
  Rows row(*store, store->items(), Tier::kDisk, {start, SuccessorOf(std::move(prefix))}, options);
  for (row.SeekToLower(); row.Valid(); row.Next()) {
    std::string row_key = row.key().ToString();
    if (due.row_keys.size() == rows_max || SecondOf(row_key) > second) {
      due.next = std::move(row_key);
      break;
    }
    due.row_keys.push_back(std::move(row_key));
  }
  if (!row.status().ok()) return ErrorFrom(row.status(), "looking for what is due");
  return due;
}

// Keeps what was noted as due until somebody has dealt with it.
struct NotedDue {
  TableState* state;
  std::int64_t second;
  ~NotedDue() { state->NoteDue(second); }
  void Done() { second = TableState::kNeverDue; }
};

// What an item must still be when it is deleted, whatever has happened to it since its row was found.
std::shared_ptr<const expression::Condition> StillDue(const std::string& attribute, std::int64_t oldest,
                                                      std::int64_t second) {
  expression::Placeholders placeholders({{"#ttl", attribute}},
                                        {{":oldest", AttributeValue::N(oldest)}, {":now", AttributeValue::N(second)}});
  auto parsed = expression::Condition::Parse("#ttl BETWEEN :oldest AND :now", placeholders, "ConditionExpression");
  INSULA_CHECK(parsed.ok());
  return std::make_shared<const expression::Condition>(std::move(*parsed));
}

// Removes a row that isn't its item's. None is left behind by writers; one may be by a Rebuild that lost power.
Task<Result<void>> RemoveIfStale(EngineParts* parts, const OpenedTable* opened, std::string row_key) {
  INSULA_CO_ASSIGN(TableState::Writer writer, opened->state->Enter());
  const std::string item_row_key = ItemRowKeyOf(row_key);
  const std::uint64_t id = LockIdOf(opened->store->id(), item_row_key);
  HeldLocks held(&parts->locks);
  if (!parts->locks.TryLock(id) && !co_await parts->locks.Lock(id)) {
    co_return Refused(Refusal::kItemBusy);
  }
  held.Add(id);
  rocksdb::PinnableSlice item;
  const rocksdb::Status status =
      co_await ReadRowAnywhere(&*opened->store, parts->stores.readers(), item_row_key, &item);
  if (!status.ok() && !status.IsNotFound()) co_return ErrorFrom(status, "reading an item");
  if (status.ok() && ExpirySecond(item.ToStringView(), writer.schema().ttl_attribute) == SecondOf(row_key)) {
    co_return Result<void>();
  }
  CommitRequest commit;
  commit.batch.Delete(row_key);
  co_await opened->store->committer().Commit(&commit);
  co_return CommitResult(commit);
}

}  // namespace

WallTime RocksExpiry::NextDue(const TableRef& table) const {
  const std::shared_ptr<TableState> state = parts_->tables.Find(table);
  if (!state) return WallTime::min();
  constexpr std::int64_t kSecondMax = WallTime::max().time_since_epoch().count() / 1'000'000;
  const std::int64_t second = state->next_due();
  return second >= kSecondMax ? WallTime::max() : WallTime(std::chrono::seconds(second));
}

Task<Result<Expired>> RocksExpiry::DeleteDue(TableRef table, WallTime now, std::size_t items_max) {
  INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(parts_, table));
  INSULA_CO_TRY(CheckWritable(*parts_, *opened.store, Purpose::kDeletion));
  TableState* state = opened.state.get();
  // As a writer of its own: when SetSchema returns, nothing is deleted any more by what an older schema said.
  INSULA_CO_ASSIGN(TableState::Writer writer, state->Enter());
  const TableSchema& schema = writer.schema();
  if (schema.ttl_attribute.empty()) co_return Expired{};
  const std::int64_t second = EpochSecond(now);
  const std::int64_t oldest = std::max<std::int64_t>(second - kExpiredSecondsMax, 0);

  NotedDue noted{state, state->TakeNoted()};
  std::string start = state->due_cursor();
  if (noted.second <= second) {
    std::string from = ExpiryRowsFrom(table, std::max(noted.second, oldest));
    if (start.empty() || from < start) start = std::move(from);
  }
  if (start.empty()) co_return Expired{};
  auto find = [&] { return FindDue(&*opened.store, table, start, second, items_max); };
  INSULA_CO_ASSIGN(DueRows due, co_await RunOn(parts_->stores.readers(), find));

  std::vector<WriteRequest> deletes;
  if (!due.row_keys.empty()) {
    const std::shared_ptr<const expression::Condition> still_due = StillDue(schema.ttl_attribute, oldest, second);
    for (const std::string& row_key : due.row_keys) {
      WriteRequest& request = deletes.emplace_back(WriteRequest{.table = table});
      request.kind = WriteKind::kDelete;
      INSULA_CO_ASSIGN(request.key, DecodeKey(std::string_view(row_key).substr(kExpiryPrefixSize), schema.key));
      request.condition = still_due;
      request.want_items = false;
      request.by_time_to_live = true;
    }
  }
  const std::vector<Result<WriteOutcome>> outcomes = co_await WriteMany(parts_, std::move(deletes));
  Expired expired;
  std::optional<Error> failure;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].ok() && outcomes[i]->condition_met) {
      ++expired.items;
      continue;
    }
    if (outcomes[i].ok()) {
      std::string row_key = due.row_keys[i];
      const Result<void> done = co_await RemoveIfStale(parts_, &opened, std::move(row_key));
      if (done.ok()) continue;
      failure = done.error();
    } else {
      failure = outcomes[i].error();
    }
    state->NoteDue(SecondOf(due.row_keys[i]));  // it is tried again
  }
  noted.Done();
  const std::int64_t next_second = due.next.empty() ? TableState::kNeverDue : SecondOf(due.next);
  expired.more = next_second <= second;
  if (expired.more) {
    state->set_due_cursor(std::move(due.next), next_second);
  } else {
    state->set_due_cursor("", TableState::kNeverDue);
    state->NoteDue(next_second);
  }
  if (failure) co_return *std::move(failure);
  co_return expired;
}

}  // namespace insula::storage::rocks
