// HTTP/1.1 with keep-alive and TLS: one event loop per core, connections stay on theirs, one coroutine per connection.
//
// Everything a client can make the server hold is bounded: connections, in all and of one address; header bytes and
// fields; body bytes; and the memory of everything together, from a request's header to the last byte of its answer,
// which is charged to a budget as it is taken. Every wait for a client has a deadline.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/memory_budget.h"
#include "base/result.h"
#include "base/task.h"

namespace insula::http {

// One request, body whole. Views are valid until the handler's coroutine ends.
struct Request {
  std::string_view method;
  std::string_view target;
  // In the order they came. Values as sent, but for the one space that is customary after the colon.
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view body;
  std::string_view remote_address;
  // What this request holds: header and body by now, charged to the sender's address. A handler that takes more memory
  // for it says so here; what it leaves is given back with the answer's last byte. None: nobody counts.
  MemoryCharge* memory = nullptr;
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
  // The request proved who sent it. A connection of somebody unknown makes room for others when connections are short.
  bool sender_known = false;
};

// Called on the connection's event loop; must resume there. An exception becomes status 500, and a line of the log.
using Handler = std::function<Task<Response>(const Request& request)>;

// Asked with the header alone (the body is empty) before a body is read that isn't small; an answer refuses it, and the
// connection is closed behind it. May charge `memory` to a tenant. Called on the connection's event loop.
using HeaderCheck = std::function<std::optional<Response>(const Request& request)>;

// What the server answers by itself: 400, 405, 408, 413, 417, 431, 500, 503. `reason` is a sentence for the client.
using ErrorResponder = std::function<Response(int status, std::string_view reason)>;

struct ServerOptions {
  std::string address = "127.0.0.1";  // numeric, or "localhost"
  std::uint16_t port = 8000;          // 0: any free one
  int threads = 0;                    // 0: one per core this process may use
  std::size_t connections_max = 10'000;
  std::size_t connections_per_address_max = 0;  // 0: three quarters of connections_max
  std::size_t header_bytes_max = 32 * 1024;
  std::size_t header_fields_max = 128;
  std::size_t body_bytes_max = 16 * 1024 * 1024;
  std::size_t unchecked_body_bytes_max = 64 * 1024;  // bodies up to this are read without asking header_check
  std::uint32_t header_timeout_ms = 10'000;          // from a request's first byte, or the connection's begin
  std::uint32_t body_timeout_ms = 30'000;            // for all of a body; as long again for all of a response
  std::uint32_t stall_timeout_ms = 10'000;           // for the next byte of a body, or the next that a client takes
  std::uint32_t idle_timeout_ms = 120'000;
  std::string tls_certificate_file;  // PEM, the chain; both set: TLS 1.2 and later
  std::string tls_key_file;
  ErrorResponder error_responder;  // none: plain text
  HeaderCheck header_check;        // none: every body is read
  MemoryBudget* memory = nullptr;  // what everything here is charged to; outlives the server; none: without a bound
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
