#include "tests/stress/frames.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace insula::stress {
namespace {

bool ReceiveAll(int fd, char* into, std::size_t size, int timeout_ms) {
  while (size > 0) {
    pollfd ready{fd, POLLIN, 0};
    const int polled = ::poll(&ready, 1, timeout_ms);
    if (polled < 0 && errno == EINTR) continue;
    if (polled <= 0) return false;
    const ssize_t got = ::recv(fd, into, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    into += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

}  // namespace

bool SendFrame(int fd, std::string_view payload) {
  std::string frame = FieldWriter().Text(payload).bytes();
  std::string_view rest = frame;
  while (!rest.empty()) {
    const ssize_t sent = ::send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::optional<std::string> ReceiveFrame(int fd, int timeout_ms) {
  char length[8];
  if (!ReceiveAll(fd, length, sizeof(length), timeout_ms)) return std::nullopt;
  std::string payload(FieldReader({length, 8}).Number(), '\0');
  if (!ReceiveAll(fd, payload.data(), payload.size(), timeout_ms)) return std::nullopt;
  return payload;
}

}  // namespace insula::stress
