// A mutex that a coroutine may hold across a suspension. Waiting suspends the coroutine, not the thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "base/task.h"

namespace insula {

// First come, first served. Safe from any thread; each waiter resumes on its own executor. Must outlive its locks.
class AsyncMutex {
 public:
  // Released when it goes.
  class [[nodiscard]] Lock {
   public:
    explicit Lock(AsyncMutex* mutex) : mutex_(mutex) {}
    Lock(Lock&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock() {
      if (mutex_ != nullptr) mutex_->Release();
    }

   private:
    AsyncMutex* mutex_;
  };

  Task<Lock> Acquire() {
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        [this](auto handler) { Enqueue(std::move(handler)); }, boost::asio::use_awaitable);
    co_return Lock(this);
  }

 private:
  struct Waiter {
    virtual ~Waiter() = default;
    virtual void Resume() = 0;
  };
  template <class Completion>
  struct WaiterOf : Waiter {
    explicit WaiterOf(Completion c)
        : completion(std::move(c)), executor(boost::asio::get_associated_executor(completion)) {}
    void Resume() override { boost::asio::post(executor, std::move(completion)); }
    Completion completion;
    boost::asio::associated_executor_t<Completion> executor;
  };

  template <class Completion>
  void Enqueue(Completion completion) {
    auto waiter = std::make_unique<WaiterOf<Completion>>(std::move(completion));
    {
      const std::lock_guard guard(mutex_);
      if (locked_) {
        waiters_.push_back(std::move(waiter));
        return;
      }
      locked_ = true;
    }
    waiter->Resume();
  }

  // Hands the lock to the first waiter, so that nobody overtakes it.
  void Release() {
    std::unique_ptr<Waiter> next;
    {
      const std::lock_guard guard(mutex_);
      if (waiters_.empty()) {
        locked_ = false;
        return;
      }
      next = std::move(waiters_.front());
      waiters_.pop_front();
    }
    next->Resume();
  }

  std::mutex mutex_;
  bool locked_ = false;                          // guarded by mutex_
  std::deque<std::unique_ptr<Waiter>> waiters_;  // guarded by mutex_
};

}  // namespace insula
