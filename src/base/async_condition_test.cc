#include "base/async_condition.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "base/run_task.h"

namespace insula {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLong{60'000};

TEST(AsyncCondition, WhatHoldsAlreadyIsNotWaitedFor) {
  AsyncCondition condition;
  EXPECT_TRUE(RunTask(condition.WaitUntil("a", [] { return true; }, milliseconds(0))));
}

TEST(AsyncCondition, WaitsNoLongerThanItIsTold) {
  AsyncCondition condition;
  const auto began = steady_clock::now();
  EXPECT_FALSE(RunTask(condition.WaitUntil("a", [] { return false; }, milliseconds(20))));
  EXPECT_GE(steady_clock::now() - began, milliseconds(20));
  EXPECT_FALSE(RunTask(condition.WaitUntil("a", [] { return false; }, milliseconds(0))));
}

TEST(AsyncCondition, IsToldByAnotherThread) {
  AsyncCondition condition;
  for (int round = 0; round < 200; ++round) {
    std::atomic<bool> done = false;
    std::thread other([&] {
      done = true;
      condition.Notify("a");
    });
    EXPECT_TRUE(RunTask(condition.WaitUntil("a", [&] { return done.load(); }, kLong)));
    other.join();
  }
}

TEST(AsyncCondition, LooksAgainOnlyWhenItsOwnKeyIsTold) {
  AsyncCondition condition;
  boost::asio::io_context loop;
  int looked = 0;
  bool ended = false;
  const auto wait = [&]() -> Task<void> {
    ended = co_await condition.WaitUntil("a", [&] { return ++looked == 3; }, kLong);
  };
  boost::asio::co_spawn(loop, wait(), boost::asio::detached);
  loop.poll();
  EXPECT_EQ(looked, 1);
  condition.Notify("b");
  loop.poll();
  EXPECT_EQ(looked, 1);
  condition.Notify("a");
  loop.poll();
  EXPECT_EQ(looked, 2);
  condition.Notify("a");
  loop.poll();
  EXPECT_TRUE(ended);
}

TEST(AsyncCondition, AWaiterMayEndWithItsLoop) {
  AsyncCondition condition;
  {
    boost::asio::io_context loop;
    boost::asio::co_spawn(loop, condition.WaitUntil("a", [] { return false; }, kLong), boost::asio::detached);
    loop.poll();
  }
  condition.Notify("a");  // finds nobody
}

}  // namespace
}  // namespace insula
