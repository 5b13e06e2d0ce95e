#include "storage/rocks/rocks_backups.h"

#include <algorithm>

#include "storage/refusal.h"
#include "storage/rocks/backup_writer.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/past_rows.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/restoration.h"
#include "storage/rocks/status.h"

namespace insula::storage::rocks {
namespace {

Result<void> CheckId(const std::string& id) {
  const bool named = !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-';
  });
  if (!named) return Error(ErrorCode::kInvalidArgument, "'" + id + "' can't be the id of a backup");
  return {};
}

bool Equal(const TableCounters& a, const TableCounters& b) {
  return a.items == b.items && a.bytes == b.bytes && a.written_halves == b.written_halves &&
         a.change_sequence == b.change_sequence;
}

// The table's counters in the snapshot.
Result<TableCounters> CountersIn(Store* store, const rocksdb::Snapshot* snapshot, const tenancy::TableRef& table) {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = ReadRow(*store, Tier::kDisk, snapshot, CountersRowKey(table), &value);
  if (status.IsNotFound()) return TableCounters();
  if (!status.ok()) return ErrorFrom(status, "reading a table's counters");
  return CountersFrom(value.ToStringView());
}

// Made on one thread and used by others, one after the other.
struct Copying {
  explicit Copying(rocksdb::DB* db) : snapshot(db) {}
  rocksdb::ManagedSnapshot snapshot;
  std::optional<BackupWriter> writer;  // goes before the snapshot
};

}  // namespace

RocksBackups::RocksBackups(EngineParts* parts)
    : parts_(parts), files_(parts->stores.env(), parts->stores.options().directory, parts->stores.rate_limiter()) {}

std::shared_ptr<AsyncMutex> RocksBackups::MutexOf(const BackupPlace& place) {
  const MutexLock lock(mutex_);
  std::erase_if(mutexes_, [](const auto& entry) { return entry.second.expired(); });
  std::shared_ptr<AsyncMutex> mutex = mutexes_[place].lock();
  if (!mutex) {
    mutex = std::make_shared<AsyncMutex>();
    mutexes_[place] = mutex;
  }
  return mutex;
}

Result<void> RocksBackups::CheckGoingOn(std::uint64_t begun) const {
  if (parts_->stores.stopping() || interruptions_.load() != begun) {
    return Stopping();
  }
  return {};
}

Task<Result<RocksBackups::Found>> RocksBackups::Find(StoreId store, std::string id) {
  INSULA_CO_TRY(CheckId(id));
  auto work = [&]() -> Result<Found> {
    Found found;
    INSULA_ASSIGN(found.place, files_.PlaceOf(store, id));
    INSULA_ASSIGN(found.manifest, files_.ReadManifest(found.place, id));
    return found;
  };
  co_return co_await RunOn(&pool_, work);
}

Task<Result<BackupStats>> RocksBackups::Create(tenancy::TableRef table, std::string id, std::optional<WallTime> as_of) {
  const std::uint64_t begun = interruptions_.load();
  INSULA_CO_TRY(CheckId(id));
  const BackupPlace place{table.store(), table.incarnation()};
  const std::shared_ptr<AsyncMutex> mutex = MutexOf(place);
  const auto lock = co_await mutex->Lock();
  auto look = [&] { return files_.ReadManifest(place, id); };
  const Result<BackupManifest> existing = co_await RunOn(&pool_, look);
  if (existing.ok()) co_return existing->stats();
  if (RefusalOf(existing.error()) != Refusal::kNoSuchBackup) co_return existing.error();

  INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(parts_, table));
  INSULA_CO_TRY(CheckWritable(*parts_, *opened.store, Purpose::kJob));
  INSULA_CO_TRY(opened.state->Enter());
  const std::shared_ptr<TableState> state = opened.state;
  INSULA_CO_ASSIGN(const BackupStats stats, co_await CreateLocked(std::move(opened), table, place, id, as_of, begun));
  // Rows of a dropped table may have been gone already.
  const Result<TableState::Writer> still_there = state->Enter();
  if (still_there.ok()) co_return stats;
  auto undo = [&] { return files_.Delete(place, id); };
  INSULA_CO_TRY(co_await RunOn(&pool_, undo));
  co_return still_there.error();
}

