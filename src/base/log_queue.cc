#include "base/log_queue.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace insula {
namespace {

struct Event {
  LogLevel level;
  std::string message;
  std::vector<std::pair<std::string, std::string>> fields;
};

void Pass(LogSink& target, const Event& event) {
  std::vector<LogField> fields;
  fields.reserve(event.fields.size());
  for (const auto& [name, value] : event.fields) fields.emplace_back(name, value);
  target.Write(event.level, event.message, fields);
}

}  // namespace

struct LogQueue::State {
  State(std::shared_ptr<LogSink> sink, std::size_t most) : target(std::move(sink)), events_max(most) {}

  const std::shared_ptr<LogSink> target;
  const std::size_t events_max;
  Mutex mutex;
  CondVar changed;  // there is something to write, to stop for, or nothing left
  std::deque<Event> events INSULA_GUARDED_BY(mutex);
  std::uint64_t left_out INSULA_GUARDED_BY(mutex) = 0;  // since the last event that was taken in
  bool stopping INSULA_GUARDED_BY(mutex) = false;
  bool done INSULA_GUARDED_BY(mutex) = false;

  struct Taken {
    std::deque<Event> events;
    std::uint64_t left_out = 0;
  };
  // Waits until there is something to write. Nothing: it stops, and all is written.
  std::optional<Taken> Take() {
    const MutexLock lock(mutex);
    while (!stopping && events.empty() && left_out == 0) changed.Wait(mutex);
    if (events.empty() && left_out == 0) {
      done = true;
      changed.NotifyAll();
      return std::nullopt;
    }
    return Taken{std::exchange(events, {}), std::exchange(left_out, 0)};
  }

  void Run() {
    while (const std::optional<Taken> taken = Take()) {
      for (const Event& event : taken->events) Pass(*target, event);
      if (taken->left_out > 0) {
        Pass(*target, {LogLevel::kWarn,
                       "the log isn't written as fast as it is told: events were left out",
                       {{"left_out", std::to_string(taken->left_out)}}});
      }
    }
  }
};

LogQueue::LogQueue(std::shared_ptr<LogSink> target, std::size_t events_max)
    : state_(std::make_shared<State>(std::move(target), events_max)) {
  std::thread([state = state_] { state->Run(); }).detach();
}

LogQueue::~LogQueue() {
  const MutexLock lock(state_->mutex);
  state_->stopping = true;
  state_->changed.NotifyAll();
  const auto until = std::chrono::steady_clock::now() + kStopWait;
  while (!state_->done && state_->changed.WaitUntil(state_->mutex, until)) {
  }
}

void LogQueue::Write(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  const MutexLock lock(state_->mutex);
  if (state_->events.size() >= state_->events_max) {
    ++state_->left_out;
    return;
  }
  Event event{level, std::string(message), {}};
  event.fields.reserve(fields.size());
  for (const auto& [name, value] : fields) event.fields.emplace_back(name, value);
  state_->events.push_back(std::move(event));
  state_->changed.NotifyOne();
}

}  // namespace insula
