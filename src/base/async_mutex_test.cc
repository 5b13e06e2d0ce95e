#include "base/async_mutex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <vector>

namespace insula {
namespace {

using ::testing::ElementsAre;

TEST(AsyncMutex, OwnersTakeTurnsAndOneOwnersWaitersKeepTheirOrder) {
  boost::asio::io_context loop;
  AsyncMutex mutex;
  std::vector<std::string> order;
  const auto wait = [&](std::string owner, std::string what) -> Task<void> {
    const auto guard = co_await mutex.Lock(std::move(owner));
    order.push_back(std::move(what));
  };
  const auto begin = [&](std::string owner, std::string what) {
    boost::asio::co_spawn(loop, wait(std::move(owner), std::move(what)), boost::asio::detached);
  };
  const auto hold = [&]() -> Task<void> {
    const auto guard = co_await mutex.Lock();
    for (int i = 1; i <= 4; ++i) begin("busy", "busy " + std::to_string(i));
    begin("quiet", "quiet");
    begin("", "the operator");
    for (int i = 0; i < 20; ++i) co_await boost::asio::post(loop, boost::asio::use_awaitable);
    order.push_back("the first");
  };
  boost::asio::co_spawn(loop, hold(), boost::asio::detached);
  loop.run();
  EXPECT_THAT(order, ElementsAre("the first", "busy 1", "quiet", "the operator", "busy 2", "busy 3", "busy 4"));
}

}  // namespace
}  // namespace insula