Task<Result<BackupStats>> RocksBackups::CreateLocked(OpenedTable opened, tenancy::TableRef table, BackupPlace place,
                                                     std::string id, std::optional<WallTime> as_of,
                                                     std::uint64_t begun) {
  std::unique_ptr<Copying> copying;
  // Takes the snapshot; true if an earlier backup says all there is to say.
  auto begin = [&]() -> Result<bool> {
    Store* store = &*opened.store;
    copying = std::make_unique<Copying>(store->db());
    const rocksdb::Snapshot* snapshot = copying->snapshot.snapshot();
    INSULA_ASSIGN(const TableCounters counters, CountersIn(store, snapshot, table));
    BackupManifest manifest;
    manifest.key = table.schema().key;
    manifest.as_of = as_of.value_or(parts_->clock.Now());
    manifest.sequence = counters.change_sequence;
    std::unique_ptr<BackupRows> rows;
    if (as_of) {
      INSULA_ASSIGN(const std::uint64_t first, FirstChangeAfter(store, snapshot, table, manifest.sequence, *as_of));
      rows = std::make_unique<PastRows>(store, snapshot, table, first, manifest.sequence,
                                        parts_->stores.options().past_bytes_max);
      manifest.sequence = first - 1;
    } else {
      rows = std::make_unique<CurrentRows>(store, snapshot, table);
      manifest.counters = counters;
    }
    copying->writer.emplace(&files_, place, id, std::move(manifest), std::move(rows));
    if (as_of) return false;
    // What a table was written is counted and never goes down: where the newest says another number, so do all others.
    std::optional<BackupManifest> same;
    files_.ForEachManifest(place, [&](const BackupManifest& earlier) {
      if (!earlier.counters) return true;
      if (!Equal(*earlier.counters, counters)) return false;
      if (!files_.CheckChunks(place, earlier).ok()) return true;
      same = earlier;
      return false;
    });
    if (!same) return false;
    INSULA_TRY(copying->writer->FinishAs(*same));
    return true;
  };
  Result<bool> ended = co_await RunOn(&pool_, begin);
  while (ended.ok() && !*ended) {
    Result<void> going_on = CheckGoingOn(begun);
    if (going_on.ok()) going_on = CheckWritable(*parts_, *opened.store, Purpose::kJob);
    if (!going_on.ok()) {
      ended = going_on.error();
      break;
    }
    auto step = [&]() -> Result<bool> {
      INSULA_ASSIGN(const bool more, copying->writer->Step());
      return !more;
    };
    ended = co_await RunOn(&pool_, step);
  }
  auto finish = [&]() -> Result<BackupStats> {
    if (!ended.ok() && copying->writer) copying->writer->Abandon();
    Result<BackupStats> stats =
        ended.ok() ? Result<BackupStats>(copying->writer->manifest().stats()) : Result<BackupStats>(ended.error());
    copying.reset();
    return stats;
  };
  co_return co_await RunOn(&pool_, finish);
}

Task<Result<BackupStats>> RocksBackups::Stats(StoreId store, std::string id) {
  INSULA_CO_ASSIGN(const Found found, co_await Find(store, std::move(id)));
  co_return found.manifest.stats();
}

Task<Result<BackupPage>> RocksBackups::Read(StoreId store, std::string id, std::uint64_t cursor) {
  INSULA_CO_ASSIGN(const Found found, co_await Find(store, std::move(id)));
  auto work = [&]() -> Result<BackupPage> {
    BackupPage page;
    if (cursor >= found.manifest.chunks.size()) return page;
    INSULA_ASSIGN(const std::string entries, files_.ReadChunk(found.place, found.manifest.chunks[cursor]));
    ChunkWalk walk(entries);
    for (;;) {
      INSULA_ASSIGN(const bool more, walk.Next());
      if (!more) break;
      page.items.push_back(EncodedItem::FromBytes(std::string(walk.item())));
    }
    page.next = cursor + 1;
    page.more = page.next < found.manifest.chunks.size();
    return page;
  };
  co_return co_await RunOn(&pool_, work);
}

