// One client's connection: reads requests, calls the handler, writes responses, one after the other.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <memory>

#include "base/clock.h"
#include "base/task.h"
#include "http/response_text.h"
#include "http/server.h"

namespace insula::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

// What all event loops of a server share.
struct SharedState {
  ServerOptions options;
  Handler handler;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> in_flight_bytes{0};

  Response ErrorResponse(int status, std::string_view reason) const;
};

// What the connections of one event loop share. Used by its thread alone.
struct LoopState {
  DateText date;
};

// What a connection waits for, which decides what its deadline means.
enum class Phase : std::uint8_t {
  kHandshake,  // closed when late
  kIdle,       // between requests: closed when late, and at once when the server stops
  kHeader,     // answered 408 when late
  kBody,       // answered 408 when late
  kHandling,   // no deadline: the handler has its own
  kWriting,    // closed when late
  kDraining,   // closed when late
};

// Used by its event loop's thread alone. Lives as long as its Run.
class Connection : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual ~Connection() = default;
  // Serves until client or server ends it. `self` keeps the connection alive.
  virtual Task<void> Run(std::shared_ptr<Connection> self) = 0;
  // Closes the socket under whatever is going on.
  virtual void Close() = 0;

  // Called every now and then by the loop's one timer.
  void CheckDeadline(SteadyTime now) {
    if (now >= deadline_) OnDeadline();
  }
  void OnStopping() {
    if (phase_ == Phase::kIdle) Close();
  }

 protected:
  virtual void OnDeadline() = 0;

  Phase phase_ = Phase::kHandshake;
  SteadyTime deadline_ = SteadyTime::max();
};

using ConnectionList = boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

std::shared_ptr<Connection> MakeConnection(Socket socket, SharedState& shared, LoopState& loop);
std::shared_ptr<Connection> MakeTlsConnection(Socket socket, boost::asio::ssl::context& tls, SharedState& shared,
                                              LoopState& loop);

}  // namespace insula::http
