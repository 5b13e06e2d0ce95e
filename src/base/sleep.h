// A pause that a stop ends.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <stop_token>

#include "base/task.h"

namespace insula {

// On the caller's loop: for so long, or until `stop` is requested, from any thread. False if it is.
inline Task<bool> Sleep(std::chrono::nanoseconds delay, std::stop_token stop) {
  if (stop.stop_requested()) co_return false;
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto timer = std::make_shared<boost::asio::steady_timer>(executor, delay);
  // A timer belongs to its loop: whoever stops it only posts.
  const std::stop_callback wake(stop, [executor, timer] { boost::asio::post(executor, [timer] { timer->cancel(); }); });
  boost::system::error_code cancelled;
  co_await timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  co_return !stop.stop_requested();
}

}  // namespace insula
