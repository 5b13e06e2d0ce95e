#include "load/driver.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <optional>
#include <vector>

namespace insula::load {
namespace {

namespace asio = boost::asio;
using ErrorText = boost::system::error_code;
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using TlsStream = asio::ssl::stream<Socket>;

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kErrorKept = 500;

// Where one answer in a buffer ends.
struct Answer {
  int status = 0;
  std::size_t body_at = 0;
  std::size_t end = 0;
};

bool MatchesLower(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// The head of an answer; nullopt while it isn't whole. An answer without Content-Length has an `end` of 0.
std::optional<Answer> ReadHead(std::string_view text) {
  const std::size_t blank = text.find("\r\n\r\n");
  if (blank == std::string_view::npos) return std::nullopt;
  Answer answer;
  answer.body_at = blank + 4;
  if (text.size() > 12) std::from_chars(text.data() + 9, text.data() + 12, answer.status);
  for (std::size_t line = text.find("\r\n"); line < blank; line = text.find("\r\n", line + 2)) {
    constexpr std::string_view kName = "content-length:";
    const std::string_view rest = text.substr(line + 2);
    if (!MatchesLower(rest, kName)) continue;
    std::size_t at = kName.size();
    while (rest[at] == ' ') ++at;
    std::size_t length = 0;
    std::from_chars(rest.data() + at, rest.data() + rest.size(), length);
    answer.end = answer.body_at + length;
    break;
  }
  return answer;
}

std::string ErrorNameOf(int status, std::string_view body) {
  const std::size_t type = body.find("__type");
  const std::size_t hash = type == std::string_view::npos ? type : body.find('#', type);
  if (hash == std::string_view::npos) return fmt::format("HTTP {}", status);
  return std::string(body.substr(hash + 1, body.find('"', hash) - hash - 1));
}

class Lane {
 public:
  virtual ~Lane() = default;
  virtual void Start() = 0;
  virtual void Close() = 0;
};

// What all connections share.
class LoadRun {
 public:
  LoadRun(const DriverOptions& options, const RequestSource& source) : options_(options), source_(source) {}

  asio::io_context& loop() { return loop_; }
  const DriverOptions& options() const { return options_; }
  bool counting() const { return counting_; }
  bool ending() const { return ending_; }

  NextRequest Next(std::size_t lane) { return ending_ ? NextRequest{} : source_(lane); }

  void Done(bool write, SteadyTime sent, SteadyTime now, int status, std::string_view body, std::size_t bytes) {
    Tell(now);
    if (!counting_ || ending_) return;
    result_.bytes_received += bytes;
    if (status != 200) return CountError(ErrorNameOf(status, body), body);
    (write ? result_.writes : result_.reads).Record(now - sent);
    last_ = now;
    if (options_.operations > 0 && ++counted_ >= options_.operations) End();
  }

  void CountError(const std::string& name, std::string_view example) {
    if (result_.first_error.empty()) {
      result_.first_error = fmt::format("{}: {}", name, example.substr(0, kErrorKept));
    }
    ++result_.errors[name];
  }
  void LaneGone() {
    if (--open_ == 0) loop_.stop();
  }
  void End() {
    ending_ = true;
    last_ = std::chrono::steady_clock::now();
    loop_.stop();
  }

  DriverResult Finish(std::size_t lanes, const std::function<void()>& start) {
    open_ = lanes;
    begin_ = std::chrono::steady_clock::now();
    counted_from_ = begin_ + options_.warmup;
    counting_ = options_.warmup.count() == 0;
    start();
    if (options_.duration.count() > 0) {
      loop_.run_until(counted_from_ + options_.duration);
      last_ = std::chrono::steady_clock::now();
    } else {
      loop_.run();
    }
    result_.elapsed = last_ - std::min(counted_from_, last_);
    return std::move(result_);
  }

 private:
  void Tell(SteadyTime now) {
    if (counting_ || now < counted_from_) return;
    counting_ = true;
    counted_from_ = now;
  }

  const DriverOptions& options_;
  const RequestSource& source_;
  asio::io_context loop_{1};
  DriverResult result_;
  std::size_t open_ = 0;
  std::uint64_t counted_ = 0;
  bool counting_ = false;
  bool ending_ = false;
  SteadyTime begin_, counted_from_, last_;
};

template <class Stream>
class LaneOf final : public Lane {
 public:
  LaneOf(LoadRun& run, std::size_t number, Stream stream) : run_(run), number_(number), stream_(std::move(stream)) {
    buffer_.resize(kReadBytes);
  }

  void Start() override { Send(); }
  void Close() override {
    ErrorText ignored;
    Lowest().close(ignored);
  }

 private:
  Socket& Lowest() {
    if constexpr (std::is_same_v<Stream, Socket>) {
      return stream_;
    } else {
      return stream_.next_layer();
    }
  }

  void Send() {
    const NextRequest next = run_.Next(number_);
    if (next.bytes == nullptr) return run_.LaneGone();
    write_ = next.write;
    sent_ = std::chrono::steady_clock::now();
    std::size_t written = 0;
    if constexpr (std::is_same_v<Stream, Socket>) {
      ErrorText error;
      written = stream_.write_some(asio::buffer(*next.bytes), error);
      if (error && error != asio::error::would_block) return Fail(error);
      if (written == next.bytes->size()) return Read();
    }
    rest_ = next.bytes->substr(written);
    asio::async_write(stream_, asio::buffer(rest_), [this](ErrorText failure, std::size_t) {
      if (failure) return Fail(failure);
      Read();
    });
  }

  void Read() {
    if (filled_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
    stream_.async_read_some(asio::buffer(buffer_.data() + filled_, buffer_.size() - filled_),
                            [this](ErrorText failure, std::size_t got) {
                              if (failure) return Fail(failure);
                              filled_ += got;
                              Take();
                            });
  }

  void Take() {
    const std::string_view text(buffer_.data(), filled_);
    if (!answer_) answer_ = ReadHead(text);
    if (answer_ && answer_->end == 0) {
      run_.CountError("answer without Content-Length", text);
      Close();
      return run_.LaneGone();
    }
    if (!answer_ || filled_ < answer_->end) return Read();
    const Answer answer = *answer_;
    answer_.reset();
    filled_ = 0;  // one request at a time: nothing follows an answer
    run_.Done(write_, sent_, std::chrono::steady_clock::now(), answer.status,
              text.substr(answer.body_at, answer.end - answer.body_at), answer.end);
    Send();
  }

  void Fail(const ErrorText& failure) {
    if (!run_.ending()) run_.CountError("connection", failure.message());
    Close();
    run_.LaneGone();
  }

  LoadRun& run_;
  std::size_t number_;
  Stream stream_;
  std::string rest_;  // of a request that didn't go out at once
  std::string buffer_;
  std::size_t filled_ = 0;
  std::optional<Answer> answer_;
  bool write_ = false;
  SteadyTime sent_;
};

}  // namespace

Result<DriverResult> Drive(const DriverOptions& options, const RequestSource& source) {
  LoadRun run(options, source);
  const auto unreachable = [&](const ErrorText& error) {
    return Error(ErrorCode::kServiceUnavailable, fmt::format("{}: {}", options.url.HostHeader(), error.message()));
  };
  ErrorText error;
  asio::ip::tcp::resolver resolver(run.loop());
  const auto endpoints = resolver.resolve(options.url.host, std::to_string(options.url.port), error);
  if (error) return unreachable(error);
  asio::ssl::context tls(asio::ssl::context::tls_client);
  tls.set_default_verify_paths(error);
  tls.set_verify_mode(options.tls_verify ? asio::ssl::verify_peer : asio::ssl::verify_none);

  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::size_t i = 0; i < options.connections; ++i) {
    error = asio::error::host_not_found;
    Socket socket(run.loop());
    for (const auto& endpoint : endpoints) {
      ErrorText ignored;
      socket.close(ignored);
      socket.connect(endpoint.endpoint(), error);
      if (!error) break;
    }
    if (error) return unreachable(error);
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    if (options.url.tls) {
      TlsStream stream(std::move(socket), tls);
      SSL_set_tlsext_host_name(stream.native_handle(), options.url.host.c_str());
      if (options.tls_verify) stream.set_verify_callback(asio::ssl::host_name_verification(options.url.host));
      stream.handshake(asio::ssl::stream_base::client, error);
      if (error) return unreachable(error);
      lanes.push_back(std::make_unique<LaneOf<TlsStream>>(run, i, std::move(stream)));
    } else {
      socket.non_blocking(true, error);
      lanes.push_back(std::make_unique<LaneOf<Socket>>(run, i, std::move(socket)));
    }
  }
  DriverResult result = run.Finish(lanes.size(), [&] {
    for (auto& lane : lanes) lane->Start();
  });
  for (auto& lane : lanes) lane->Close();
  return result;
}

}  // namespace insula::load
