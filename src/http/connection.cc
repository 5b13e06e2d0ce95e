#include "http/connection.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <optional>

#include "base/log.h"
#include "http/admission.h"
#include "http/body_buffer.h"
#include "http/request_parser.h"

namespace insula::http {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using SocketError = boost::system::error_code;

constexpr std::size_t kReadBytesMin = 4096;
constexpr std::size_t kKeptMax = 8 * 1024;        // buffers larger than this aren't kept between requests
constexpr std::size_t kOneBufferMax = 32 * 1024;  // a response up to this is copied into one buffer
// What a byte of a large body mostly comes to, with what is made of it.
constexpr std::size_t kPledgedPerByte = 6;
constexpr std::size_t kChunkRead = 16 * 1024;
constexpr std::size_t kDrainedMax = 64 * 1024 * 1024;
constexpr auto kDrainTime = std::chrono::seconds(5);

// What ends a request before its handler is called.
struct Refusal {
  int status = 0;  // 0: close without a word
  const char* reason = "";
  std::optional<Response> response{};  // set: this one, instead of what `status` and `reason` say
};
Refusal Busy() { return {503, kServerBusy}; }

Refusal RefusalOf(const RequestParser& parser, const SocketError& error) {
  switch (parser.fault()) {
    case RequestParser::Fault::kTooManyFields:
      return {431, "The request has too many header fields"};
    case RequestParser::Fault::kBodyTooLarge:
      return {413, "The request body is too large"};
    case RequestParser::Fault::kNoMemory:
      return Busy();
    case RequestParser::Fault::kBadField:
    case RequestParser::Fault::kNone:
      break;
  }
  if (error == beast_http::error::header_limit) return {431, "The request header is too large"};
  return {400, "The request is not valid HTTP/1.1"};
}

template <class Stream>
class ConnectionOf final : public Connection {
 public:
  ConnectionOf(Stream stream, std::shared_ptr<ClientAddress> address, SharedState& shared, LoopState& loop)
      : Connection(std::move(address)),
        stream_(std::move(stream)),
        shared_(shared),
        loop_(loop),
        memory_(shared.options.memory, {address_, &address_->memory}) {
    SocketError ignored;
    const auto endpoint = Lowest().remote_endpoint(ignored);
    if (!ignored) remote_address_ = AddressText(endpoint.address());
    memory_.Add(NewConnectionBytes(kTls));
    request_.remote_address = remote_address_;
    request_.memory = &memory_;
    request_.headers.reserve(16);
  }
  ~ConnectionOf() override { Leave(shared_, *address_); }

  Task<void> Run(std::shared_ptr<Connection> self) override;
  void Close() override {
    SocketError ignored;
    Lowest().close(ignored);
  }

 private:
  static constexpr bool kTls = !std::is_same_v<Stream, Socket>;

  Socket& Lowest() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void Enter(Phase phase, std::uint32_t timeout_ms) {
    phase_ = phase;
    late_ = false;
    deadline_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  }
  // Of a body, either way: so long for all of it, and less for its next byte.
  void EnterTransfer(Phase phase) {
    Enter(phase, shared_.options.body_timeout_ms);
    transfer_deadline_ = deadline_;
    OnProgress();
  }
  void OnProgress() {
    const auto stall = std::chrono::milliseconds(shared_.options.stall_timeout_ms);
    deadline_ = std::min(transfer_deadline_, std::chrono::steady_clock::now() + stall);
  }
  void EnterHandling() {
    phase_ = Phase::kHandling;
    deadline_ = SteadyTime::max();
  }

  void OnDeadline() override {
    deadline_ = SteadyTime::max();
    if (phase_ != Phase::kHeader && phase_ != Phase::kBody) return Close();
    late_ = true;
    SocketError ignored;
    Lowest().cancel(ignored);
  }

