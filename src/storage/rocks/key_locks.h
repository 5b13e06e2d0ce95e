// Locks on items that coroutines wait for without holding a thread: FIFO per key, with a deadline.
//
// Keys are 64-bit hashes: two items that share one merely wait for each other. Whoever locks several takes them in
// ascending order, so that nobody waits in a circle.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/task.h"
#include "storage/rocks/resume.h"

namespace insula::storage::rocks {

// Safe from any thread.
class KeyLocks {
 public:
  KeyLocks(const Clock& clock, std::chrono::milliseconds wait_max) : clock_(clock), wait_max_(wait_max) {}

  // True if the lock was free: the caller has it now.
  bool TryLock(std::uint64_t key);
  // Waits in line. False if the deadline passed first: the caller doesn't have it.
  Task<bool> Lock(std::uint64_t key);
  void Unlock(std::uint64_t key);

  // Lets go of everybody whose deadline has passed; called about ten times a second.
  void ExpireWaiters();

 private:
  struct Waiter {
    std::optional<Suspended> coroutine;
    SteadyTime deadline;
    bool granted = false;
    Waiter* next = nullptr;
  };
  struct Queue {  // exists while the key is locked
    Waiter* head = nullptr;
    Waiter* tail = nullptr;
  };
  struct alignas(64) Shard {
    Mutex mutex;
    std::unordered_map<std::uint64_t, Queue> locked INSULA_GUARDED_BY(mutex);
    std::size_t waiting INSULA_GUARDED_BY(mutex) = 0;
  };
  static constexpr std::size_t kShards = 64;
  Shard& ShardOf(std::uint64_t key) { return shards_[key % kShards]; }

  const Clock& clock_;
  const std::chrono::milliseconds wait_max_;
  std::array<Shard, kShards> shards_;
  std::atomic<std::size_t> waiting_{0};
};

// Holds any number of locks; gives them back when it goes.
class HeldLocks {
 public:
  explicit HeldLocks(KeyLocks* locks) : locks_(locks) {}
  HeldLocks(const HeldLocks&) = delete;
  HeldLocks& operator=(const HeldLocks&) = delete;
  ~HeldLocks() { Release(); }

  void Add(std::uint64_t key) {
    if (!single_ && keys_.empty()) {
      single_ = key;
    } else {
      keys_.push_back(key);
    }
  }
  void Release();

 private:
  KeyLocks* locks_;
  std::optional<std::uint64_t> single_;  // the common case needs no allocation
  std::vector<std::uint64_t> keys_;
};

}  // namespace insula::storage::rocks
