#include "tests/stress/link.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include <fmt/format.h>

#include "tests/stress/frames.h"
#include "tests/stress/subject.h"

namespace insula::stress {
namespace {

constexpr int kPatienceMs = 60'000;

std::string CommandFrame(Command command) { return FieldWriter().Number(static_cast<std::uint64_t>(command)).bytes(); }

}  // namespace

std::string Reply::Error() const {
  if (ok()) return "";
  const std::string type = Json(body).TextAt({"__type"});
  return type.substr(type.rfind('#') + 1);
}

std::optional<std::string> Link::Start(const Setup& setup) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return "socketpair failed";
  ended_.clear();
  fatal_ = false;
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int log = ::open(log_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(log, 2);
    const int fd = ::dup(ends[1]);  // without close-on-exec
    const std::string number = std::to_string(fd);
    ::execl("/proc/self/exe", "insula_stress", "--subject", number.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  fd_ = ends[0];
  const auto answer = Ask(CommandFrame(Command::kOpen) + setup.Encode());
  if (!answer) return ended_.empty() ? "no answer" : ended_;
  FieldReader in(*answer);
  if (in.Number() == 1) return std::nullopt;
  std::string why = in.Text();
  Reap();
  return why;
}

void Link::Reap() {
  if (pid_ <= 0) return;
  ::close(fd_);
  int status = 0;
  // What doesn't end by itself hangs.
  for (int waited_ms = 0; ::waitpid(pid_, &status, WNOHANG) == 0; ++waited_ms) {
    if (waited_ms == kPatienceMs) {
      ::kill(pid_, SIGABRT);
      ::waitpid(pid_, &status, 0);
      pid_ = 0;
      ended_ = "it hung";
      return;
    }
    ::usleep(1000);
  }
  pid_ = 0;
  ended_ =
      WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status)) : fmt::format("signal {}", WTERMSIG(status));
  fatal_ = WIFEXITED(status) && WEXITSTATUS(status) == kFatalExitCode;
}

std::optional<std::string> Link::Ask(std::string_view frame) {
  if (!alive()) return std::nullopt;
  if (SendFrame(fd_, frame)) {
    if (auto answer = ReceiveFrame(fd_, kPatienceMs)) return answer;
  }
  Reap();
  return std::nullopt;
}

std::vector<Reply> Link::Call(const std::vector<Request>& requests, std::optional<std::size_t> kill_after) {
  std::vector<Reply> replies(requests.size());
  if (!alive()) return replies;
  FieldWriter frame;
  frame.Number(static_cast<std::uint64_t>(Command::kCalls)).Number(requests.size());
  for (const Request& request : requests) {
    frame.Number(request.context).Text(request.operation).Text(request.body);
  }
  bool there = SendFrame(fd_, frame.bytes());
  for (std::size_t answered = 0; there && answered < requests.size(); ++answered) {
    if (kill_after == answered) {
      Kill();
      return replies;
    }
    const auto answer = ReceiveFrame(fd_, kPatienceMs);
    there = answer.has_value();
    if (!there) break;
    FieldReader in(*answer);
    Reply& reply = replies.at(in.Number());
    reply.status = static_cast<int>(in.Number());
    reply.body = in.Text();
    reply.cause = in.Text();
  }
  if (!there) Reap();
  return replies;
}

bool Link::Advance(std::int64_t us) {
  return Ask(CommandFrame(Command::kAdvance) + FieldWriter().Number(static_cast<std::uint64_t>(us)).bytes())
      .has_value();
}
bool Link::Settle() { return Ask(CommandFrame(Command::kSettle)).has_value(); }
bool Link::Trim() { return Ask(CommandFrame(Command::kTrim)).has_value(); }
std::optional<std::uint64_t> Link::Expire() {
  const auto answer = Ask(CommandFrame(Command::kExpire));
  if (!answer) return std::nullopt;
  return FieldReader(*answer).Number();
}
bool Link::Arm(const Fault& fault) {
  FieldWriter fields;
  fields.Number(fault.kind).Number(fault.nth).Number(fault.for_good);
  return Ask(CommandFrame(Command::kArm) + fields.bytes()).has_value();
}

std::optional<std::string> Link::Stop() {
  const auto answer = Ask(CommandFrame(Command::kStop));
  if (!answer) return ended_;
  FieldReader in(*answer);
  const bool fine = in.Number() == 1;
  std::string why = in.Text();
  Reap();
  if (!fine) return why;
  if (ended_ != "exit code 0") return ended_;
  return std::nullopt;
}

void Link::Kill() {
  if (!alive()) return;
  ::kill(pid_, SIGKILL);
  Reap();
}

bool Link::PowerOff() {
  const bool asked = Ask(CommandFrame(Command::kPowerOff)).has_value();
  if (asked) Reap();
  return asked && ended_ == "exit code 0";
}

}  // namespace insula::stress
