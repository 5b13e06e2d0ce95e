// Keeps what is logged while it lives, for tests. One at a time.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/mutex.h"

namespace insula {

class LogCapture {
 public:
  LogCapture() : former_(SetLogSink(sink_)) {}
  ~LogCapture() { SetLogSink(std::move(former_)); }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  // Since the last call: "warn the message; field=value, other=value".
  std::vector<std::string> Take() {
    const MutexLock lock(sink_->mutex);
    return std::exchange(sink_->lines, {});
  }

 private:
  struct Sink final : LogSink {
    void Write(LogLevel level, std::string_view message, std::span<const LogField> fields) override {
      std::string line = std::string(NameOf(level)) + " " + std::string(message);
      for (std::string_view separator = "; "; const auto& [name, value] : fields) {
        line.append(separator).append(name).append("=").append(value);
        separator = ", ";
      }
      const MutexLock lock(mutex);
      lines.push_back(std::move(line));
    }
    Mutex mutex;
    std::vector<std::string> lines INSULA_GUARDED_BY(mutex);
  };

  const std::shared_ptr<Sink> sink_ = std::make_shared<Sink>();
  std::shared_ptr<LogSink> former_;
};

}  // namespace insula
