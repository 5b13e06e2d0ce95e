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
#include "http/client_addresses.h"
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
  ClientAddresses addresses;

  Response ErrorResponse(int status, std::string_view reason) const;
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
  // Whether it waits for its client, so that closing it loses no work.
  bool waits_for_client() const { return phase_ != Phase::kHandling && phase_ != Phase::kWriting; }
  SteadyTime accepted() const { return accepted_; }
  const ClientAddress& address() const { return *address_; }

 protected:
  explicit Connection(std::shared_ptr<ClientAddress> address) : address_(std::move(address)) {}
  virtual void OnDeadline() = 0;

  Phase phase_ = Phase::kHandshake;
  SteadyTime deadline_ = SteadyTime::max();
  const SteadyTime accepted_ = std::chrono::steady_clock::now();
  const std::shared_ptr<ClientAddress> address_;
};

using ConnectionList = boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

// What the connections of one event loop share. Used by its thread alone.
struct LoopState {
  DateText date;
  ConnectionList known;      // some request of theirs proved who sent it
  ConnectionList strangers;  // the others, in the order they came
};

// The memory that a connection takes by itself: its buffers as they are kept between requests, its coroutine, its TLS.
constexpr std::size_t ConnectionBytes(bool tls) { return tls ? 96 * 1024 : 32 * 1024; }
// The same of a new one. Until a TLS handshake is over the client decides how much of it OpenSSL keeps: up to 128 KiB
// of one message, which nobody has proved to be theirs.
constexpr std::size_t NewConnectionBytes(bool tls) { return tls ? 256 * 1024 : ConnectionBytes(false); }

// A connection that admission.h has let in; it leaves when it is destroyed.
std::shared_ptr<Connection> MakeConnection(Socket socket, std::shared_ptr<ClientAddress> address, SharedState& shared,
                                           LoopState& loop);
std::shared_ptr<Connection> MakeTlsConnection(Socket socket, std::shared_ptr<ClientAddress> address,
                                              boost::asio::ssl::context& tls, SharedState& shared, LoopState& loop);

}  // namespace insula::http
