// HTTP/1.1 with keep-alive and TLS: one event loop per core, connections stay on theirs, one coroutine per connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace insula::http {

// One request, body whole. Views are valid until the handler's coroutine ends.
struct Request {
  std::string_view method;
  std::string_view target;
  std::vector<std::pair<std::string_view, std::string_view>> headers;  // in order, values as sent
  std::string_view body;
  std::string_view remote_address;
  std::string_view Header(std::string_view name) const;  // first of that name, any case; empty if absent
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string_view, std::string>> headers;  // Content-Length, Date and Connection are the server's
  std::string body;
};

using Handler = std::function<Task<Response>(const Request& request)>;

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8000;  // 0: any free one
  int threads = 0;            // 0: one per core
  std::size_t connections_max = 10'000;
  std::size_t header_bytes_max = 32 * 1024;
  std::size_t body_bytes_max = 16 * 1024 * 1024;
  std::size_t in_flight_bytes_max = 256 * 1024 * 1024;  // bodies being read or served; beyond it 503 before reading
  std::uint32_t header_timeout_ms = 10'000;
  std::uint32_t body_timeout_ms = 30'000;
  std::uint32_t idle_timeout_ms = 120'000;
  std::string tls_certificate_file;  // PEM; both set: TLS
  std::string tls_key_file;
};

class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();
  Result<void> Start();          // binds and listens; an address in use is said so
  std::uint16_t port() const;    // the bound one
  // Accepts no more, lets requests in flight finish for at most `grace_ms`, then closes and joins the threads.
  void Stop(std::uint32_t grace_ms);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::http
