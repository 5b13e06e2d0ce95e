#include "storage/rocks/key_locks.h"

#include "base/check.h"

namespace insula::storage::rocks {

bool KeyLocks::TryLock(std::uint64_t key) {
  Shard& shard = ShardOf(key);
  const MutexLock lock(shard.mutex);
  return shard.locked.try_emplace(key).second;
}

Task<bool> KeyLocks::Lock(std::uint64_t key) {
  if (TryLock(key)) co_return true;
  Waiter waiter;
  waiter.deadline = clock_.SteadyNow() + wait_max_;
  co_await Suspend([this, key, waiter = &waiter](Suspended coroutine) {
    Shard& shard = ShardOf(key);
    std::optional<Suspended> at_once;
    {
      const MutexLock lock(shard.mutex);
      auto [entry, free] = shard.locked.try_emplace(key);
      if (free) {  // given back in between
        waiter->granted = true;
        at_once.emplace(std::move(coroutine));
      } else {
        waiter->coroutine.emplace(std::move(coroutine));
        Queue& queue = entry->second;
        (queue.tail ? queue.tail->next : queue.head) = waiter;
        queue.tail = waiter;
        ++shard.waiting;
        waiting_.fetch_add(1, std::memory_order_relaxed);
      }
    }
    if (at_once) Resume(*std::move(at_once));
  });
  co_return waiter.granted;
}

void KeyLocks::Unlock(std::uint64_t key) {
  Shard& shard = ShardOf(key);
  std::optional<Suspended> next;
  {
    const MutexLock lock(shard.mutex);
    auto entry = shard.locked.find(key);
    INSULA_CHECK(entry != shard.locked.end());
    Queue& queue = entry->second;
    Waiter* waiter = queue.head;
    if (!waiter) {
      shard.locked.erase(entry);
      return;
    }
    queue.head = waiter->next;
    if (!queue.head) queue.tail = nullptr;
    waiter->granted = true;
    next.emplace(*std::move(waiter->coroutine));
    --shard.waiting;
    waiting_.fetch_sub(1, std::memory_order_relaxed);
  }
  Resume(*std::move(next));
}

void KeyLocks::ExpireWaiters() {
  if (waiting_.load(std::memory_order_relaxed) == 0) return;
  const SteadyTime now = clock_.SteadyNow();
  std::vector<Suspended> expired;
  for (Shard& shard : shards_) {
    const MutexLock lock(shard.mutex);
    if (shard.waiting == 0) continue;
    for (auto& [key, queue] : shard.locked) {
      // Deadlines grow along the line: everybody waits equally long.
      while (queue.head && queue.head->deadline <= now) {
        Waiter* waiter = queue.head;
        queue.head = waiter->next;
        if (!queue.head) queue.tail = nullptr;
        expired.push_back(*std::move(waiter->coroutine));
        --shard.waiting;
        waiting_.fetch_sub(1, std::memory_order_relaxed);
      }
    }
  }
  ResumeAll(&expired);
}

void HeldLocks::Release() {
  if (single_) locks_->Unlock(*single_);
  single_.reset();
  for (std::uint64_t key : keys_) locks_->Unlock(key);
  keys_.clear();
}

}  // namespace insula::storage::rocks