  // Makes room behind what has been read.
  std::optional<Refusal> PrepareRead() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ < buffer_.size()) return std::nullopt;
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
      return std::nullopt;
    }
    const std::size_t limit = shared_.options.header_bytes_max + kReadBytesMin;
    if (buffer_.size() >= limit) return Refusal{431, "The request header is too large"};
    const std::size_t size = std::min(limit, std::max(kReadBytesMin, buffer_.size() * 2));
    if (size > kKeptMax && !memory_.Grow(size - buffer_.size())) return Busy();
    buffer_.resize(size);
    return std::nullopt;
  }

  // Whether the blank line that ends a header has been read. Only then is it parsed, in one go: its views must not
  // move.
  bool HeaderIsWhole() {
    while (scanned_ == 0 && end_ - begin_ >= 2 && buffer_[begin_] == '\r' && buffer_[begin_ + 1] == '\n') begin_ += 2;
    const std::string_view read(buffer_.data() + begin_, end_ - begin_);
    const std::size_t at = read.find("\r\n\r\n", scanned_);
    if (at != std::string_view::npos) return true;
    scanned_ = read.size() < 3 ? 0 : read.size() - 3;
    return false;
  }
  std::optional<Refusal> CheckHeader();

  Task<std::size_t> ReadSome(char* data, std::size_t size, SocketError* error) {
    co_return co_await stream_.async_read_some(asio::buffer(data, size),
                                               asio::redirect_error(asio::use_awaitable, *error));
  }
  Response AnswerFailure(const std::exception_ptr& failure) const;
  std::optional<Refusal> AskBeforeBody();
  Task<std::optional<Refusal>> ReadSizedBody(std::size_t size);
  Task<std::optional<Refusal>> ReadChunkedBody();
  std::optional<Refusal> LateOrGone() {
    if (!late_) return Refusal{};
    late_ = false;
    return Refusal{408, "The request did not arrive in time"};
  }
  Task<bool> SendContinue();

  // Writes at once what the socket takes; true if that is everything.
  bool WriteNow(std::size_t* written, SocketError* error);
  Task<bool> WriteRest(std::size_t written);
  void Serialize(Response response, bool head_only, ResponseFraming framing);
  Task<void> Refuse(Refusal refusal);
  Task<void> Linger();
  void HoldAnswer(const Response& response);
  void Tidy();

  Stream stream_;
  SharedState& shared_;
  LoopState& loop_;
  MemoryCharge memory_;  // what the connection takes, and what its request holds
  std::string remote_address_;
  SteadyTime transfer_deadline_;

  std::string buffer_;  // what has been read: [begin_, end_)
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;  // of a header that isn't whole: bytes behind begin_ that hold no end
  std::optional<RequestParser> parser_;
  Request request_;
  BodyBuffer body_;         // of a request that didn't come in one piece
  std::string after_body_;  // what followed a chunked one
  std::string out_;         // response head, and the body if it is small
  std::string out_body_;    // the body if it is not
  bool known_ = false;      // a request proved who sent it
  bool late_ = false;       // the deadline cancelled a read
};

template <class Stream>
std::optional<Refusal> ConnectionOf<Stream>::CheckHeader() {
  if (parser_->lacks_host()) return Refusal{400, "An HTTP/1.1 request has exactly one Host header"};
  if (request_.method == "CONNECT" || request_.method == "TRACE") {
    return Refusal{405, "The method is not allowed"};
  }
  if (parser_->expects_unknown()) return Refusal{417, "Only 100-continue can be expected"};
  const auto length = parser_->content_length();
  if (length && *length > shared_.options.body_bytes_max) return Refusal{413, "The request body is too large"};
  return std::nullopt;
}

// The client is told no more than that, and the id by which the log tells the rest.
template <class Stream>
Response ConnectionOf<Stream>::AnswerFailure(const std::exception_ptr& failure) const {
  Response response = shared_.ErrorResponse(500, "The server failed to answer");
  Log(LogLevel::kError, "a request ended with an exception",
      {{"request_id", std::string(response.headers.Find("x-amzn-RequestId"))},
       {"method", std::string(request_.method)},
       {"path", std::string(request_.target.substr(0, request_.target.find('?')))},  // a query may hold a signature
       {"target", std::string(request_.Header("x-amz-target"))},
       {"cause", WhatOf(failure)},
       {"from", remote_address_}});
  return response;
}

template <class Stream>
Task<bool> ConnectionOf<Stream>::SendContinue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  SocketError error;
  co_await asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                             asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

