#include "base/async_mutex.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace insula {

bool AsyncMutex::TryLock() {
  const MutexLock lock(mutex_);
  if (locked_) return false;
  locked_ = true;
  return true;
}

Task<AsyncMutex::Guard> AsyncMutex::Lock(std::string owner) {
  if (!TryLock()) {
    auto enqueue = [this, &owner](auto handler) {
      auto executor = boost::asio::get_associated_executor(handler);
      // The waiter counts as work: its event loop must not end while it waits here.
      auto work = boost::asio::make_work_guard(executor);
      auto shared = std::make_shared<decltype(handler)>(std::move(handler));
      std::function<void()> resume = [shared, work] {
        boost::asio::post(work.get_executor(), [shared] { std::move (*shared)(); });
      };
      {
        const MutexLock lock(mutex_);
        if (locked_) {
          waiters_.Push(owner, std::move(resume));
          return;
        }
        locked_ = true;
      }
      resume();
    };
    const auto& token = boost::asio::use_awaitable;
    co_await boost::asio::async_initiate<decltype(token), void()>(std::move(enqueue), token);
  }
  co_return Guard(this);
}

void AsyncMutex::Unlock() {
  std::function<void()> next;
  {
    const MutexLock lock(mutex_);
    auto first = waiters_.Take();
    if (!first) {
      locked_ = false;
      return;
    }
    waiters_.Done(first->first);      // `locked_` says it for all
    next = std::move(first->second);  // the lock passes on without ever being free
  }
  next();
}

}  // namespace insula
