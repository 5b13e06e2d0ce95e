#include "app/logging.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>

#include "base/printable.h"
#include "wire/json_writer.h"

namespace insula::app {
namespace {

struct State {
  std::mutex mutex;
  bool json = false;
  std::string file;
  std::shared_ptr<spdlog::logger> logger;
};
State& TheState() {
  static State state;
  return state;
}

// A file sink of its own each time, so that a rename followed by SIGHUP starts a new file.
Result<std::shared_ptr<spdlog::logger>> MakeLogger(const std::string& file) {
  // spdlog throws where a file can't be opened.
  try {
    spdlog::sink_ptr sink;
    if (file.empty()) {
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    }
    return std::make_shared<spdlog::logger>("insula", std::move(sink));
  } catch (const spdlog::spdlog_ex& error) {
    return Error{ErrorCode::kIo, fmt::format("cannot write the log to {}: {}", file, error.what())};
  }
}

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

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

// Values with blanks, quotes or control characters are quoted as JSON does, so that a line stays one event.
void AppendTextValue(std::string* line, std::string_view value) {
  const bool plain = !value.empty() && value.find_first_of(" \"=\\") == std::string_view::npos &&
                     std::all_of(value.begin(), value.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
  if (plain) {
    line->append(value);
  } else {
    wire::JsonWriter(line).String(value);
  }
}

}  // namespace

Result<void> StartLogging(const Settings& settings) {
  INSULA_ASSIGN(auto logger, MakeLogger(settings.log_file));
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::from_str(settings.log_level == "error" ? "err" : settings.log_level));
  logger->flush_on(spdlog::level::info);
  State& state = TheState();
  const std::lock_guard lock(state.mutex);
  state.json = settings.log_format == "json";
  state.file = settings.log_file;
  state.logger = std::move(logger);
  return {};
}

void ReopenLog() {
  State& state = TheState();
  const std::lock_guard lock(state.mutex);
  if (state.logger == nullptr || state.file.empty()) return;
  auto logger = MakeLogger(state.file);
  if (!logger.ok()) return;  // better the old file than none
  (*logger)->set_pattern("%v");
  (*logger)->set_level(state.logger->level());
  (*logger)->flush_on(spdlog::level::info);
  state.logger = std::move(*logger);
}

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  State& state = TheState();
  std::shared_ptr<spdlog::logger> logger;
  bool json = false;
  {
    const std::lock_guard lock(state.mutex);
    logger = state.logger;
    json = state.json;
  }
  if (logger == nullptr || !logger->should_log(LevelOf(level))) return;
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto milliseconds = now.time_since_epoch().count() % 1000;
  const std::string time =
      fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), milliseconds);
  std::string line;
  if (json) {
    wire::JsonWriter writer(&line);
    writer.BeginObject();
    writer.StringField("time", time);
    writer.StringField("level", NameOf(level));
    writer.StringField("message", Printable(message));
    for (const auto& [name, value] : fields) writer.StringField(name, Printable(value));
    writer.EndObject();
  } else {
    line = fmt::format("{} {:<5} {}", time, NameOf(level), Printable(message));
    for (const auto& [name, value] : fields) {
      line += ' ';
      line += name;
      line += '=';
      AppendTextValue(&line, Printable(value));
    }
  }
  logger->log(LevelOf(level), line);
}

}  // namespace insula::app
