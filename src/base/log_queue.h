// Keeps whoever logs from waiting for whoever reads the log: a slow disk, or a pipe that nobody empties.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "base/log.h"

namespace insula {

// Hands events to `target` on a thread of its own, in order. Never waits: while `events_max` of them are still to be
// written, what comes is left out and counted, and the next event that is written says how many were.
class LogQueue final : public LogSink {
 public:
  static constexpr std::size_t kEventsMax = 8192;

  explicit LogQueue(std::shared_ptr<LogSink> target, std::size_t events_max = kEventsMax);
  // Waits until all is written, or for `kStopWait` if the target keeps it waiting: then what is left is lost, and the
  // thread is left to itself.
  ~LogQueue() override;
  LogQueue(const LogQueue&) = delete;
  LogQueue& operator=(const LogQueue&) = delete;

  void Write(LogLevel level, std::string_view message, std::span<const LogField> fields) override;

  static constexpr std::chrono::seconds kStopWait{2};

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the thread, which may outlive this
};

}  // namespace insula
