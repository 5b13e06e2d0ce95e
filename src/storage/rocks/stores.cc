#include "storage/rocks/stores.h"

#include <cstdio>
#include <functional>
#include <thread>

#include <fmt/format.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include "base/background_thread.h"
#include "base/check.h"
#include "storage/rocks/file_opener.h"
#include "storage/rocks/key_format.h"
#include "storage/rocks/reader.h"
#include "storage/rocks/scoped_files.h"
#include "storage/rocks/status.h"
#include "storage/rocks/store_check.h"
#include "storage/rocks/store_format.h"
#include "storage/rocks/write_rate.h"

namespace insula::storage::rocks {
namespace {

const StoreId kShared{0};

// In the shared store: that an account's store was made.
constexpr char kStoreRowVersion = 1;

// Whoever asks for a store that is damaged doesn't have its files read each time.
constexpr std::chrono::seconds kRefusedFor{5};

std::string StoreRowKey(StoreId id) {
  std::string key = SystemPrefix(SystemRow::kStore);
  AppendBigEndian32(id.value(), &key);
  return key;
}

RocksOptions WithDefaults(RocksOptions options) {
  if (!options.log) {
    options.log = [](std::string_view line) {
      std::fprintf(stderr, "insula: %.*s\n", static_cast<int>(line.size()), line.data());
    };
  }
  if (!options.on_fatal) {
    options.on_fatal = [](const Error& error) {
      std::fprintf(stderr, "insula: the shared store can't be trusted any more, stopping: %s\n",
                   error.message().c_str());
      std::_Exit(70);  // neither destructors nor a flush may touch the store again
    };
  }
  return options;
}

// How long an account's store waits to be opened while as many as may be are in use.
constexpr std::chrono::seconds kRoomWaitMax{5};

// Where it can be made: on a real disk.
std::optional<std::string> ReservePath(const RocksOptions& options) {
  if (options.in_memory || options.env != nullptr) return std::nullopt;
  return options.directory + "/" + kReserveFile;
}

}  // namespace

StoreLease::~StoreLease() {
  if (store_) stores_->Release(store_, background_);
}

Stores::Stores(RocksOptions options, Clock& clock)
    : options_(WithDefaults(std::move(options))),
      clock_(clock),
      space_(options_.directory, options_.free_bytes_min, ReservePath(options_), options_.log),
      readers_("read", options_.read_threads),
      account_commits_("commit-account", options_.account_commit_threads) {
  env_ = options_.env;
  if (!env_ && options_.in_memory) {
    memory_env_.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    env_ = memory_env_.get();
  }
  if (!env_) env_ = rocksdb::Env::Default();
  if (!options_.in_memory) {
    unbuffered_ = std::make_shared<UnbufferedFiles>(kChangesFamily);
    auto files = WithReadScopes(
        env_->GetFileSystem(), /*in_page_cache=*/env_ == rocksdb::Env::Default(),
        [this](const std::string& file, const rocksdb::Status& failure) { disk_.Unreadable(file, failure); });
    guarded_env_ = rocksdb::NewCompositeEnv(GuardLogs(WithUnbuffered(std::move(files), unbuffered_), &disk_));
    env_ = guarded_env_.get();
    disk_.on_full = [this] { space_.GiveUpReserve(); };
  }
  rocksdb::LRUCacheOptions cache;
  cache.capacity = options_.block_cache_bytes;
  cache.num_shard_bits = 4;
  cache.high_pri_pool_ratio = 0.2;  // indexes and filters
  cache_ = rocksdb::NewLRUCache(cache);
  write_buffers_ = std::make_shared<rocksdb::WriteBufferManager>(options_.write_buffer_bytes);
  if (options_.background_bytes_per_second > 0 && !options_.in_memory) {
    rate_limiter_ = std::make_shared<WriteRate>(static_cast<std::int64_t>(options_.background_bytes_per_second));
  }
}

Stores::~Stores() { Stop(); }

std::string Stores::DirectoryOf(StoreId id) const { return StoreDirectory(options_.directory, id); }

rocksdb::Options Stores::OptionsFor(StoreId id) const {
  const bool shared = id == kShared;
  rocksdb::Options options;
  options.env = env_;
  if (unbuffered_) options.listeners.push_back(unbuffered_);
  // What a crash may leave behind is a torn last record; anything else is damage and is said.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.recycle_log_file_num = 0;
  options.track_and_verify_wals_in_manifest = true;

  options.write_buffer_size = shared ? options_.shared_write_buffer_bytes : options_.account_write_buffer_bytes;
  // Small stores start small; a block must be well below the buffer it is part of.
  options.arena_block_size = std::min<std::size_t>(shared ? 256u << 10 : 16u << 10, options.write_buffer_size / 16);
  options.max_write_buffer_number = shared ? 4 : 2;
  options.write_buffer_manager = write_buffers_;
  options.allow_concurrent_memtable_write = false;  // the committer is the only writer
  options.max_open_files = shared ? options_.open_files_max : options_.account_open_files_max;
  options.max_file_opening_threads = shared ? 4 : 1;
  // Shards are filled unevenly, so each must have room for many files.
  options.table_cache_numshardbits = options.max_open_files >= 4096 ? 6 : options.max_open_files >= 1024 ? 4 : 1;
  options.max_background_jobs = options_.background_jobs;
  options.rate_limiter = rate_limiter_;
  options.max_total_wal_size = shared ? 512u << 20 : 16u << 20;
  options.bytes_per_sync = 1u << 20;
  options.avoid_unnecessary_blocking_io = true;
  options.level_compaction_dynamic_level_bytes = true;
  options.skip_stats_update_on_db_open = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.keep_log_file_num = 2;
  options.max_log_file_size = 1u << 20;
  options.compression_per_level = {rocksdb::kNoCompression,  rocksdb::kNoCompression,  rocksdb::kLZ4Compression,
                                   rocksdb::kLZ4Compression, rocksdb::kLZ4Compression, rocksdb::kLZ4Compression,
                                   rocksdb::kLZ4Compression};
  options.max_bytes_for_level_base = shared ? 256u << 20 : 16u << 20;

  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache_;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = true;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // In parts of a block's size, so that a read whose part of them isn't in the cache doesn't fetch those of the whole
  // file: of a large one they are more than all the cache has room for.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.pin_top_level_index_and_filter = true;
  table.format_version = 5;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  if (options_.adjust) options_.adjust(&options);
  return options;
}

Result<std::unique_ptr<Store>> Stores::OpenStore(StoreId id, IfMissing if_missing) {
  {
    // Its manifest is read again.
    const MutexLock lock(disk_.mutex);
    disk_.uncertain.erase(DirectoryOf(id));
    disk_.unreadable.erase(DirectoryOf(id));
  }
  auto opened = Store::Open(id, DirectoryOf(id), PartsFor(id, if_missing));
  if (!opened.ok() && opened.error().code() == ErrorCode::kStorageFull && space_.GiveUpReserve()) {
    opened = Store::Open(id, DirectoryOf(id), PartsFor(id, if_missing));
  }
  return opened;
}

Store::Parts Stores::PartsFor(StoreId id, IfMissing if_missing) {
  Store::Parts parts;
  parts.options = OptionsFor(id);
  parts.commit_pool = id == kShared ? &shared_commits_ : &account_commits_;
  parts.clock = &clock_;
  parts.committer.group_bytes_max = options_.commit_group_bytes_max;
  parts.disk = options_.in_memory ? nullptr : &disk_;
  parts.if_missing = if_missing;
  parts.if_lost = options_.give_up_lost_writes ? IfLost::kGiveUp : IfLost::kRefuse;
  if (id != kShared) parts.organization = shared_->organization();
  parts.log = options_.log;
  parts.on_damage = [this](StoreId in, FoundDamage found) { OnDamage(in, std::move(found)); };
  parts.on_failure = [this](StoreId failed, const rocksdb::Status& status) { OnFailure(failed, status); };
  return parts;
}

bool Stores::CheckSpace() {
  const bool has_room = space_.Check(env_);
  disk_.room_to_spare = space_.room_to_spare();
  return has_room;
}

Error Stores::RefuseForNow(StoreId id, Error error) {
  options_.log(error.message());
  const MutexLock lock(mutex_);
  refused_.insert_or_assign(id, std::pair(error, clock_.SteadyNow() + kRefusedFor));
  return error;
}

Result<std::unique_ptr<Store>> Stores::OpenAccount(StoreId id, IfMissing if_missing) {
  {
    const MutexLock lock(mutex_);
    const auto refused = refused_.find(id);
    if (refused != refused_.end() && clock_.SteadyNow() < refused->second.second) return refused->second.first;
    if (refused != refused_.end()) refused_.erase(refused);
  }
  const std::string row_key = StoreRowKey(id);
  rocksdb::PinnableSlice row;
  const rocksdb::Status listed = ReadRow(*shared_, Tier::kDisk, nullptr, row_key, &row);
  if (!listed.ok() && !listed.IsNotFound()) return ErrorFrom(listed, "looking for a store");
  auto opened = OpenStore(id, listed.ok() ? IfMissing::kRefuse : if_missing);
  if (!opened.ok()) {
    if (opened.error().code() != ErrorCode::kNotFound) return RefuseForNow(id, std::move(opened).error());
    if (!listed.ok()) return Error(ErrorCode::kNotFound, fmt::format("store {} doesn't exist", id.value()));
    return RefuseForNow(id, Error(ErrorCode::kCorruption,
                                  fmt::format("{} is missing, and with it all that was in it: put it back as it was",
                                              DirectoryOf(id))));
  }
  if (!listed.ok()) {
    rocksdb::WriteBatch batch;
    batch.Put(shared_->items(), row_key, std::string(1, kStoreRowVersion));
    const rocksdb::Status status = shared_->WriteSynced(&batch);
    if (!status.ok()) return ErrorFrom(status, "listing a store");
  }
  return opened;
}

Result<void> Stores::Open() {
  space_.PrepareStart(env_);
  disk_.room_to_spare = space_.room_to_spare();
  const bool may_create = options_.create_if_missing || options_.in_memory;
  if (!may_create && env_->FileExists(DirectoryOf(kShared)).IsNotFound()) {
    return Error(ErrorCode::kCorruption,
                 DirectoryOf(kShared) + " is missing, and with it the organization: put it back as it was");
  }
  for (const std::string& directory : {options_.directory, options_.directory + "/accounts"}) {
    const rocksdb::Status status = env_->CreateDirIfMissing(directory);
    if (!status.ok()) return ErrorFrom(status, "making " + directory);
  }
  auto opened = OpenStore(kShared, may_create ? IfMissing::kCreate : IfMissing::kRefuse);
  if (!opened.ok() && opened.error().code() == ErrorCode::kNotFound) {
    return Error(ErrorCode::kCorruption,
                 DirectoryOf(kShared) + " is empty, though an organization was in it: put it back as it was");
  }
  INSULA_ASSIGN(shared_, std::move(opened));
  if (options_.in_memory) return {};
  opener_ = std::jthread([this](const std::stop_token& stop) {
    BecomeBackgroundThread("open-files");
    // Some room is left for files to come.
    OpenFiles(*shared_, static_cast<std::size_t>(options_.open_files_max) / 2, stop);
  });
  return {};
}

std::atomic<std::int64_t>& Stores::SharedLeases() {
  static thread_local const std::size_t stripe = std::hash<std::thread::id>{}(std::this_thread::get_id()) % kStripes;
  return shared_leases_[stripe].leases;
}

StoreLease Stores::TryAcquire(StoreId id) {
  if (id == kShared) {
    // Counted first, then checked: Stop() sets the flag and then waits for the count.
    SharedLeases().fetch_add(1, std::memory_order_seq_cst);
    if (stopping_.load(std::memory_order_seq_cst)) {
      SharedLeases().fetch_sub(1, std::memory_order_seq_cst);
      return {};
    }
    return {this, shared_.get()};
  }
  const MutexLock lock(mutex_);
  if (stopping_.load(std::memory_order_relaxed)) return {};
  auto found = accounts_.find(id);
  if (found == accounts_.end() || !found->second.store || found->second.busy) return {};
  ++found->second.leases;
  return {this, found->second.store.get()};
}

void Stores::Release(Store* store, bool background) {
  if (store == shared_.get()) {
    SharedLeases().fetch_sub(1, std::memory_order_seq_cst);
    return;
  }
  bool wake = false;
  {
    const MutexLock lock(mutex_);
    Account& account = accounts_.at(store->id());
    if (!background) account.idle_since = clock_.SteadyNow();
    if (--account.leases == 0) released_.NotifyAll();
    wake = account.leases == 0 && !room_waiting_.empty();
  }
  if (wake) WakeRoomWaiters();
}

void Stores::WakeRoomWaiters() {
  std::vector<Suspended> waiting;
  {
    const MutexLock lock(mutex_);
    waiting.swap(room_waiting_);
  }
  ResumeAll(&waiting);
}

bool Stores::IsFull() const {
  std::size_t open = 0;
  for (const auto& [id, account] : accounts_) open += account.store || account.busy ? 1 : 0;
  return open >= options_.account_stores_open_max;
}

bool Stores::AnyInUse() const {
  return std::ranges::any_of(accounts_, [](const auto& entry) { return entry.second.leases > 0 || entry.second.busy; });
}

Task<Result<void>> Stores::MakeRoom(SteadyTime until) {
  std::optional<StoreId> closing;
  {
    const MutexLock lock(mutex_);
    if (stopping_.load()) co_return Stopping();
    SteadyTime oldest = SteadyTime::max();
    for (const auto& [id, account] : accounts_) {
      if (!account.store || account.busy || account.leases > 0 || account.idle_since >= oldest) continue;
      oldest = account.idle_since;
      closing = id;
    }
    if (closing) accounts_.at(*closing).busy = true;
  }
  if (closing) {
    auto close = [this, id = *closing] {
      CloseStore(id);
      return true;
    };
    co_await RunOn(&readers_, close);
    co_return Result<void>();
  }
  if (clock_.SteadyNow() >= until) {
    co_return Error(ErrorCode::kServiceUnavailable, "The server is busy: too many accounts' stores are in use");
  }
  co_await Suspend([this](Suspended caller) {
    const MutexLock lock(mutex_);
    room_waiting_.push_back(std::move(caller));
  });
  co_return Result<void>();
}

Task<void> Stores::WaitUntilNotBusy(StoreId id) {
  co_await Suspend([this, id](Suspended caller) {
    std::optional<Suspended> at_once;
    {
      const MutexLock lock(mutex_);
      auto found = accounts_.find(id);
      if (found != accounts_.end() && found->second.busy) {
        found->second.waiting.push_back(std::move(caller));
      } else {
        at_once.emplace(std::move(caller));
      }
    }
    if (at_once) Resume(*std::move(at_once));
  });
}

void Stores::NotBusy(StoreId id, bool erase) {
  std::vector<Suspended> waiting;
  {
    const MutexLock lock(mutex_);
    Account& account = accounts_.at(id);
    account.busy = false;
    waiting.swap(account.waiting);
    for (Suspended& waits_for_room : room_waiting_) waiting.push_back(std::move(waits_for_room));
    room_waiting_.clear();
    if (erase) accounts_.erase(id);
  }
  released_.NotifyAll();
  ResumeAll(&waiting);
}

Task<Result<StoreLease>> Stores::Acquire(StoreId id) {
  const SteadyTime until = clock_.SteadyNow() + kRoomWaitMax;
  for (;;) {
    if (StoreLease lease = TryAcquire(id)) co_return lease;
    bool open = false;
    bool full = false;
    {
      const MutexLock lock(mutex_);
      if (stopping_.load()) co_return Stopping();
      Account& account = accounts_[id];
      if (!account.busy && !account.store) {
        full = IsFull();
        open = account.busy = !full;
      }
    }
    if (full) {
      INSULA_CO_TRY(co_await MakeRoom(until));
      continue;
    }
    if (!open) {
      co_await WaitUntilNotBusy(id);
      continue;
    }
    INSULA_CO_TRY(co_await OpenInto(id, IfMissing::kRefuse));
  }
}

// Precondition: it is busy, by the caller.
Task<Result<void>> Stores::OpenInto(StoreId id, IfMissing if_missing) {
  auto work = [this, id, if_missing] { return OpenAccount(id, if_missing); };
  auto opened = co_await RunOn(&readers_, work);
  if (!opened.ok()) {
    NotBusy(id, /*erase=*/true);
    co_return std::move(opened).error();
  }
  {
    const MutexLock lock(mutex_);
    accounts_.at(id).store = std::move(opened).value();
    accounts_.at(id).idle_since = clock_.SteadyNow();
  }
  NotBusy(id, /*erase=*/false);
  co_return Result<void>();
}

Task<Result<void>> Stores::Create(StoreId id) {
  if (id == kShared) co_return Result<void>();
  if (StoreLease lease = TryAcquire(id)) co_return Result<void>();
  const SteadyTime until = clock_.SteadyNow() + kRoomWaitMax;
  for (;;) {
    bool open = false;
    bool full = false;
    {
      const MutexLock lock(mutex_);
      if (stopping_.load()) co_return Stopping();
      Account& account = accounts_[id];
      if (account.store) co_return Result<void>();
      if (!account.busy) {
        full = IsFull();
        open = account.busy = !full;
      }
    }
    if (full) {
      INSULA_CO_TRY(co_await MakeRoom(until));
      continue;
    }
    if (open) break;
    co_await WaitUntilNotBusy(id);
  }
  co_return co_await OpenInto(id, IfMissing::kCreate);
}

Task<Result<void>> Stores::Drop(StoreId id) {
  INSULA_CHECK(id != kShared);
  for (;;) {
    bool mine = false;
    {
      const MutexLock lock(mutex_);
      if (stopping_.load()) co_return Stopping();
      Account& account = accounts_[id];
      if (!account.busy) mine = account.busy = true;
    }
    if (mine) break;
    co_await WaitUntilNotBusy(id);
  }
  auto work = [this, id]() -> Result<void> {
    std::unique_ptr<Store> store;
    {
      const MutexLock lock(mutex_);
      while (accounts_.at(id).leases > 0) released_.Wait(mutex_);
      store = std::move(accounts_.at(id).store);
    }
    store.reset();
    const std::string directory = DirectoryOf(id);
    {
      const MutexLock lock(disk_.mutex);
      disk_.uncertain.erase(directory);
    }
    // What is somebody else's stays. Where that can't be told it was this one.
    if (const auto format = ReadFormat(env_, directory); format.ok()) {
      INSULA_TRY(CheckIdentity(directory, *format, id, shared_->organization()));
    }
    // FORMAT goes first: without it the rest can't be mistaken for a store.
    (void)env_->DeleteFile(directory + "/FORMAT");
    for (const std::string& inner : {directory + "/" + kLostDirectory, directory}) {
      std::vector<std::string> files;
      (void)env_->GetChildren(inner, &files);
      for (const std::string& file : files) {
        if (file != "." && file != "..") (void)env_->DeleteFile(inner + "/" + file);
      }
      (void)env_->DeleteDir(inner);
      if (env_->GetChildren(inner, &files).ok() && env_->FileExists(inner).ok() && !files.empty()) {
        return Error(ErrorCode::kIo, "removing " + inner + ": files remain");
      }
    }
    rocksdb::WriteBatch batch;
    batch.Delete(shared_->items(), StoreRowKey(id));
    const rocksdb::Status status = shared_->WriteSynced(&batch);
    if (!status.ok()) return ErrorFrom(status, "removing a store from the list");
    return {};
  };
  auto dropped = co_await RunOn(&readers_, work);
  NotBusy(id, /*erase=*/true);
  co_return dropped;
}

void Stores::CloseIdle() {
  const SteadyTime now = clock_.SteadyNow();
  std::vector<StoreId> closing;
  {
    const MutexLock lock(mutex_);
    std::vector<std::pair<SteadyTime, StoreId>> idle;
    std::size_t open = 0;
    for (auto& [id, account] : accounts_) {
      if (!account.store) continue;
      ++open;
      if (!account.busy && account.leases == 0) idle.emplace_back(account.idle_since, id);
    }
    std::sort(idle.begin(), idle.end());
    for (const auto& [since, id] : idle) {
      if (now - since < options_.account_idle_close && open <= options_.account_stores_open_max) break;
      accounts_.at(id).busy = true;
      closing.push_back(id);
      --open;
    }
  }
  for (StoreId id : closing) CloseStore(id);
  WakeRoomWaiters();  // those that have waited too long give up
}

void Stores::CloseStore(StoreId id) {
  std::unique_ptr<Store> store;
  {
    const MutexLock lock(mutex_);
    store = std::move(accounts_.at(id).store);
  }
  (void)store->db()->Flush({}, {store->items(), store->changes()});
  store.reset();
  NotBusy(id, /*erase=*/true);
}

std::vector<StoreLease> Stores::OpenStores() {
  std::vector<StoreLease> leases;
  if (StoreLease shared = TryAcquire(kShared)) leases.push_back(std::move(shared));
  const MutexLock lock(mutex_);
  if (stopping_.load()) return leases;
  for (auto& [id, account] : accounts_) {
    if (!account.store || account.busy) continue;
    ++account.leases;
    leases.push_back(StoreLease(this, account.store.get(), /*background=*/true));
  }
  return leases;
}

void Stores::OnFailure(StoreId id, const rocksdb::Status& status) {
  const Error error = ErrorFrom(status, fmt::format("writing to {}", DirectoryOf(id)));
  options_.log(error.message());
  Store* store = shared_.get();
  if (id != kShared) {
    const MutexLock lock(mutex_);
    const auto found = accounts_.find(id);
    store = found == accounts_.end() ? nullptr : found->second.store.get();
  }
  if (store == nullptr) return;  // it is being closed
  if (status.IsNoSpace()) {
    store->set_out_of_space(true);  // until Upkeep finds room
    space_.GiveUpReserve();
    return;
  }
  const bool first = !store->fenced();
  store->Fence();
  bool unreadable = false;
  {
    const MutexLock lock(disk_.mutex);
    unreadable = disk_.unreadable.contains(DirectoryOf(id));
  }
  // Nothing acknowledged is in doubt, so there is no reason to end what doesn't write.
  const bool log_is_whole = store->damage().log_is_whole() && (status.IsCorruption() || unreadable);
  if (log_is_whole && first) {
    options_.log(
        fmt::format("{} takes no more writes: a file of it is damaged, or can't be read. Reads go on. `insula verify` "
                    "names the file: stop the server, put it back from a copy or mend the disk, and start again",
                    DirectoryOf(id)));
  }
  if (id == kShared && !log_is_whole) options_.on_fatal(error);
}

void Stores::OnDamage(StoreId id, FoundDamage found) {
  const MutexLock lock(damage_mutex_);
  damage_.emplace_back(id, std::move(found));
}

void Stores::LookAfterDamage() {
  std::vector<std::pair<StoreId, FoundDamage>> damage;
  {
    const MutexLock lock(damage_mutex_);
    damage.swap(damage_);
  }
  for (const auto& [id, found] : damage) {
    // One that isn't open any more, or not yet, finds it again.
    const StoreLease store = TryAcquire(id);
    if (!store) continue;
    const Result<bool> ended = store->EndCompactions(found.family);
    if (!ended.ok()) {
      options_.log(ended.error().message());
    } else if (*ended) {
      options_.log(fmt::format(
          "{} is damaged: {}. Reads of what was there fail; all else goes on, but without compactions: reads "
          "will get slower, and deletions give back no room. `insula verify` names what is concerned. Put "
          "the file back from a copy while the server is stopped, or restore those tables from backups",
          DirectoryOf(id), found.what));
    }
  }
}

void Stores::Stop() {
  if (stopping_.exchange(true)) return;
  disk_.stopping = true;
  WakeRoomWaiters();
  if (shared_) {
    for (;;) {
      std::int64_t leases = 0;
      for (const Stripe& stripe : shared_leases_) leases += stripe.leases.load(std::memory_order_seq_cst);
      if (leases == 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  {
    const MutexLock lock(mutex_);
    while (AnyInUse()) released_.Wait(mutex_);
  }
  opener_ = {};
  readers_.Stop();
  shared_commits_.Stop();
  account_commits_.Stop();
  std::unordered_map<StoreId, Account> closing;
  {
    const MutexLock lock(mutex_);
    closing.swap(accounts_);
  }
  closing.clear();
  shared_.reset();
}

}  // namespace insula::storage::rocks
