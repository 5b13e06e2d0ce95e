#include "http/client.h"

#include <fmt/format.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <optional>

namespace insula::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using SocketError = boost::system::error_code;
using TcpSocket = tcp::socket;
using TlsStream = asio::ssl::stream<tcp::socket>;

}  // namespace

std::string Url::HostHeader() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

Result<Url> ParseUrl(std::string_view text) {
  const auto invalid = [&] {
    return Error(ErrorCode::kInvalidArgument, fmt::format("{} is not an http:// or https:// URL", text));
  };
  Url url;
  std::string_view rest = text;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
    url.tls = true;
  } else {
    return invalid();
  }
  url.port = url.tls ? 443 : 80;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  if (slash < rest.size()) url.path = std::string(rest.substr(slash));
  std::string_view authority = rest.substr(0, slash);
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return invalid();
    url.host = std::string(authority.substr(1, close - 1));
    authority.remove_prefix(close + 1);
    if (!authority.empty() && authority.front() != ':') return invalid();
    if (!authority.empty()) port = authority.substr(1);
  } else {
    const std::size_t colon = authority.find(':');
    url.host = std::string(authority.substr(0, colon));
    if (colon != std::string_view::npos) port = authority.substr(colon + 1);
  }
  if (url.host.empty()) return invalid();
  if (!port.empty()) {
    const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (problem != std::errc() || end != port.data() + port.size()) return invalid();
  }
  return url;
}

std::string_view ClientResponse::Header(std::string_view name) const {
  for (const auto& [found, value] : headers) {
    if (beast::iequals(beast::string_view(found.data(), found.size()), beast::string_view(name.data(), name.size()))) {
      return value;
    }
  }
  return {};
}

class Client::Impl {
 public:
  Impl(Url url, ClientOptions options) : url_(std::move(url)), options_(std::move(options)) {}

  const Url& url() const { return url_; }

  Result<ClientResponse> Send(std::string_view method, std::string_view target,
                              const std::vector<std::pair<std::string, std::string>>& headers, std::string_view body) {
    std::string text = fmt::format("{} {} HTTP/1.1\r\n", method, target);
    bool host_given = false;
    for (const auto& [name, value] : headers) {
      text += fmt::format("{}: {}\r\n", name, value);
      host_given = host_given || beast::iequals(name, "host");
    }
    if (!host_given) text += fmt::format("Host: {}\r\n", url_.HostHeader());
    text += fmt::format("Content-Length: {}\r\n\r\n", body.size());
    text += body;

    shows_another_ = false;
    deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(options_.timeout_ms);
    const bool reused = connected_;
    SocketError error;
    if (!connected_) error = Connect();
    std::optional<ClientResponse> response;
    if (!error) error = Exchange(method, text, &response);
    if (error && reused && IsClosed(error)) {
      Disconnect();
      error = Connect();
      if (!error) error = Exchange(method, text, &response);
    }
    if (error) {
      Disconnect();
      if (shows_another_) {
        return Error(ErrorCode::kServiceUnavailable, fmt::format("https://{} doesn't show the certificate in {}",
                                                                 url_.HostHeader(), options_.tls_pinned_file));
      }
      return Error(ErrorCode::kServiceUnavailable,
                   fmt::format("{}://{}: {}", url_.tls ? "https" : "http", url_.HostHeader(), error.message()));
    }
    return std::move(*response);
  }

 private:
  static bool IsClosed(const SocketError& error) {
    return error == beast::http::error::end_of_stream || error == asio::error::connection_reset ||
           error == asio::error::broken_pipe || error == asio::error::eof;
  }

  // Runs what `start` begins until it has called back or the deadline has passed.
  template <class Start>
  SocketError Wait(Start start) {
    std::optional<SocketError> outcome;
    start([&outcome](SocketError error, auto&&...) { outcome = error; });
    loop_.restart();
    loop_.run_until(deadline_);
    if (!outcome) {
      SocketError ignored;
      if (socket()) socket()->close(ignored);
      resolver_.cancel();
      loop_.run();
      return asio::error::timed_out;
    }
    return *outcome;
  }

  tcp::socket* socket() {
    if (secure_) return &secure_->next_layer();
    return plain_ ? &*plain_ : nullptr;
  }