// What is large must be wanted by somebody who is known, and have room: before it is sent.
template <class Stream>
std::optional<Refusal> ConnectionOf<Stream>::AskBeforeBody() {
  if (shared_.options.header_check) {
    if (auto refused = shared_.options.header_check(request_)) return Refusal{refused->status, "", std::move(refused)};
  }
  const std::size_t announced = parser_->content_length().value_or(shared_.options.unchecked_body_bytes_max);
  if (shared_.options.memory != nullptr && !shared_.options.memory->HasRoomFor(announced, &address_->memory))
    return Busy();
  if (!memory_.Pledge(announced * kPledgedPerByte)) return Busy();
  return std::nullopt;
}

template <class Stream>
Task<std::optional<Refusal>> ConnectionOf<Stream>::ReadSizedBody(std::size_t size) {
  body_.Begin(size, &memory_);
  const bool fits = body_.Append({buffer_.data() + begin_, end_ - begin_});
  begin_ = end_;
  if (!fits) co_return Busy();
  while (body_.size() < size) {
    const std::span<char> room = body_.Room();
    if (room.empty()) co_return Busy();
    SocketError error;
    body_.Arrived(co_await ReadSome(room.data(), room.size(), &error));
    if (error) co_return LateOrGone();
    OnProgress();
  }
  request_.body = body_.view();
  co_return std::nullopt;
}

template <class Stream>
Task<std::optional<Refusal>> ConnectionOf<Stream>::ReadChunkedBody() {
  // The header's views stay where they are: what follows is read elsewhere.
  after_body_.assign(buffer_, begin_, end_ - begin_);
  begin_ = end_;
  body_.Begin(shared_.options.body_bytes_max, &memory_);
  parser_->CollectChunks(&body_);
  parser_->eager(true);
  if (!memory_.Grow(kChunkRead)) co_return Busy();
  for (bool asked = false;;) {
    SocketError error;
    while (!after_body_.empty() && !parser_->is_done()) {
      parser_->SetBufferEnd(after_body_.data() + after_body_.size());
      const std::size_t used = parser_->put(asio::buffer(after_body_.data(), after_body_.size()), error);
      after_body_.erase(0, used);
      if (error == beast_http::error::need_more) break;
      if (error) co_return RefusalOf(*parser_, error);
    }
    if (parser_->is_done()) break;
    // A chunk's own header, or the trailers, without an end.
    if (after_body_.size() > shared_.options.header_bytes_max) co_return Refusal{400, "A chunk has no end"};
    if (!asked && body_.size() > shared_.options.unchecked_body_bytes_max) {
      asked = true;
      if (auto refusal = AskBeforeBody()) co_return refusal;
    }
    const std::size_t had = after_body_.size();
    after_body_.resize(had + kChunkRead);
    const std::size_t got = co_await ReadSome(after_body_.data() + had, after_body_.size() - had, &error);
    after_body_.resize(had + got);
    if (error) co_return LateOrGone();
    OnProgress();
  }
  request_.body = body_.view();
  co_return std::nullopt;
}

template <class Stream>
void ConnectionOf<Stream>::Serialize(Response response, bool head_only, ResponseFraming framing) {
  out_.clear();
  out_body_.clear();
  AppendResponseHead(response, response.body.size(), loop_.date.Now(), framing, &out_);
  if (head_only) return;
  if (framing.chunked) {
    AppendChunks(response.body, &out_);
  } else if (response.body.size() <= kOneBufferMax) {
    out_ += response.body;
  } else {
    out_body_ = std::move(response.body);
  }
}

template <class Stream>
bool ConnectionOf<Stream>::WriteNow(std::size_t* written, SocketError* error) {
  if constexpr (kTls) {
    return false;
  } else {
    if (out_body_.empty()) {
      *written = stream_.write_some(asio::buffer(out_), *error);
    } else {
      const std::array<asio::const_buffer, 2> buffers = {asio::buffer(out_), asio::buffer(out_body_)};
      *written = stream_.write_some(buffers, *error);
    }
    if (*error == asio::error::would_block) {
      *error = {};
      *written = 0;
    }
    return !*error && *written == out_.size() + out_body_.size();
  }
}

