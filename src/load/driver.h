// Sends requests over N connections from one thread, each as soon as the one before it is answered, and times them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "http/client.h"
#include "load/histogram.h"

namespace insula::load {

// What one connection is to send next. `bytes` stays valid until the next call. nullptr: nothing more.
struct NextRequest {
  const std::string* bytes = nullptr;
  bool write = false;
};
using RequestSource = std::function<NextRequest(std::size_t connection)>;

struct DriverOptions {
  http::Url url;
  bool tls_verify = true;
  std::size_t connections = 64;
  std::chrono::milliseconds warmup{0};    // answers before its end aren't counted
  std::chrono::milliseconds duration{0};  // after the warm-up; 0: until the source has nothing more
  std::uint64_t operations = 0;           // counted ones to stop after; 0: no such end
};

struct DriverResult {
  LatencyHistogram reads;
  LatencyHistogram writes;
  std::map<std::string, std::uint64_t> errors;  // by DynamoDB's name, "HTTP 503", "connection"
  std::uint64_t bytes_received = 0;
  std::chrono::nanoseconds elapsed{};  // of the counted part
  std::string first_error;             // an example, body included
};

// ServiceUnavailable if not a single connection can be made.
Result<DriverResult> Drive(const DriverOptions& options, const RequestSource& source);

}  // namespace insula::load
