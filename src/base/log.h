// The log as every room writes it: one event in plain words, with named fields. Never a secret, never an item.
//
// Where events go is the program's business, which sets a sink (app/logging.h). Without one they go nowhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"

namespace insula {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

std::string_view NameOf(LogLevel level);  // "warn"

using LogField = std::pair<std::string_view, std::string>;

class LogSink {
 public:
  virtual ~LogSink() = default;
  // Called from any thread, by several at once. Must neither throw nor log.
  virtual void Write(LogLevel level, std::string_view message, std::span<const LogField> fields) = 0;
};

// What Log writes to from now on; nullptr: nothing. Returns what it wrote to before: a call that is under way may still
// do so. Safe from any thread.
std::shared_ptr<LogSink> SetLogSink(std::shared_ptr<LogSink> sink);

// Safe from any thread.
void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
void LogWith(LogLevel level, std::string_view message, std::span<const LogField> fields);

// What an exception says of itself, for the log. Precondition: there is one.
std::string WhatOf(const std::exception_ptr& failure);

// Keeps one kind of event from flooding the log: the first `events_max` of each period are written. Safe from any
// thread.
class LogLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  LogLimit(std::size_t events_max, std::chrono::milliseconds period) : events_max_(events_max), period_(period) {}

  // Nothing if the event of now is to be left out; else how many were, since the last that was written.
  std::optional<std::uint64_t> Admit(Time now = std::chrono::steady_clock::now());

 private:
  const std::size_t events_max_;
  const std::chrono::milliseconds period_;

  Mutex mutex_;
  Time period_began_ INSULA_GUARDED_BY(mutex_){};
  std::size_t written_ INSULA_GUARDED_BY(mutex_) = 0;     // in this period
  std::uint64_t left_out_ INSULA_GUARDED_BY(mutex_) = 0;  // since the last that was written
};

}  // namespace insula
