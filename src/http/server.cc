#include "http/server.h"

#include <fmt/format.h>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/detached.h"
#include "base/log.h"
#include "http/admission.h"
#include "http/connection.h"

namespace insula::http {
namespace {

namespace asio = boost::asio;
using SocketError = boost::system::error_code;
using Executor = asio::io_context::executor_type;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto kRetryAccept = std::chrono::milliseconds(50);
constexpr int kAcceptedPerTurnMax = 64;

// One thread, its acceptor and its connections.
class EventLoop {
 public:
  EventLoop(SharedState& shared, asio::ssl::context* tls)
      : shared_(shared), tls_(tls), context_(1), acceptor_(context_), timer_(context_) {}

  SocketError Listen(const asio::ip::tcp::endpoint& endpoint, bool share_port) {
    SocketError error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error && share_port) acceptor_.set_option(ReusePort(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(4096, error);
    if (!error) acceptor_.non_blocking(true, error);
    return error;
  }
  asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
  void CloseAcceptor() {
    SocketError ignored;
    acceptor_.close(ignored);
  }

  void Start() {
    asio::co_spawn(context_, Accept(), LogFailure("accepting connections"));
    asio::co_spawn(context_, Tick(), LogFailure("keeping connections' deadlines"));
    thread_ = std::thread([this] { context_.run(); });
  }
  // Ends what waits for a client; what is being answered goes on.
  void BeginStop() {
    asio::post(context_, [this] {
      CloseAcceptor();
      ForEachConnection([](Connection& connection) { connection.OnStopping(); });
    });
  }
  void FinishStop() {
    asio::post(context_, [this] {
      timer_.cancel();
      ForEachConnection([](Connection& connection) { connection.Close(); });
      context_.stop();
    });
  }
  void Join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  template <class Function>
  void ForEachConnection(Function function) {
    for (ConnectionList* list : {&state_.known, &state_.strangers}) {
      for (auto at = list->begin(); at != list->end();) {
        Connection& connection = *at++;  // closing may end and unlink it
        function(connection);
      }
    }
  }

  Task<void> Accept() {
    while (acceptor_.is_open()) {
      SocketError error;
      co_await acceptor_.async_wait(Acceptor::wait_read, asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
      if (!error) error = AcceptWaiting();
      if (!error) continue;
      // Out of descriptors, mostly: others have them, who must not; and wait for some to be given back.
      CloseStranger(state_, nullptr, std::chrono::steady_clock::now());
      Timer pause(context_, kRetryAccept);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }

  // Several in a turn: where every turn is full of others' work, one in each would be a long wait.
  SocketError AcceptWaiting() {
    for (int taken = 0; taken < kAcceptedPerTurnMax; ++taken) {
      SocketError error;
      Socket socket(context_);
      acceptor_.accept(socket, error);
      if (error == asio::error::would_block || error == asio::error::try_again) break;
      if (error == asio::error::connection_aborted) continue;
      if (error) return error;
      const auto remote = socket.remote_endpoint(error);
      if (error) continue;  // gone already
      try {
        TakeIn(std::move(socket), remote.address());
      } catch (const std::exception& exception) {  // for want of memory: others' connections go on
        Log(LogLevel::kError, "a connection could not be taken in", {{"cause", exception.what()}});
      }
    }
    return {};
  }

  void TakeIn(Socket socket, const asio::ip::address& remote) {
    std::shared_ptr<ClientAddress> address = shared_.addresses.Of(remote);
    if (const char* refusal = LetIn(shared_, state_, *address, std::chrono::steady_clock::now())) {
      return RefuseConnection(socket, refusal);
    }
    std::shared_ptr<Connection> connection =
        tls_ != nullptr ? MakeTlsConnection(std::move(socket), std::move(address), *tls_, shared_, state_)
                        : MakeConnection(std::move(socket), std::move(address), shared_, state_);
    state_.strangers.push_back(*connection);
    Connection& running = *connection;
    asio::co_spawn(context_, running.Run(std::move(connection)), LogFailure("a connection"));
  }

  // Says why in one write that can't wait, and closes.
  void RefuseConnection(Socket& socket, const char* reason) {
    SocketError ignored;
    if (tls_ == nullptr) {
      const Response response = shared_.ErrorResponse(503, reason);
      ResponseFraming framing;
      framing.close = true;
      std::string text;
      AppendResponseHead(response, response.body.size(), state_.date.Now(), framing, &text);
      text += response.body;
      socket.non_blocking(true, ignored);
      socket.write_some(asio::buffer(text), ignored);
      socket.shutdown(Socket::shutdown_send, ignored);
    }
    socket.close(ignored);
  }

  // One timer for all deadlines: they are met to within its period.
  Task<void> Tick() {
    const ServerOptions& options = shared_.options;
    const std::uint32_t shortest = std::min(
        {options.header_timeout_ms, options.body_timeout_ms, options.stall_timeout_ms, options.idle_timeout_ms});
    const std::chrono::milliseconds period(std::clamp<std::uint32_t>(shortest / 4, 10, 1000));
    for (;;) {
      SocketError error;
      timer_.expires_after(period);
      co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return;
      const SteadyTime now = std::chrono::steady_clock::now();
      ForEachConnection([now](Connection& connection) { connection.CheckDeadline(now); });
    }
  }

  // The context goes first, with the coroutines that use the rest.
  SharedState& shared_;
  asio::ssl::context* tls_;
  LoopState state_;
  asio::io_context context_;
  Acceptor acceptor_;
  Timer timer_;
  std::thread thread_;
};

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler) {
    shared_.options = std::move(options);
    shared_.handler = std::move(handler);
  }
  ~Impl() { Stop(0); }

  Result<void> Start() {
    const ServerOptions& options = shared_.options;
    SocketError error;
    const std::string address = options.address == "localhost" ? "127.0.0.1" : options.address;
    const asio::ip::address ip = asio::ip::make_address(address, error);
    if (error) {
      return insula::Error(ErrorCode::kInvalidArgument,
                           fmt::format("{} is not a numeric address to listen on", options.address));
    }
    INSULA_TRY(PrepareTls());
    const int threads =
        options.threads > 0 ? options.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    asio::ip::tcp::endpoint endpoint(ip, options.port);
    // Loops share a port so that the kernel spreads connections. That would also let a second server share it in
    // silence; a first try without sharing finds one.
    if (threads > 1 && options.port != 0) {
      EventLoop probe(shared_, nullptr);
      error = probe.Listen(endpoint, false);
      if (error) return Unavailable(endpoint, error);
    }
    for (int i = 0; i < threads; ++i) {
      auto loop = std::make_unique<EventLoop>(shared_, tls_ ? &*tls_ : nullptr);
      error = loop->Listen(endpoint, threads > 1);
      if (error) {
        loops_.clear();
        return Unavailable(endpoint, error);
      }
      endpoint.port(loop->endpoint().port());
      loops_.push_back(std::move(loop));
    }
    port_ = endpoint.port();
    for (auto& loop : loops_) loop->Start();
    running_ = true;
    return {};
  }

  void Stop(std::uint32_t grace_ms) {
    if (!running_) return;
    running_ = false;
    shared_.stopping = true;
    for (auto& loop : loops_) loop->BeginStop();
    const SteadyTime until = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
    while (shared_.connections.load() > 0 && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (auto& loop : loops_) loop->FinishStop();
    for (auto& loop : loops_) loop->Join();
  }

  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return shared_.connections.load(std::memory_order_relaxed); }

 private:
  static insula::Error Unavailable(const asio::ip::tcp::endpoint& endpoint, const SocketError& error) {
    return {ErrorCode::kIo,
            fmt::format("can't listen on {}:{}: {}", endpoint.address().to_string(), endpoint.port(),
                        error == asio::error::address_in_use ? "the address is already in use" : error.message())};
  }

  Result<void> PrepareTls() {
    const ServerOptions& options = shared_.options;
    if (options.tls_certificate_file.empty() != options.tls_key_file.empty()) {
      return insula::Error(ErrorCode::kInvalidArgument, "TLS needs both a certificate file and a key file");
    }
    if (options.tls_certificate_file.empty()) return {};
    tls_.emplace(asio::ssl::context::tls_server);
    tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                      asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    SocketError error;
    tls_->use_certificate_chain_file(options.tls_certificate_file, error);
    if (error) {
      return insula::Error(ErrorCode::kInvalidArgument,
                           fmt::format("TLS certificate {}: {}", options.tls_certificate_file, error.message()));
    }
    tls_->use_private_key_file(options.tls_key_file, asio::ssl::context::pem, error);
    if (error) {
      return insula::Error(ErrorCode::kInvalidArgument,
                           fmt::format("TLS key {}: {}", options.tls_key_file, error.message()));
    }
    return {};
  }

  SharedState shared_;
  std::optional<asio::ssl::context> tls_;
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::uint16_t port_ = 0;
  bool running_ = false;
};

Server::Server(ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler))) {}
Server::~Server() = default;
Result<void> Server::Start() { return impl_->Start(); }
std::uint16_t Server::port() const { return impl_->port(); }
std::size_t Server::connections() const { return impl_->connections(); }
void Server::Stop(std::uint32_t grace_ms) { impl_->Stop(grace_ms); }

}  // namespace insula::http
