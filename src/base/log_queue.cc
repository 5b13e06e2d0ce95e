#include "base/log_queue.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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
  std::mutex mutex;
  std::condition_variable changed;  // there is something to write, to stop for, or nothing left
  std::deque<Event> events;         // everything below guarded by mutex
  std::uint64_t left_out = 0;       // since the last event that was taken in
  bool stopping = false;
  bool done = false;

  void Run() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [this] { return stopping || !events.empty() || left_out > 0; });
      if (events.empty() && left_out == 0) break;  // stopping
      std::deque<Event> taken = std::exchange(events, {});
      const std::uint64_t lost = std::exchange(left_out, 0);
      lock.unlock();
      for (const Event& event : taken) Pass(*target, event);
      if (lost > 0) {
        Pass(*target, {LogLevel::kWarn,
                       "the log isn't written as fast as it is told: events were left out",
                       {{"left_out", std::to_string(lost)}}});
      }
      lock.lock();
    }
    done = true;
    changed.notify_all();
  }
};

LogQueue::LogQueue(std::shared_ptr<LogSink> target, std::size_t events_max)
    : state_(std::make_shared<State>(std::move(target), events_max)) {
  std::thread([state = state_] { state->Run(); }).detach();
}

LogQueue::~LogQueue() {
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  state_->changed.notify_all();
  state_->changed.wait_for(lock, kStopWait, [this] { return state_->done; });
}

void LogQueue::Write(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  const std::lock_guard lock(state_->mutex);
  if (state_->events.size() >= state_->events_max) {
    ++state_->left_out;
    return;
  }
  Event event{level, std::string(message), {}};
  event.fields.reserve(fields.size());
  for (const auto& [name, value] : fields) event.fields.emplace_back(name, value);
  state_->events.push_back(std::move(event));
  state_->changed.notify_one();
}

}  // namespace insula
