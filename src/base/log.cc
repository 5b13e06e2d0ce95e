#include "base/log.h"

#include <utility>

#include "base/mutex.h"

namespace insula {
namespace {

struct LogState {
  Mutex mutex;
  std::shared_ptr<LogSink> sink INSULA_GUARDED_BY(mutex);
};

// Never destroyed: threads may log until the process ends.
LogState& TheState() {
  static LogState* const state = new LogState;
  return *state;
}

}  // namespace

std::string_view NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  return "";
}

std::shared_ptr<LogSink> SetLogSink(std::shared_ptr<LogSink> sink) {
  LogState& state = TheState();
  const MutexLock lock(state.mutex);
  return std::exchange(state.sink, std::move(sink));
}

void LogWith(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  LogState& state = TheState();
  std::shared_ptr<LogSink> sink;
  {
    const MutexLock lock(state.mutex);
    sink = state.sink;
  }
  if (sink != nullptr) sink->Write(level, message, fields);
}

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  LogWith(level, message, std::span<const LogField>(fields.begin(), fields.size()));
}

std::string WhatOf(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

std::optional<std::uint64_t> LogLimit::Admit(Time now) {
  const MutexLock lock(mutex_);
  if (period_began_ == Time{} || now - period_began_ >= period_) {
    period_began_ = now;
    written_ = 0;
  }
  if (written_ >= events_max_) {
    ++left_out_;
    return std::nullopt;
  }
  ++written_;
  return std::exchange(left_out_, 0);
}

}  // namespace insula
