// Suspending a coroutine until another thread lets it go on, without an allocation for the waiting itself.
#pragma once

#include <utility>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.h"

namespace insula::storage::rocks {

// A suspended coroutine: move it into Resume exactly once. Destroying it instead destroys the coroutine.
using Suspended = boost::asio::async_result<boost::asio::use_awaitable_t<>, void()>::handler_type;

// Suspends the calling coroutine and gives it to `start`, a callable that takes a Suspended. The coroutine may already
// run again, on its own executor, before `start` returns: `start` must touch nothing of it after handing it on.
template <class Start>
Task<void> Suspend(Start start) {
  auto token = boost::asio::use_awaitable;
  return boost::asio::async_initiate<decltype(token), void()>(
      [start = std::move(start)](Suspended coroutine) mutable { start(std::move(coroutine)); }, token);
}

// Lets a coroutine go on, on its own executor. Safe from any thread.
void Resume(Suspended coroutine);
// The same for many, in order, with one wake-up per executor. Leaves `coroutines` empty.
void ResumeAll(std::vector<Suspended>* coroutines);

}  // namespace insula::storage::rocks
