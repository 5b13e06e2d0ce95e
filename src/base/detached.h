// What a coroutine is spawned with that nobody waits for: an exception that ends it goes to the log, and ends nothing
// else.
//
//   co_spawn(loop, Serve(), LogFailure("a connection"));
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "base/log.h"

namespace insula {

class LogFailure {
 public:
  explicit LogFailure(std::string what) : what_(std::move(what)) {}
  void operator()(const std::exception_ptr& failure) const {
    if (failure) Log(LogLevel::kError, "a task ended with an exception", {{"task", what_}, {"cause", WhatOf(failure)}});
  }

 private:
  std::string what_;
};

}  // namespace insula
