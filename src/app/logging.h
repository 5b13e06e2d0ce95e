// Where the server's log goes: standard error or a file, one line per event, as text for people or as JSON for
// machines. What is written, and how, is base/log.h.
#pragma once

#include "app/settings.h"
#include "base/log.h"
#include "base/result.h"

namespace insula::app {

// Sets level, format and destination of the process's log. InvalidArgument or Io if the file can't be opened.
Result<void> StartLogging(const Settings& settings);
// Writes what is still to be written (base/log_queue.h); nothing is logged any more.
void StopLogging();

// Stops the log where a command ends, however it ends.
struct LoggingEnds {
  LoggingEnds() = default;
  ~LoggingEnds() { StopLogging(); }
  LoggingEnds(const LoggingEnds&) = delete;
  LoggingEnds& operator=(const LoggingEnds&) = delete;
};

// Opens the log file again, after it was renamed away. Nothing to do for standard error.
void ReopenLog();

}  // namespace insula::app
