// HTTP/1.1 with keep-alive and TLS: one event loop per core, connections stay on theirs, one coroutine per connection.
//
// Everything a client can make the server hold is bounded before it is read: connections, header bytes and fields, body
// bytes, and the bytes of all bodies together. Every wait for a client has a deadline.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace insula::http {

// The memory that the bodies of all requests may take together. What a request reserved is given back when it has been
// answered.
class BodyBudget {
 public:
  // False: there is no room now, and nothing was reserved.
  virtual bool Reserve(std::size_t bytes) = 0;

 protected:
  ~BodyBudget() = default;
};

// One request, body whole. Views are valid until the handler's coroutine ends.
struct Request {
  std::string_view method;
  std::string_view target;
  // In the order they came. Values as sent, but for the one space that is customary after the colon.
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  std::string_view remote_address;
  BodyBudget* budget = nullptr;  // what a handler that makes the body longer asks; none: without a bound
  // The first of that name, any case, without white space around it; empty if absent.
  std::string_view Header(std::string_view name) const;
};

// Response headers, kept as the lines they are sent as. Line breaks in a value are sent as spaces.
class HeaderLines {
 public:
  HeaderLines() = default;
  HeaderLines(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
    for (const auto& [name, value] : headers) emplace_back(name, value);
  }
  void emplace_back(std::string_view name, std::string_view value);
  const std::string& lines() const { return lines_; }
  // The value of the first header of that name (exact case); empty if absent.
  std::string_view Find(std::string_view name) const;

 private:
  std::string lines_;
};

struct Response {
  int status = 200;
  HeaderLines headers;  // Content-Length, Date and Connection are the server's
  std::string body;
  // Of an ErrorResponder's answer: sent in chunks, without a Content-Length, to who speaks HTTP/1.1.
  bool chunked = false;
};

// Called on the connection's event loop; must resume there. An exception becomes status 500.
using Handler = std::function<Task<Response>(const Request& request)>;

// What the server answers by itself: 400, 405, 408, 413, 417, 431, 500, 503. `reason` is a sentence for the client.
using ErrorResponder = std::function<Response(int status, std::string_view reason)>;

struct ServerOptions {
  std::string address = "127.0.0.1";  // numeric, or "localhost"
  std::uint16_t port = 8000;          // 0: any free one
  int threads = 0;                    // 0: one per core this process may use
  std::size_t connections_max = 10'000;
  std::size_t header_bytes_max = 32 * 1024;
  std::size_t header_fields_max = 128;
  std::size_t body_bytes_max = 16 * 1024 * 1024;
  std::size_t in_flight_bytes_max = 256 * 1024 * 1024;  // bodies being read or served; beyond it 503 before reading
  std::uint32_t header_timeout_ms = 10'000;             // from a request's first byte, or the connection's begin
  std::uint32_t body_timeout_ms = 30'000;               // for all of a body; as long again for all of a response
  std::uint32_t idle_timeout_ms = 120'000;
  std::string tls_certificate_file;  // PEM, the chain; both set: TLS 1.2 and later
  std::string tls_key_file;
  ErrorResponder error_responder;  // none: plain text
};

class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();  // stops without grace if that hasn't been done; what handlers wait for must have ended before
  // Binds and listens; an address in use is said so. InvalidArgument, Io.
  Result<void> Start();
  std::uint16_t port() const;  // the bound one
  std::size_t connections() const;
  // Accepts no more, lets requests in flight finish for at most `grace_ms`, then closes and joins the threads.
  void Stop(std::uint32_t grace_ms);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::http
