// The rows of what expires, made anew from the items: all of them go, then every item gets its own, under its lock.
#include <memory>

#include "model/expiry_time.h"
#include "storage/rocks/expiry.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/row_range.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"
#include "storage/rocks/writer.h"

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kRowsPerCommit = 128;
constexpr std::size_t kItemsSeenPerLook = 4'096;

struct Candidates {
  std::vector<std::string> item_row_keys;  // of items that expire, as they were when they were seen
  std::string next;                        // where to go on; empty at the end
};

// Blocks.
Result<Candidates> NextCandidates(Store* store, const std::string& start, const std::string& end,
                                  const std::string& attribute) {
  Candidates found;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  Rows row(*store, store->items(), Tier::kDisk, {start, end}, options);
  std::size_t seen = 0;
  for (row.SeekToLower(); row.Valid(); row.Next(), ++seen) {
    if (seen == kItemsSeenPerLook || found.item_row_keys.size() == kRowsPerCommit) {
      found.next = row.key().ToString();
      break;
    }
    if (ExpirySecond(row.value().ToStringView(), attribute)) found.item_row_keys.push_back(row.key().ToString());
  }
  if (!row.status().ok()) return ErrorFrom(row.status(), "looking for what expires");
  return found;
}

// Precondition: the items' locks are held. Blocks.
Result<void> AddRows(Store* store, const std::string& attribute, const std::vector<std::string>& item_row_keys,
                     CommitRequest* commit) {
  rocksdb::PinnableSlice item;
  for (const std::string& item_row_key : item_row_keys) {
    const rocksdb::Status status = ReadRow(*store, Tier::kDisk, nullptr, item_row_key, &item);
    if (status.IsNotFound()) continue;  // deleted since
    if (!status.ok()) return ErrorFrom(status, "reading an item");
    const std::optional<std::int64_t> second = ExpirySecond(item.ToStringView(), attribute);
    if (second) commit->batch.Put(ExpiryRowKey(item_row_key, *second), "");
  }
  return {};
}

}  // namespace

Task<Result<void>> RocksExpiry::Rebuild(TableRef table, std::stop_token stop) {
  INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(parts_, table));
  Store* store = &*opened.store;
  WorkerPool* pool = parts_->stores.readers();

  // A row that a writer adds meanwhile may go, too: its item is among those that get theirs afterwards.
  RowRange rows{store->items(), "", ""};
  AppendRowPrefix(table, RowKind::kExpiry, &rows.begin);
  rows.end = SuccessorOf(rows.begin);
  auto clear = [&] { return DeleteRows(store, rows); };
  INSULA_CO_TRY(co_await RunOn(pool, clear));

  std::string start;
  AppendRowPrefix(table, RowKind::kItem, &start);
  const std::string end = SuccessorOf(start);
  while (!start.empty()) {
    if (stop.stop_requested()) co_return Stopping();
    INSULA_CO_TRY(CheckWritable(*parts_, *store, Purpose::kGrowth));
    INSULA_CO_ASSIGN(TableState::Writer writer, opened.state->Enter());
    const std::string& attribute = writer.schema().ttl_attribute;
    if (attribute.empty()) co_return Result<void>();

    auto look = [&] { return NextCandidates(store, start, end, attribute); };
    INSULA_CO_ASSIGN(Candidates found, co_await RunOn(pool, look));
    HeldLocks held(&parts_->locks);
    std::vector<std::uint64_t> ids;
    for (const std::string& row_key : found.item_row_keys) ids.push_back(LockIdOf(table.store(), row_key));
    if (co_await LockAll(&parts_->locks, ids, &held)) continue;  // somebody was slow: once more

    CommitRequest commit;
    commit.fairness_key = ~std::uint64_t{0};
    auto add = [&] { return AddRows(store, attribute, found.item_row_keys, &commit); };
    INSULA_CO_TRY(co_await RunOn(pool, add));
    if (commit.batch.Count() > 0) {
      co_await store->committer().Commit(&commit);
      INSULA_CO_TRY(CommitResult(commit));
    }
    start = std::move(found.next);
  }
  opened.state->NoteDue(0);
  co_return Result<void>();
}

}  // namespace insula::storage::rocks
