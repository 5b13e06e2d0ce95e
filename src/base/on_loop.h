// A task on another event loop, for whoever waits for it on its own.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "base/task.h"

namespace insula {

namespace internal {

// Parameters are values; the pointer outlives the task because its owner waits.
template <class T>
Task<void> Store(Task<T> task, std::optional<T>* value) {
  value->emplace(co_await std::move(task));
}

}  // namespace internal

// Runs the task, and what it awaits, to its end on `loop`, and resumes the caller on its own executor. An exception of
// the task is the caller's. `loop` must run until then.
template <class T>
Task<T> OnLoop(boost::asio::io_context* loop, Task<T> task) {
  std::optional<T> value;
  co_await boost::asio::co_spawn(*loop, internal::Store(std::move(task), &value), boost::asio::use_awaitable);
  co_return *std::move(value);
}

}  // namespace insula
