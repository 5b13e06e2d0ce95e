// The coroutine every request is: Boost.Asio's awaitable, resumed on the event loop that started it.
//
// Rules: parameters of a coroutine are values (a reference may outlive its referent across a suspension); no
// mutex is held across a co_await.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace insula {

template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace insula