template <class Stream>
Task<bool> ConnectionOf<Stream>::WriteRest(std::size_t written) {
  EnterTransfer(Phase::kWriting);
  const std::size_t size = out_.size() + out_body_.size();
  while (written < size) {
    SocketError error;
    const std::size_t of_head = std::min(written, out_.size());
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(out_) + of_head,
                                                       asio::buffer(out_body_) + (written - of_head)};
    written += co_await stream_.async_write_some(buffers, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    OnProgress();
  }
  co_return true;
}

// Lets the client read the last response before a reset can overtake it: a close with unread input resets.
template <class Stream>
Task<void> ConnectionOf<Stream>::Linger() {
  phase_ = Phase::kDraining;
  deadline_ = std::chrono::steady_clock::now() + kDrainTime;
  SocketError error;
  if constexpr (kTls) {
    co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  }
  Lowest().shutdown(Socket::shutdown_send, error);
  std::string sink(16 * 1024, '\0');
  for (std::size_t drained = 0; drained < kDrainedMax && !shared_.stopping.load(std::memory_order_relaxed);) {
    error = {};
    drained += co_await Lowest().async_read_some(asio::buffer(sink), asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
  }
}

template <class Stream>
Task<void> ConnectionOf<Stream>::Refuse(Refusal refusal) {
  if (refusal.status == 0) co_return;
  body_.Free();
  memory_.SetTenant(nullptr);
  memory_.ShrinkTo(ConnectionBytes(kTls));
  ResponseFraming framing;
  framing.close = true;
  Response response =
      refusal.response ? *std::move(refusal.response) : shared_.ErrorResponse(refusal.status, refusal.reason);
  framing.chunked = response.chunked && parser_ && parser_->version() >= 11;
  Serialize(std::move(response), false, framing);
  if (co_await WriteRest(0)) co_await Linger();
}

// What the request held ends with its handler; from here on there is its answer.
template <class Stream>
void ConnectionOf<Stream>::HoldAnswer(const Response& response) {
  body_.Free();
  memory_.Unpledge();
  memory_.ShrinkTo(ConnectionBytes(kTls) + (buffer_.size() > kKeptMax ? buffer_.size() : 0));
  if (response.body.capacity() > kKeptMax) memory_.Add(response.body.capacity());
}

// Gives back what a large request took.
template <class Stream>
void ConnectionOf<Stream>::Tidy() {
  if (out_.capacity() > kKeptMax) out_ = std::string();
  if (out_body_.capacity() > 0) out_body_ = std::string();
  if (!after_body_.empty()) {  // pipelined behind a chunked body
    after_body_.append(buffer_, begin_, end_ - begin_);
    buffer_ = std::move(after_body_);
    begin_ = 0;
    end_ = buffer_.size();
  }
  if (after_body_.capacity() > 0) after_body_ = std::string();
  if (buffer_.size() > kKeptMax && begin_ == end_) {
    buffer_ = std::string();
    begin_ = end_ = 0;
  }
  memory_.SetTenant(nullptr);
  memory_.ShrinkTo(ConnectionBytes(kTls) + (buffer_.size() > kKeptMax ? buffer_.size() : 0));
}

template <class Stream>
Task<void> ConnectionOf<Stream>::Run([[maybe_unused]] std::shared_ptr<Connection> self) {
  const ServerOptions& options = shared_.options;
  SocketError error;
  Lowest().set_option(asio::ip::tcp::no_delay(true), error);
  Lowest().non_blocking(true, error);
  if constexpr (kTls) {
    Enter(Phase::kHandshake, options.header_timeout_ms);
    co_await stream_.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    memory_.ShrinkTo(ConnectionBytes(kTls));
  }
  // A new connection owes a request as one that has begun to send it does.
  Enter(Phase::kHeader, options.header_timeout_ms);
  for (bool first = true;; first = false) {
    if (!first) {
      if (begin_ == end_) {
        if (shared_.stopping.load(std::memory_order_relaxed)) co_return;
        Enter(Phase::kIdle, options.idle_timeout_ms);
      } else {
        Enter(Phase::kHeader, options.header_timeout_ms);
      }
    }
    // --- header ---
    while (!HeaderIsWhole()) {
      if (auto refusal = PrepareRead()) {
        co_await Refuse(*std::move(refusal));
        co_return;
      }
      error = {};
      const std::size_t got = co_await stream_.async_read_some(
          asio::buffer(buffer_.data() + end_, buffer_.size() - end_), asio::redirect_error(asio::use_awaitable, error));
      end_ += got;
      if (error) {
        // A connection that never sent a byte is closed without a word.
        if (late_ && begin_ < end_) co_await Refuse(*LateOrGone());
        co_return;
      }
      if (phase_ == Phase::kIdle) Enter(Phase::kHeader, options.header_timeout_ms);
    }
    error = {};
    request_.body = {};  // the last one's is gone
    parser_.emplace(&request_, options.header_fields_max, options.header_bytes_max, options.body_bytes_max);
    parser_->SetBufferEnd(buffer_.data() + end_);
    begin_ += parser_->put(asio::buffer(buffer_.data() + begin_, end_ - begin_), error);
    scanned_ = 0;
    if (error || !parser_->is_header_done()) {
      co_await Refuse(RefusalOf(*parser_, error));
      co_return;
    }
    std::optional<Refusal> refusal = CheckHeader();
    // --- body ---
    const std::size_t length = static_cast<std::size_t>(parser_->content_length().value_or(0));
    const bool whole = !parser_->chunked() && length <= end_ - begin_;
    if (!refusal && length > options.unchecked_body_bytes_max) refusal = AskBeforeBody();
    if (!refusal && whole) {
      request_.body = {buffer_.data() + begin_, length};
      begin_ += length;
    } else if (!refusal) {
      EnterTransfer(Phase::kBody);
      if (parser_->expects_continue() && parser_->version() >= 11 && begin_ == end_ && !co_await SendContinue()) {
        co_return;
      }
      if (parser_->chunked()) {
        refusal = co_await ReadChunkedBody();
      } else {
        refusal = co_await ReadSizedBody(length);
      }
    }
    if (refusal) {
      co_await Refuse(*std::move(refusal));
      co_return;
    }
    // --- handler ---
    EnterHandling();
    Response response;
    std::exception_ptr failure;
    try {
      response = co_await shared_.handler(request_);
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) response = AnswerFailure(failure);
    if (response.sender_known && !known_) {
      known_ = true;
      unlink();
      loop_.known.push_back(*this);
    }
    // --- response ---
    HoldAnswer(response);
    ResponseFraming framing;
    framing.close = !parser_->keep_alive() || shared_.stopping.load(std::memory_order_relaxed);
    framing.say_keep_alive = !framing.close && parser_->version() < 11;
    Serialize(std::move(response), request_.method == "HEAD", framing);
    // Written after the other requests that have arrived are handled: their clients are then woken together. A client
    // of many connections would otherwise go back to sleep between two answers, and each waking costs more than a
    // GetItem.
    co_await asio::post(stream_.get_executor(), asio::use_awaitable);
    std::size_t written = 0;
    error = {};
    if (!WriteNow(&written, &error)) {
      if (error || !co_await WriteRest(written)) co_return;
    }
    if (framing.close) {
      co_await Linger();
      co_return;
    }
    Tidy();
  }
}

}  // namespace

Response SharedState::ErrorResponse(int status, std::string_view reason) const {
  if (options.error_responder) return options.error_responder(status, reason);
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body = std::string(reason) + "\n";
  return response;
}

std::shared_ptr<Connection> MakeConnection(Socket socket, std::shared_ptr<ClientAddress> address, SharedState& shared,
                                           LoopState& loop) {
  return std::make_shared<ConnectionOf<Socket>>(std::move(socket), std::move(address), shared, loop);
}

std::shared_ptr<Connection> MakeTlsConnection(Socket socket, std::shared_ptr<ClientAddress> address,
                                              asio::ssl::context& tls, SharedState& shared, LoopState& loop) {
  using Stream = asio::ssl::stream<Socket>;
  return std::make_shared<ConnectionOf<Stream>>(Stream(std::move(socket), tls), std::move(address), shared, loop);
}

}  // namespace insula::http
