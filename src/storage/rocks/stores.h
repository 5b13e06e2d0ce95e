// All stores of one data directory: what they share, and which are open.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/rate_limiter.h>
#include <rocksdb/write_buffer_manager.h>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/task.h"
#include "storage/rocks/disk_space.h"
#include "storage/rocks/log_guard.h"
#include "storage/rocks/rocks_engine.h"
#include "storage/rocks/store.h"
#include "storage/rocks/unbuffered_files.h"
#include "storage/rocks/worker_pool.h"

namespace insula::storage::rocks {

class Stores;

// Keeps a store open, and the engine from stopping, while it lives.
class StoreLease {
 public:
  StoreLease() = default;
  StoreLease(StoreLease&& other) noexcept
      : stores_(std::exchange(other.stores_, nullptr)),
        store_(std::exchange(other.store_, nullptr)),
        background_(other.background_) {}
  StoreLease& operator=(StoreLease&& other) noexcept {
    std::swap(stores_, other.stores_);
    std::swap(store_, other.store_);
    std::swap(background_, other.background_);
    return *this;
  }
  ~StoreLease();
  Store* operator->() const { return store_; }
  Store& operator*() const { return *store_; }
  explicit operator bool() const { return store_ != nullptr; }

 private:
  friend class Stores;
  StoreLease(Stores* stores, Store* store, bool background = false)
      : stores_(stores), store_(store), background_(background) {}
  Stores* stores_ = nullptr;
  Store* store_ = nullptr;
  bool background_ = false;  // doesn't count as use: the store may be idle all the same
};

// Safe from any thread.
class Stores {
 public:
  Stores(RocksOptions options, Clock& clock);
  ~Stores();

  // Opens the shared store. Blocks.
  Result<void> Open();

  // The store if it is open; an empty lease if it must be opened (Acquire) or the engine is stopping.
  StoreLease TryAcquire(StoreId id);
  // Opens it if it must. NotFound if it was never created; Corruption with what is missing or damaged;
  // ServiceUnavailable while stopping.
  Task<Result<StoreLease>> Acquire(StoreId id);

  Task<Result<void>> Create(StoreId id);  // idempotent
  Task<Result<void>> Drop(StoreId id);    // idempotent; waits for its users, removes the directory

  // Flushes and closes accounts' stores that nobody has used for a while, or that are too many. Blocks.
  void CloseIdle();
  // Every open store, for background work. Blocks nobody.
  std::vector<StoreLease> OpenStores();

  // Refuses new leases, waits for those out, closes everything. Blocks.
  void Stop();

  // What a store is opened with.
  rocksdb::Options OptionsFor(StoreId id) const;
  WorkerPool* readers() { return &readers_; }
  const RocksOptions& options() const { return options_; }
  rocksdb::Env* env() const { return env_; }
  rocksdb::Cache& block_cache() const { return *cache_; }
  rocksdb::RateLimiter* rate_limiter() const { return rate_limiter_.get(); }  // nullptr: none
  // Whether a store's log waits for the disk to have room.
  bool append_waiting() const { return disk_.append_waiting.load(std::memory_order_relaxed); }
  // DiskSpace::Check, and what follows from it for logs. One thread's.
  bool CheckSpace();
  const DiskSpace& space() const { return space_; }
  // Does what must be done for damage that compactions have found, and tells the operator. Blocks.
  void LookAfterDamage();
  bool stopping() const { return stopping_.load(std::memory_order_relaxed); }

 private:
  friend class StoreLease;
  struct Account {
    std::unique_ptr<Store> store;  // null: closed, or being opened or closed
    std::size_t leases = 0;
    SteadyTime idle_since{};
    bool busy = false;               // being opened, closed or dropped by somebody
    std::vector<Suspended> waiting;  // until it isn't busy
  };
  // Leases of the shared store are counted in stripes, so that event loops don't share a cache line.
  struct alignas(64) Stripe {
    std::atomic<std::int64_t> leases{0};
  };
  static constexpr std::size_t kStripes = 16;

  std::string DirectoryOf(StoreId id) const;
  Result<std::unique_ptr<Store>> OpenStore(StoreId id, IfMissing if_missing);
  Store::Parts PartsFor(StoreId id, IfMissing if_missing);
  // The same of an account's, which is in the shared store's list of those that were made. Blocks.
  Result<std::unique_ptr<Store>> OpenAccount(StoreId id, IfMissing if_missing);
  Error RefuseForNow(StoreId id, Error error);
  Task<Result<void>> OpenInto(StoreId id, IfMissing if_missing);
  void Release(Store* store, bool background) INSULA_EXCLUDES(mutex_);
  void OnFailure(StoreId id, const rocksdb::Status& status);
  void OnDamage(StoreId id, FoundDamage found);
  std::atomic<std::int64_t>& SharedLeases();
  // Whether as many accounts' stores are open, or about to be, as may be.
  bool IsFull() const INSULA_REQUIRES(mutex_);
  bool AnyInUse() const INSULA_REQUIRES(mutex_);  // of accounts' stores
  // Closes the store that has been idle for longest, or waits for somebody's use of one to end: then it is worth trying
  // again. ServiceUnavailable after `until`, or while stopping.
  Task<Result<void>> MakeRoom(SteadyTime until);
  // Precondition: busy on the caller's behalf, and nobody uses it. Blocks.
  void CloseStore(StoreId id) INSULA_EXCLUDES(mutex_);
  void WakeRoomWaiters() INSULA_EXCLUDES(mutex_);
  Task<void> WaitUntilNotBusy(StoreId id);
  void NotBusy(StoreId id, bool erase) INSULA_EXCLUDES(mutex_);

  const RocksOptions options_;
  Clock& clock_;
  DiskState disk_;
  DiskSpace space_;
  std::unique_ptr<rocksdb::Env> memory_env_;
  std::shared_ptr<UnbufferedFiles> unbuffered_;
  std::unique_ptr<rocksdb::Env> guarded_env_;
  rocksdb::Env* env_ = nullptr;
  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers_;
  std::shared_ptr<rocksdb::RateLimiter> rate_limiter_;
  WorkerPool readers_;
  WorkerPool shared_commits_{"commit", 1};
  WorkerPool account_commits_;

  std::unique_ptr<Store> shared_;
  std::jthread opener_;  // of its files
  std::array<Stripe, kStripes> shared_leases_;
  std::atomic<bool> stopping_{false};

  Mutex damage_mutex_;
  std::vector<std::pair<StoreId, FoundDamage>> damage_ INSULA_GUARDED_BY(damage_mutex_);  // not looked after yet

  Mutex mutex_;
  CondVar released_;
  std::unordered_map<StoreId, Account> accounts_ INSULA_GUARDED_BY(mutex_);
  std::vector<Suspended> room_waiting_ INSULA_GUARDED_BY(mutex_);
  // Accounts' stores that couldn't be opened, and until when that is the answer without looking again.
  std::unordered_map<StoreId, std::pair<Error, SteadyTime>> refused_ INSULA_GUARDED_BY(mutex_);
};

}  // namespace insula::storage::rocks
