// The tester's end of the server under test: starts its process, calls it, kills it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/stress/setup.h"
#include "tests/stress/value.h"

namespace insula::stress {

struct Request {
  std::size_t context = 0;
  std::string operation;
  std::string body;
};

struct Reply {
  int status = 0;  // 0: the server was gone before it answered
  std::string body;
  std::string cause;  // of a 500, as the server's log would have it

  bool ok() const { return status == 200; }
  // Neither done nor refused as far as the caller can tell.
  bool uncertain() const { return status == 0 || status >= 500; }
  std::string Error() const;  // "ConditionalCheckFailedException"; empty if it is ok
};

class Link {
 public:
  explicit Link(std::string log_file) : log_file_(std::move(log_file)) {}
  ~Link() { Kill(); }

  // Nothing, or why it couldn't be opened.
  std::optional<std::string> Start(const Setup& setup);
  bool alive() const { return pid_ > 0; }

  // All at once; replies in the order of the requests. With `kill_after`, the server is killed once that many of them
  // have been answered.
  std::vector<Reply> Call(const std::vector<Request>& requests, std::optional<std::size_t> kill_after = std::nullopt);
  Reply Call(Request request) { return Call(std::vector{std::move(request)}).front(); }

  // False if the server is gone, or takes longer than a minute.
  bool Advance(std::int64_t us);
  bool Settle();
  std::optional<std::uint64_t> Expire();  // how many items were deleted
  bool Trim();
  bool Arm(const Fault& fault);

  // The ways to end it; each waits until the process is gone.
  std::optional<std::string> Stop();  // what was wrong with it
  void Kill();
  bool PowerOff();

  // How the process ended if nobody here ended it: "exit code 70", "signal 6"; empty while it lives.
  const std::string& ended() const { return ended_; }
  bool ended_as_fatal() const { return fatal_; }

 private:
  std::optional<std::string> Ask(std::string_view frame);
  void Reap();

  const std::string log_file_;
  pid_t pid_ = 0;
  int fd_ = -1;
  std::string ended_;
  bool fatal_ = false;
};

}  // namespace insula::stress
