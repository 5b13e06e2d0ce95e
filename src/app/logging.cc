#include "app/logging.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "base/log_queue.h"
#include "base/mutex.h"
#include "base/printable.h"
#include "wire/json_writer.h"

namespace insula::app {
namespace {

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
    auto logger = std::make_shared<spdlog::logger>("insula", std::move(sink));
    logger->set_pattern("%v");
    logger->flush_on(spdlog::level::info);
    return logger;
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

class ServerLog final : public LogSink {
 public:
  ServerLog(std::shared_ptr<spdlog::logger> logger, std::string file, bool json)
      : file_(std::move(file)), json_(json), logger_(std::move(logger)) {}

  void Write(LogLevel level, std::string_view message, std::span<const LogField> fields) override {
    const std::shared_ptr<spdlog::logger> logger = Logger();
    if (logger->should_log(LevelOf(level))) logger->log(LevelOf(level), LineOf(level, message, fields));
  }

  void Reopen() {
    if (file_.empty()) return;
    auto logger = MakeLogger(file_);
    if (!logger.ok()) return;  // better the old file than none
    (*logger)->set_level(Logger()->level());
    const MutexLock lock(mutex_);
    logger_ = std::move(*logger);
  }

 private:
  std::shared_ptr<spdlog::logger> Logger() const {
    const MutexLock lock(mutex_);
    return logger_;
  }

  std::string LineOf(LogLevel level, std::string_view message, std::span<const LogField> fields) const {
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto milliseconds = now.time_since_epoch().count() % 1000;
    const std::string time = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                                         fmt::gmtime(std::chrono::system_clock::to_time_t(now)), milliseconds);
    std::string line;
    if (json_) {
      wire::JsonWriter writer(&line);
      writer.BeginObject();
      writer.StringField("time", time);
      writer.StringField("level", NameOf(level));
      writer.StringField("message", Printable(message));
      for (const auto& [name, value] : fields) writer.StringField(name, Printable(value));
      writer.EndObject();
      return line;
    }
    line = fmt::format("{} {:<5} {}", time, NameOf(level), Printable(message));
    for (const auto& [name, value] : fields) {
      line += ' ';
      line += name;
      line += '=';
      AppendTextValue(&line, Printable(value));
    }
    return line;
  }

  const std::string file_;
  const bool json_;
  mutable Mutex mutex_;
  std::shared_ptr<spdlog::logger> logger_ INSULA_GUARDED_BY(mutex_);
};

// The process's, for ReopenLog. Of the thread that starts and reopens the log.
std::shared_ptr<ServerLog>& TheLog() {
  static auto* const log = new std::shared_ptr<ServerLog>;
  return *log;
}

}  // namespace

Result<void> StartLogging(const Settings& settings) {
  INSULA_ASSIGN(auto logger, MakeLogger(settings.log_file));
  logger->set_level(spdlog::level::from_str(settings.log_level == "error" ? "err" : settings.log_level));
  TheLog() = std::make_shared<ServerLog>(std::move(logger), settings.log_file, settings.log_format == "json");
  SetLogSink(std::make_shared<LogQueue>(TheLog()));
  return {};
}

void StopLogging() { SetLogSink(nullptr); }

void ReopenLog() {
  if (TheLog() != nullptr) TheLog()->Reopen();
}

}  // namespace insula::app
