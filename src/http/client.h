// A client for commands and tests: one connection, kept alive, one blocking request at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace insula::http {

struct Url {
  bool tls = false;
  std::string host;
  std::uint16_t port = 80;
  std::string path = "/";
  // What a Host header says: the port only where it isn't the scheme's own.
  std::string HostHeader() const;
};
// http://HOST[:PORT][/PATH] or https://…; an IPv6 host in brackets. InvalidArgument otherwise.
Result<Url> ParseUrl(std::string_view text);

struct ClientOptions {
  std::uint32_t timeout_ms = 60'000;  // for a whole request, connecting included
  // The answer may take any time, as long as the server's machine is there: it is asked by TCP itself (keepalive),
  // which takes about a minute to miss it. timeout_ms then bounds connecting and sending.
  bool patient = false;
  std::string tls_ca_file;  // PEM; empty: the system's
  bool tls_verify = true;
  // PEM: the server must show the first certificate in it, whatever name it bears and whoever has signed it.
  std::string tls_pinned_file;
  std::size_t body_bytes_max = 1024 * 1024 * 1024;
};

struct ClientResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string_view Header(std::string_view name) const;  // first of that name, any case; empty if absent
};

// Used by one thread at a time.
class Client {
 public:
  explicit Client(Url url, ClientOptions options = {});
  ~Client();

  // Host (unless given) and Content-Length are added. ServiceUnavailable if there is no connection or no answer in
  // time. A request is sent once more on a new connection only where the server had closed an idle one.
  Result<ClientResponse> Send(std::string_view method, std::string_view target,
                              const std::vector<std::pair<std::string, std::string>>& headers, std::string_view body);
  const Url& url() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace insula::http
