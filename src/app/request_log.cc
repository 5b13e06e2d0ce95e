#include "app/request_log.h"

#include <string>

#include "app/logging.h"

namespace insula::app {
namespace {

using api::AccessRecord;

void LogRequest(const AccessRecord& record) {
  const LogLevel level = record.status >= 500 ? LogLevel::kError : record.refused ? LogLevel::kWarn : LogLevel::kInfo;
  Log(level, "request",
      {{"request_id", std::string(record.request_id)},
       {"context", std::string(record.context)},
       {"access_key", std::string(record.access_key_id)},
       {"operation", std::string(record.operation)},
       {"status", std::to_string(record.status)},
       {"error", std::string(record.error)},
       {"cause", std::string(record.cause)},
       {"us", std::to_string(record.duration.count())},
       {"in", std::to_string(record.request_bytes)},
       {"out", std::to_string(record.response_bytes)},
       {"from", std::string(record.remote_address)}});
}

}  // namespace

std::function<void(const AccessRecord&)> RequestLog(const Settings& settings) {
  if (settings.log_requests == "none") return {};
  if (settings.log_requests == "all") return LogRequest;
  return [](const AccessRecord& record) {
    if (record.status >= 500 || (record.refused && !record.error.empty())) LogRequest(record);
  };
}

}  // namespace insula::app
