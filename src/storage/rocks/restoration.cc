#include "storage/rocks/restoration.h"

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "storage/rocks/index_row.h"
#include "storage/rocks/item_change.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/rows.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

constexpr std::size_t kGroupBytes = 64u << 20;  // of rows; what index entries take in memory
constexpr std::size_t kRowsPerCountStep = 200'000;
constexpr std::chrono::milliseconds kBacklogWait{50};

}  // namespace

// The rows of some chunks on their way to the store.
class Restoration::Group {
 public:
  Group(const rocksdb::Options& options, const std::string& directory, const tenancy::TableRef& into,
        RestoreProgressRow* row)
      : options_(options),
        directory_(directory),
        into_(into),
        row_(row),
        collected_(HasLocalIndexes(into.schema())),
        items_(options, directory + "/items.sst"),
        collections_(options, directory + "/collections.sst"),
        runs_(into.schema().indexes.size()) {
    AppendRowPrefix(into, RowKind::kItem, &key_);
  }

  std::size_t bytes() const { return items_.bytes() + run_bytes_; }

  Result<void> Add(std::string_view key, std::string_view item) {
    key_.resize(kItemPrefixSize);
    key_.append(key);
    INSULA_TRY(items_.Put(key_, item));
    std::string_view header = item.substr(1);
    std::uint64_t collection_bytes = ConsumeVarint(&header);
    ++row_->counters.items;
    row_->counters.bytes += static_cast<std::int64_t>(collection_bytes);
    if (!runs_.empty()) collection_bytes += AddEntries(item);
    if (collected_) INSULA_TRY(AddToCollection(collection_bytes));
    return {};
  }

  // Writes the files and gives the store what it can have now.
  Result<void> Finish(Store* store, bool last) {
    if (last) INSULA_TRY(CloseCollection());
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      INSULA_TRY(runs_[i].Write(options_, IndexRunPath(directory_, into_.schema().indexes[i].id, row_->runs)));
    }
    ++row_->runs;
    std::vector<std::string> paths;
    for (IngestFile* file : {&items_, &collections_}) {
      INSULA_ASSIGN(const bool any, file->Finish());
      if (any) paths.push_back(file->path());
    }
    return Ingest(store, paths);
  }

 private:
  // The bytes of those in local indexes.
  std::uint64_t AddEntries(std::string_view bytes) {
    const EncodedItem item = EncodedItem::FromBytes(std::string(bytes));
    const AttributeMap tree = item.Decode();
    std::uint64_t local_bytes = 0;
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const IndexSchema& index = into_.schema().indexes[i];
      std::optional<IndexRow> entry = IndexRowOf(into_, into_.schema(), index, tree, item, key_);
      if (!entry) continue;
      const std::size_t size = entry->size;
      TableCounters::Index& counted = row_->counters.OfIndex(index.id);
      ++counted.items;
      counted.bytes += static_cast<std::int64_t>(size);
      counted.vector_excess += entry->vector_excess;
      if (index.local()) local_bytes += size;
      run_bytes_ -= runs_[i].bytes();
      runs_[i].Add(std::move(entry->key), IndexRowValue(index, tree, &*entry));
      run_bytes_ += runs_[i].bytes();
    }
    return local_bytes;
  }

  Result<void> AddToCollection(std::uint64_t bytes) {
    std::string collection = CollectionRowKey(key_);
    if (collection != row_->collection) {
      INSULA_TRY(CloseCollection());
      row_->collection = std::move(collection);
    }
    row_->collection_bytes += bytes;
    return {};
  }
  Result<void> CloseCollection() {
    if (row_->collection.empty()) return {};
    std::string value;
    AppendVarint(row_->collection_bytes, &value);
    INSULA_TRY(collections_.Put(row_->collection, value));
    row_->collection.clear();
    row_->collection_bytes = 0;
    return {};
  }

  const rocksdb::Options& options_;
  const std::string& directory_;
  const tenancy::TableRef& into_;
  RestoreProgressRow* const row_;
  const bool collected_;
  std::string key_;  // of the row in hand
  IngestFile items_;
  IngestFile collections_;
  std::vector<IndexRun> runs_;  // of the schema's indexes, in order
  std::size_t run_bytes_ = 0;
};

Restoration::Restoration(BackupFiles* files, BackupPlace from, std::string id, Store* store, rocksdb::Options options,
                         tenancy::TableRef into)
    : files_(files),
      from_(from),
      id_(std::move(id)),
      store_(store),
      options_(std::move(options)),
      into_(std::move(into)),
      place_{into_.store(), into_.incarnation()} {}

Result<bool> Restoration::Open() {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = ReadRow(*store_, Tier::kDisk, nullptr, RestoreProgressRowKey(into_), &value);
  if (!status.ok() && !status.IsNotFound()) return ErrorFrom(status, "reading the progress of a restore");
  if (status.ok()) {
    INSULA_ASSIGN(progress_, RestoreProgressFrom(value.ToStringView()));
  }
  INSULA_ASSIGN(manifest_, files_->ReadManifest(from_, id_));
  if (progress_.done && progress_.backup == id_) return true;
  INSULA_TRY(files_->CheckChunks(from_, manifest_));
  INSULA_ASSIGN(directory_, files_->RestoreDirectory(place_));
  if (progress_.backup.empty()) progress_.backup = id_;
  return false;
}

