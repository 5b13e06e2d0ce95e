// Where requests compute that would keep an event loop's other connections waiting: large bodies, large answers, work
// on large items. The loops do what is small and let others have their turn (base/turn.h); the rest is done here, by
// threads that share the cores with the loops at a lower priority.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/on_loop.h"
#include "base/task.h"

namespace insula {

// Bytes that a client sent, or that an answer is made of, beyond which the work on them is done in the pool. The worst
// that there is to do with one byte (an item of one-digit numbers, read, decoded or written as JSON) takes about 20 ns.
inline constexpr std::size_t kBytesPerTurnMax = std::size_t{64} * 1024;

// Safe from any thread.
class ComputePool {
 public:
  explicit ComputePool(std::size_t threads = ThreadsByDefault());
  ~ComputePool();  // stops
  ComputePool(const ComputePool&) = delete;
  ComputePool& operator=(const ComputePool&) = delete;

  // Enough that a few requests of seconds leave threads for the others'.
  static std::size_t ThreadsByDefault();

  // Runs the task to its end on one of the threads, and resumes the caller on its own executor. On a thread of a pool
  // already it goes on where it is. Coroutines that the task awaits run there, too.
  template <class T>
  Task<T> Run(Task<T> task) {
    if (OnPoolThread()) co_return co_await std::move(task);
    const Lease thread(*this);
    co_return co_await OnLoop(&thread.loop(), std::move(task));
  }

  // Runs `work()` there. It may refer to what the caller holds, which waits.
  template <class Work>
  Task<std::invoke_result_t<Work&>> Call(Work work) {
    if (OnPoolThread()) co_return work();
    co_return co_await Run(AsTask(std::move(work)));
  }

  // Waits for everything that was begun, and what it awaits. Nothing may be begun afterwards.
  void Stop();

  // Whether the calling thread is one of a pool's: what is long may then be done where it is.
  static bool OnPoolThread();

 private:
  struct Thread;

  // A task's hold on the thread with the fewest of them.
  class Lease {
   public:
    explicit Lease(ComputePool& pool);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    boost::asio::io_context& loop() const;

   private:
    Thread& thread_;
  };

  template <class Work>
  static Task<std::invoke_result_t<Work&>> AsTask(Work work) {
    co_return work();
  }

  Thread& LeastBusy();

  std::vector<std::unique_ptr<Thread>> threads_;
};

// Calls `work` here, or in the pool where `bytes` is more than a turn's (no pool: always here).
template <class Work>
Task<std::invoke_result_t<Work&>> ComputeWhereItFits(ComputePool* pool, std::size_t bytes, Work work) {
  if (pool == nullptr || bytes <= kBytesPerTurnMax) co_return work();
  co_return co_await pool->Call(std::move(work));
}

}  // namespace insula
