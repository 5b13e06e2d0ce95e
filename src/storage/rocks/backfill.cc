#include "storage/rocks/backfill.h"

#include <memory>

#include "storage/refusal.h"
#include "storage/rocks/index_row.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"
#include "storage/rocks/writer.h"

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kItemsPerCommit = 128;

// The next row keys of the table's items, from `start` on. Blocks.
Result<std::vector<std::string>> NextRowKeys(Store* store, const std::string& start, const std::string& end) {
  std::vector<std::string> row_keys;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  Rows row(*store, store->items(), Tier::kDisk, {start, end}, options);
  for (row.SeekToLower(); row.Valid() && row_keys.size() < kItemsPerCommit; row.Next()) {
    row_keys.push_back(row.key().ToString());
  }
  if (!row.status().ok()) return ErrorFrom(row.status(), "filling an index");
  return row_keys;
}

// Adds the entries that these items lack. Precondition: their locks are held. Blocks.
Result<void> AddEntries(Store* store, const TableRef& table, TableState* state, const TableSchema& schema,
                        const IndexSchema& index, const std::vector<std::string>& row_keys, CommitRequest* commit) {
  rocksdb::PinnableSlice value;
  for (const std::string& row_key : row_keys) {
    rocksdb::Status status = ReadRow(*store, Tier::kDisk, nullptr, row_key, &value);
    if (status.IsNotFound()) continue;  // deleted since
    if (!status.ok()) return ErrorFrom(status, "filling an index");
    const EncodedItem item = EncodedItem::FromBytes(value.ToString());
    const AttributeMap tree = item.Decode();
    std::optional<IndexRow> entry = IndexRowOf(table, schema, index, tree, item, row_key);
    if (!entry) continue;
    status = ReadRow(*store, Tier::kDisk, nullptr, entry->key, &value);
    if (status.ok()) continue;  // a writer was first
    if (!status.IsNotFound()) return ErrorFrom(status, "filling an index");
    commit->batch.Put(entry->key, IndexRowValue(index, tree, &*entry));
    commit->CountersOf(state).indexes.push_back(
        {index.id, 1, static_cast<std::int64_t>(entry->size), entry->vector_excess});
    if (index.local()) return Error(ErrorCode::kInvalidArgument, "a local index can't be filled");
  }
  return {};
}

}  // namespace

Task<Result<void>> Backfill(EngineParts* parts, TableRef table, std::uint16_t index_id, std::stop_token stop) {
  INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(parts, table));
  Store* store = &*opened.store;
  WorkerPool* pool = parts->stores.readers();
  std::string start;
  AppendRowPrefix(table, RowKind::kItem, &start);
  const std::string end = SuccessorOf(start);
  for (;;) {
    if (stop.stop_requested()) co_return Stopping();
    INSULA_CO_TRY(CheckWritable(*parts, *store, Purpose::kGrowth));
    INSULA_CO_ASSIGN(TableState::Writer writer, opened.state->Enter());
    const IndexSchema* index = writer.schema().FindIndex(index_id);
    if (!index) co_return Refused(Refusal::kNoSuchIndex);

    auto next = [&] { return NextRowKeys(store, start, end); };
    INSULA_CO_ASSIGN(const std::vector<std::string> row_keys, co_await RunOn(pool, next));
    if (row_keys.empty()) co_return Result<void>();
    HeldLocks held(&parts->locks);
    std::vector<std::uint64_t> ids;
    for (const std::string& row_key : row_keys) ids.push_back(LockIdOf(table.store(), row_key));
    if (co_await LockAll(&parts->locks, ids, &held)) continue;  // somebody was slow: once more

    CommitRequest commit;
    commit.fairness_key = ~std::uint64_t{0};
    auto add = [&] { return AddEntries(store, table, opened.state.get(), writer.schema(), *index, row_keys, &commit); };
    INSULA_CO_TRY(co_await RunOn(pool, add));
    if (commit.batch.Count() > 0) {
      co_await store->committer().Commit(&commit);
      INSULA_CO_TRY(CommitResult(commit));
    }
    start = row_keys.back() + '\0';
  }
}

}  // namespace insula::storage::rocks