Result<void> Restoration::CheckTarget(const TableCounters& counters) const {
  if (manifest_.key != into_.schema().key) {
    return Error(ErrorCode::kFailedPrecondition, "The backup is of a table with another key schema");
  }
  if (progress_.backup != id_) {
    return Error(ErrorCode::kFailedPrecondition,
                 fmt::format("The table is being restored from another backup, {}", progress_.backup));
  }
  if (counters.items != 0) return Error(ErrorCode::kFailedPrecondition, "The table to restore to isn't empty");
  return {};
}

Result<bool> Restoration::Step() {
  if (HasBacklog(store_)) {
    std::this_thread::sleep_for(kBacklogWait);
    return true;
  }
  if (progress_.chunks < manifest_.chunks.size()) {
    INSULA_TRY(FillGroup());
    return true;
  }
  if (merging_ < into_.schema().indexes.size()) {
    INSULA_ASSIGN(const bool more, MergeStep());
    if (!more) ++merging_;
    return true;
  }
  return CountStep();
}

Result<void> Restoration::FillGroup() {
  // Nothing may be the first that a store is given but a write (Ingest).
  if (progress_.chunks == 0) INSULA_TRY(SaveProgress(progress_));
  RestoreProgressRow row = progress_;
  Group group(options_, directory_, into_, &row);
  while (row.chunks < manifest_.chunks.size() && group.bytes() < kGroupBytes) {
    const ChunkRef& chunk = manifest_.chunks[row.chunks];
    INSULA_ASSIGN(const std::string entries, files_->ReadChunk(from_, chunk));
    ChunkWalk walk(entries);
    for (;;) {
      INSULA_ASSIGN(const bool more, walk.Next());
      if (!more) break;
      INSULA_TRY(group.Add(walk.key(), walk.item()));
    }
    if (walk.items() != chunk.items) {
      return Error(ErrorCode::kCorruption, fmt::format("backup {}: a chunk has another number of items than its "
                                                       "manifest says; restore from another backup",
                                                       id_));
    }
    ++row.chunks;
  }
  INSULA_TRY(group.Finish(store_, row.chunks == manifest_.chunks.size()));
  INSULA_TRY(files_->SyncDirectory(directory_));
  INSULA_TRY(SaveProgress(row));
  progress_ = std::move(row);
  return {};
}

Result<void> Restoration::SaveProgress(const RestoreProgressRow& row) {
  rocksdb::WriteBatch batch;
  batch.Put(store_->items(), RestoreProgressRowKey(into_), EncodeRestoreProgress(row));
  const rocksdb::Status status = store_->WriteSynced(&batch);
  if (!status.ok()) return ErrorFrom(status, "writing the progress of a restore");
  return {};
}

Result<bool> Restoration::MergeStep() {
  if (!merge_) {
    const std::uint16_t index = into_.schema().indexes[merging_].id;
    merge_ = std::make_unique<IndexMerge>(options_, store_, directory_, index, progress_.runs);
  }
  INSULA_ASSIGN(const bool more, merge_->Step());
  if (!more) merge_.reset();
  return more;
}

// Counts rows as a reader will find them. False when all are as many as they must be.
Result<bool> Restoration::CountStep() {
  const std::vector<IndexSchema>& indexes = into_.schema().indexes;
  if (counting_ > indexes.size()) return false;
  std::string prefix;
  std::uint64_t expected = manifest_.items;
  if (counting_ == 0) {
    AppendRowPrefix(into_, RowKind::kItem, &prefix);
  } else {
    const std::uint16_t id = indexes[counting_ - 1].id;
    AppendIndexPrefix(into_, id, &prefix);
    expected = 0;
    for (const TableCounters::Index& index : progress_.counters.indexes) {
      if (index.id == id) expected = static_cast<std::uint64_t>(index.items);
    }
  }
  rocksdb::ReadOptions read;
  read.fill_cache = false;
  read.readahead_size = 2u << 20;
  Rows rows(*store_, store_->items(), Tier::kDisk, {count_from_.empty() ? prefix : count_from_, SuccessorOf(prefix)},
            read);
  std::size_t looked = 0;
  for (rows.SeekToLower(); rows.Valid(); rows.Next()) {
    if (looked++ == kRowsPerCountStep) {
      count_from_ = rows.key().ToString();
      return true;
    }
    ++counted_;
  }
  if (!rows.status().ok()) return ErrorFrom(rows.status(), "counting restored rows");
  if (counted_ != expected) {
    // Files that were ready before an interruption may be gone: the next attempt begins anew.
    RestoreProgressRow anew;
    anew.backup = id_;
    INSULA_TRY(SaveProgress(anew));
    return Error(ErrorCode::kInternalServerError,
                 fmt::format("restoring backup {}: there are {} rows where {} were expected", id_, counted_, expected));
  }
  count_from_.clear();
  counted_ = 0;
  ++counting_;
  return true;
}

void Restoration::AppendTo(TableState* state, CommitRequest* commit) const {
  RestoreProgressRow row = progress_;
  row.done = true;
  commit->batch.Put(RestoreProgressRowKey(into_), EncodeRestoreProgress(row));
  CountersDelta& counters = commit->CountersOf(state);
  counters.items += progress_.counters.items;
  counters.bytes += progress_.counters.bytes;
  for (const TableCounters::Index& index : progress_.counters.indexes) counters.indexes.push_back(index);
}

}  // namespace insula::storage::rocks
