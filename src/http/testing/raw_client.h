// A client made of one socket, for tests of what a real one never does.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace insula::http {

// A blocking socket that sends what it is told and reads until a pause or the end.
class RawClient {
 public:
  // `from`: the loopback address to come from, 127.0.0.N.
  explicit RawClient(std::uint16_t port, std::uint8_t from = 1) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~0xffu) | from);
    (void)::bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof(own));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~RawClient() { ::close(socket_); }
  bool connected() const { return connected_; }

  bool Send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void HalfClose() { ::shutdown(socket_, SHUT_WR); }

  // Everything until the server closes.
  std::string ReadAll(std::chrono::milliseconds patience = std::chrono::seconds(10)) {
    std::string all;
    while (ReadMore(&all, patience)) {
    }
    return all;
  }
  // Until `text` has been read `count` times in all.
  std::string ReadUntil(std::string_view text, int count = 1) {
    std::string all;
    const auto found = [&] {
      int times = 0;
      for (std::size_t at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++times;
      return times;
    };
    while (found() < count && ReadMore(&all, std::chrono::seconds(10))) {
    }
    return all;
  }
  bool closed_by_server() const { return closed_; }

 private:
  bool ReadMore(std::string* all, std::chrono::milliseconds patience) {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return false;
    char piece[65536];
    const ssize_t got = ::recv(socket_, piece, sizeof(piece), 0);
    closed_ = got <= 0;
    if (got > 0) all->append(piece, static_cast<std::size_t>(got));
    return got > 0;
  }

  int socket_;
  bool connected_ = false;
  bool closed_ = false;
};

}  // namespace insula::http
