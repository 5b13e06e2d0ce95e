// Long work leaves the loop that it came from, with whatever it awaits, and comes back to it.
#include "base/compute_pool.h"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/mutex.h"
#include "base/run_task.h"
#include "base/turn.h"

namespace insula {
namespace {

TEST(ComputePool, RunsElsewhereAndComesBack) {
  ComputePool pool(2);
  const auto here = std::this_thread::get_id();
  auto task = [&]() -> Task<bool> {
    const auto there = co_await pool.Call([] { return std::this_thread::get_id(); });
    const bool back = std::this_thread::get_id() == here;
    co_return there != here&& back && !ComputePool::OnPoolThread();
  };
  EXPECT_TRUE(RunTask(task()));
}

TEST(ComputePool, WhatATaskAwaitsRunsOnItsThread) {
  ComputePool pool(2);
  auto yielding = []() -> Task<std::thread::id> {
    Turn turn;
    co_await turn.End();
    co_return std::this_thread::get_id();
  };
  auto inner = [&]() -> Task<bool> {
    const auto before = std::this_thread::get_id();
    const auto during = co_await yielding();
    const auto nested = co_await pool.Call([] { return std::this_thread::get_id(); });
    co_return ComputePool::OnPoolThread() && before == during&& before == nested;
  };
  EXPECT_TRUE(RunTask(pool.Run(inner())));
}

TEST(ComputePool, TasksSpreadOverItsThreads) {
  ComputePool pool(3);
  struct Meeting {
    Mutex mutex;
    CondVar all;
    std::set<std::thread::id> seen INSULA_GUARDED_BY(mutex);
  } meeting;
  // Each waits until all three have begun.
  auto meet = [&] {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    const MutexLock lock(meeting.mutex);
    meeting.seen.insert(std::this_thread::get_id());
    meeting.all.NotifyAll();
    while (meeting.seen.size() < 3 && meeting.all.WaitUntil(meeting.mutex, until)) {
    }
    return meeting.seen.size() == 3;
  };
  boost::asio::io_context loop(1);
  int met = 0;
  for (int i = 0; i < 3; ++i) {
    auto one = [&]() -> Task<void> { met += co_await pool.Call(meet) ? 1 : 0; };
    boost::asio::co_spawn(loop, one, boost::asio::detached);
  }
  loop.run();
  EXPECT_EQ(met, 3);
}

TEST(ComputePool, AnExceptionComesBack) {
  ComputePool pool(1);
  auto task = [&]() -> Task<std::string> {
    try {
      co_await pool.Call([]() -> int { throw std::runtime_error("no memory"); });
    } catch (const std::runtime_error& error) {
      co_return error.what();
    }
    co_return "";
  };
  EXPECT_EQ(RunTask(task()), "no memory");
}

TEST(ComputePool, SmallWorkStaysWhereItIs) {
  ComputePool pool(1);
  const auto where = [] { return ComputePool::OnPoolThread(); };
  EXPECT_FALSE(RunTask(ComputeWhereItFits(&pool, kBytesPerTurnMax, where)));
  EXPECT_TRUE(RunTask(ComputeWhereItFits(&pool, kBytesPerTurnMax + 1, where)));
  EXPECT_FALSE(RunTask(ComputeWhereItFits(nullptr, kBytesPerTurnMax + 1, where)));
}

}  // namespace
}  // namespace insula