Task<Result<BackupStats>> RocksBackups::Verify(StoreId store, std::string id) {
  const std::uint64_t begun = interruptions_.load();
  INSULA_CO_ASSIGN(const Found found, co_await Find(store, std::move(id)));
  std::uint64_t items = 0;
  for (const ChunkRef& chunk : found.manifest.chunks) {
    INSULA_CO_TRY(CheckGoingOn(begun));
    auto work = [&]() -> Result<std::uint64_t> {
      INSULA_ASSIGN(const std::string entries, files_.ReadChunk(found.place, chunk));
      ChunkWalk walk(entries);
      for (;;) {
        INSULA_ASSIGN(const bool more, walk.Next());
        if (!more) return walk.items();
      }
    };
    INSULA_CO_ASSIGN(const std::uint64_t read, co_await RunOn(&pool_, work));
    items += read;
  }
  if (items != found.manifest.items) {
    co_return Error(ErrorCode::kCorruption, "A backup has another number of items than its manifest says");
  }
  co_return found.manifest.stats();
}

Task<Result<BackupStats>> RocksBackups::Restore(StoreId store, std::string id, tenancy::TableRef into,
                                                RestoreObserver observer) {
  const std::uint64_t begun = interruptions_.load();
  INSULA_CO_ASSIGN(const Found found, co_await Find(store, id));
  INSULA_CO_ASSIGN(OpenedTable opened, co_await OpenForWriting(parts_, into));
  INSULA_CO_TRY(CheckWritable(*parts_, *opened.store, Purpose::kJob));
  auto restoration = std::make_unique<Restoration>(&files_, found.place, id, &*opened.store,
                                                   parts_->stores.OptionsFor(into.store()), into);
  auto open = [&] { return restoration->Open(); };
  INSULA_CO_ASSIGN(const bool done, co_await RunOn(&pool_, open));
  if (done) co_return found.manifest.stats();
  INSULA_CO_TRY(restoration->CheckTarget(opened.state->counters()));
  for (bool more = true; more;) {
    INSULA_CO_TRY(CheckGoingOn(begun));
    INSULA_CO_TRY(CheckWritable(*parts_, *opened.store, Purpose::kJob));
    const TableCounters& filled = restoration->filled();
    const RestoreProgress progress{static_cast<std::uint64_t>(filled.items), static_cast<std::uint64_t>(filled.bytes),
                                   found.manifest.items, found.manifest.bytes};
    if (observer && !observer(progress)) {
      co_return Error(ErrorCode::kServiceUnavailable, "The restore was interrupted");
    }
    // Whoever drops the table waits for the step, so that no row comes after what removes them.
    INSULA_CO_ASSIGN(const TableState::Writer writer, opened.state->Enter());
    auto step = [&] { return restoration->Step(); };
    INSULA_CO_ASSIGN(more, co_await RunOn(&pool_, step));
  }
  INSULA_CO_ASSIGN(const TableState::Writer writer, opened.state->Enter());
  CommitRequest commit;
  restoration->AppendTo(opened.state.get(), &commit);
  co_await opened.store->committer().Commit(&commit);
  INSULA_CO_TRY(CommitResult(commit));
  auto clean = [&] {
    restoration->RemoveFiles();
    return true;
  };
  co_await RunOn(&pool_, clean);
  co_return found.manifest.stats();
}

Task<Result<void>> RocksBackups::ForgetRestore(tenancy::TableRef table) {
  auto work = [&] {
    files_.RemoveRestoreDirectory({table.store(), table.incarnation()});
    return true;
  };
  co_await RunOn(parts_->stores.readers(), work);
  co_return Result<void>();
}

Task<Result<void>> RocksBackups::Delete(StoreId store, std::string id) {
  INSULA_CO_TRY(CheckId(id));
  auto look = [&] { return files_.PlaceOf(store, id); };
  const Result<BackupPlace> place = co_await RunOn(&pool_, look);
  if (!place.ok() && RefusalOf(place.error()) == Refusal::kNoSuchBackup) co_return Result<void>();
  if (!place.ok()) co_return place.error();
  const std::shared_ptr<AsyncMutex> mutex = MutexOf(*place);
  const auto lock = co_await mutex->Lock();
  auto work = [&] { return files_.Delete(*place, id); };
  co_return co_await RunOn(&pool_, work);
}

}  // namespace insula::storage::rocks
