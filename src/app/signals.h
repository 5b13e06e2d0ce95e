// The signals a server lives by. Made before any thread, so that all threads leave them to the waiter.
#pragma once

#include <csignal>
#include <functional>

namespace insula::app {

class SignalWaiter {
 public:
  SignalWaiter() {
    ::sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set_, signal);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a peer that is gone is an error of its connection
  }

  // Blocks until SIGTERM or SIGINT; calls `on_hangup` for each SIGHUP. From then on a second SIGINT or SIGTERM ends the
  // process at once, for those who don't want to wait.
  void WaitForStop(const std::function<void()>& on_hangup) {
    int signal = 0;
    while (::sigwait(&set_, &signal) != 0 || signal == SIGHUP)
      if (signal == SIGHUP) on_hangup();
    ::sigset_t stop;
    ::sigemptyset(&stop);
    for (const int again : {SIGTERM, SIGINT}) ::sigaddset(&stop, again);
    ::pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  }

 private:
  ::sigset_t set_;
};

}  // namespace insula::app
