// Runs one coroutine to its end on an event loop of its own: for start-up, commands and tests.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "base/task.h"

namespace insula {

namespace internal {
// A coroutine's parameters are values; the pointer outlives it because RunTask waits.
template <class T>
Task<void> StoreResult(Task<T> task, std::optional<T>* value) {
  value->emplace(co_await std::move(task));
}
}  // namespace internal

// Blocks. What the task waits for must come from this loop or from other threads that keep the loop's work alive.
template <class T>
T RunTask(Task<T> task) {
  boost::asio::io_context loop(1);
  std::optional<T> value;
  boost::asio::co_spawn(loop, internal::StoreResult(std::move(task), &value), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  loop.run();
  return std::move(*value);
}

}  // namespace insula
