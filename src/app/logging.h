// The server's log: one line per event with named fields, as text for people or as JSON for machines. Never a
// secret, never an item.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "app/settings.h"
#include "base/result.h"

namespace insula::app {

using LogField = std::pair<std::string_view, std::string>;

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

// Sets level, format and destination of the process's log. InvalidArgument or Io if the file can't be opened.
Result<void> StartLogging(const Settings& settings);
// Opens the log file again, after it was renamed away. Nothing to do for standard error.
void ReopenLog();

// Safe from any thread.
void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

}  // namespace insula::app
