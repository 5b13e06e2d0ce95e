// For work that blocks: on a thread of its own, so that the loop it belongs to goes on.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>
#include <utility>

#include "base/background_thread.h"
#include "base/on_loop.h"
#include "base/task.h"

namespace insula::control {

namespace internal {

// A thread with a loop, behind those that answer requests, for as long as this lives.
class BackgroundLoop {
 public:
  explicit BackgroundLoop(const char* name)
      : work_(loop_.get_executor()), thread_([this, name] {
          BecomeBackgroundThread(name);
          loop_.run();
        }) {}
  ~BackgroundLoop() {
    work_.reset();
    thread_.join();
  }
  BackgroundLoop(const BackgroundLoop&) = delete;
  BackgroundLoop& operator=(const BackgroundLoop&) = delete;
  boost::asio::io_context& loop() { return loop_; }

 private:
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace internal

// Runs the task, and what it awaits, on a new background thread of this name (15 characters at most), and resumes the
// caller on its own loop. An exception of the task is the caller's.
template <class T>
Task<T> OnThread(const char* name, Task<T> task) {
  internal::BackgroundLoop thread(name);
  co_return co_await OnLoop(&thread.loop(), std::move(task));
}

}  // namespace insula::control
