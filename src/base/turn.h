// A coroutine's turn on its event loop: how long it has gone on without letting others, and the way to let them.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "base/task.h"

namespace insula {

// How long a loop of many small steps goes on by itself. A step is no longer than a few of these.
inline constexpr std::chrono::microseconds kTurnMax{500};

//   Turn turn;
//   for (…) {
//     Step();
//     if (turn.over()) co_await turn.End();
//   }
class Turn {
 public:
  Turn() : began_(std::chrono::steady_clock::now()) {}

  bool over() const { return std::chrono::steady_clock::now() - began_ > kTurnMax; }
  // Resumes behind everybody who waits for the loop, with a new turn.
  Task<void> End() {
    co_await boost::asio::post(boost::asio::use_awaitable);
    began_ = std::chrono::steady_clock::now();
  }

 private:
  std::chrono::steady_clock::time_point began_;
};

}  // namespace insula