  SocketError Connect() {
    tcp::resolver::results_type endpoints;
    SocketError error = Wait([&](auto done) {
      resolver_.async_resolve(url_.host, std::to_string(url_.port),
                              [done, &endpoints](SocketError e, tcp::resolver::results_type found) mutable {
                                endpoints = std::move(found);
                                done(e);
                              });
    });
    if (error) return error;
    if (url_.tls) {
      error = PrepareTls();
      if (error) return error;
      secure_.emplace(loop_, *tls_);
      SSL_set_tlsext_host_name(secure_->native_handle(), url_.host.c_str());
      if (IsVerified()) secure_->set_verify_callback(asio::ssl::host_name_verification(url_.host));
    } else {
      plain_.emplace(loop_);
    }
    error = Wait([&](auto done) { asio::async_connect(*socket(), endpoints, done); });
    if (error) return error;
    SocketError ignored;
    socket()->set_option(tcp::no_delay(true), ignored);
    if (options_.patient) KeepAlive();
    if (secure_) {
      error = Wait([&](auto done) { secure_->async_handshake(asio::ssl::stream_base::client, done); });
      if (error) return error;
      if (!options_.tls_pinned_file.empty() && !ShowsThePinned()) {
        shows_another_ = true;
        return asio::error::make_error_code(asio::error::no_permission);
      }
    }
    connected_ = true;
    return {};
  }

  // By whoever has signed the certificate; a pinned one needs nobody.
  bool IsVerified() const { return options_.tls_verify && options_.tls_pinned_file.empty(); }

  // That the server has its key, too, the handshake has shown.
  bool ShowsThePinned() {
    using Bio = std::unique_ptr<BIO, decltype(&::BIO_free)>;
    using Certificate = std::unique_ptr<X509, decltype(&::X509_free)>;
    const Bio file(::BIO_new_file(options_.tls_pinned_file.c_str(), "r"), &::BIO_free);
    const Certificate pinned(file ? ::PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr, &::X509_free);
    const Certificate shown(::SSL_get1_peer_certificate(secure_->native_handle()), &::X509_free);
    return pinned && shown && ::X509_cmp(pinned.get(), shown.get()) == 0;
  }

  void KeepAlive() {
    SocketError ignored;
    socket()->set_option(asio::socket_base::keep_alive(true), ignored);
    const auto set = [this](int option, int value) {
      ::setsockopt(socket()->native_handle(), IPPROTO_TCP, option, &value, sizeof value);
    };
    set(TCP_KEEPIDLE, 30);  // seconds
    set(TCP_KEEPINTVL, 10);
    set(TCP_KEEPCNT, 3);
  }

  SocketError PrepareTls() {
    if (tls_) return {};
    SocketError error;
    tls_.emplace(asio::ssl::context::tls_client);
    tls_->set_verify_mode(IsVerified() ? asio::ssl::verify_peer : asio::ssl::verify_none, error);
    if (!error && IsVerified()) {
      if (options_.tls_ca_file.empty()) {
        tls_->set_default_verify_paths(error);
      } else {
        tls_->load_verify_file(options_.tls_ca_file, error);
      }
    }
    return error;
  }

  void Disconnect() {
    plain_.reset();
    secure_.reset();
    input_.clear();
    connected_ = false;
  }

  SocketError Exchange(std::string_view method, const std::string& text, std::optional<ClientResponse>* response) {
    return secure_ ? ExchangeOn(*secure_, method, text, response) : ExchangeOn(*plain_, method, text, response);
  }

  template <class Stream>
  SocketError ExchangeOn(Stream& stream, std::string_view method, const std::string& text,
                         std::optional<ClientResponse>* response) {
    SocketError error = Wait([&](auto done) { asio::async_write(stream, asio::buffer(text), done); });
    if (error) return error;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(options_.body_bytes_max);
    parser.skip(method == "HEAD");
    if (options_.patient) deadline_ = std::chrono::steady_clock::time_point::max();
    error = Wait([&](auto done) { beast::http::async_read(stream, input_, parser, done); });
    if (error) return error;
    auto message = parser.release();
    auto& out = response->emplace();
    out.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
      out.headers.emplace_back(std::string(field.name_string().data(), field.name_string().size()),
                               std::string(field.value().data(), field.value().size()));
    }
    out.body = std::move(message.body());
    if (!message.keep_alive()) Disconnect();
    return {};
  }

  Url url_;
  ClientOptions options_;
  asio::io_context loop_{1};
  tcp::resolver resolver_{loop_};
  std::optional<asio::ssl::context> tls_;
  std::optional<TcpSocket> plain_;
  std::optional<TlsStream> secure_;
  beast::flat_buffer input_;
  bool connected_ = false;
  bool shows_another_ = false;  // certificate than the pinned one, at the last attempt
  std::chrono::steady_clock::time_point deadline_;
};

Client::Client(Url url, ClientOptions options) : impl_(std::make_unique<Impl>(std::move(url), std::move(options))) {}
Client::~Client() = default;
const Url& Client::url() const { return impl_->url(); }

Result<ClientResponse> Client::Send(std::string_view method, std::string_view target,
                                    const std::vector<std::pair<std::string, std::string>>& headers,
                                    std::string_view body) {
  return impl_->Send(method, target, headers, body);
}

}  // namespace insula::http
