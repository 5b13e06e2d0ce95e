// A thread with an event loop on it, which its owner starts and stops.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <thread>

#include "base/task.h"

namespace insula::control {

// Start and Stop are its owner's; the rest is safe from any thread.
class Loop {
 public:
  enum class Priority { kLikeRequests, kBehindRequests };

  // `name` is its thread's: 15 characters at most.
  explicit Loop(const char* name, Priority priority = Priority::kLikeRequests);
  ~Loop();  // it must have been stopped

  void Start();
  bool started() const { return thread_.joinable(); }
  // Runs `ask_to_end` on the loop, which has all that goes on there end, and waits until it has. What is posted later
  // runs after the next Start.
  void Stop(std::function<void()> ask_to_end);

  // Runs on the loop.
  void Post(std::function<void()> function);
  // Runs on the loop until it returns. An exception that ends it is logged and ends nothing else.
  void Spawn(Task<void> task);

 private:
  const char* const name_;
  const Priority priority_;
  boost::asio::io_context loop_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;  // the loop's
  std::thread thread_;
};

}  // namespace insula::control
