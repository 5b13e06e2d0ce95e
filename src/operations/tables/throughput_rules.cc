#include "operations/tables/throughput_rules.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>

#include "operations/core/refusal.h"

namespace insula::operations {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::int64_t kDecreasesPerDay = 4;

Result<void> CheckRepresentable(std::string_view name, std::int64_t value) {
  if (value <= kCapacityUnitsRepresentableMax) return {};
  return ValidationError(fmt::format("Given value {} for {} is out of bounds", value, name));
}

Result<void> CheckMaximum(std::string_view name, std::int64_t value, std::string_view index, std::string_view region) {
  if (value <= kTableCapacityUnitsMax) return {};
  std::string what = index.empty() ? "" : fmt::format(" for index {},", index);
  std::string_view scope = index.empty() ? "table" : "index";
  return Error(ErrorCode::kLimitExceeded,
               fmt::format("The requested {}{} {}, is above the per {} maximum for the account in {}. Per {} maximum: "
                           "{}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request "
                           "higher limits.",
                           name, what.empty() ? "," : what, value, scope, region, scope, kTableCapacityUnitsMax));
}

// "table", "index : name" or "index name", as the message at hand wants it.
std::string TableOrIndex(std::string_view index, std::string_view separator) {
  return index.empty() ? "table" : fmt::format("index{}{}", separator, index);
}

Result<void> CheckOnDemandMember(std::string_view name, const std::optional<std::int64_t>& value, BillingMode mode,
                                 std::string_view index, bool minus_one) {
  if (!value) return {};
  if (mode == BillingMode::kProvisioned) {
    // UpdateTable's words, which alone takes -1, and those of whatever makes a table.
    std::string scope = index.empty() ? "" : fmt::format(" for index{}{}", minus_one ? " : " : ": ", index);
    return Invalid("{} for OnDemandThroughput{} cannot be specified when {}", name, scope,
                   minus_one ? "the table BillingMode is PROVISIONED" : "table BillingMode is PROVISIONED.");
  }
  if (*value >= 1 || (minus_one && *value == -1)) return {};
  return Invalid("Requested {} for OnDemandThroughput for {} is outside of valid range", name,
                 TableOrIndex(index, " : "));
}

Result<void> CheckNewWarmMember(std::string_view name, std::string_view capacity_name,
                                const std::optional<std::int64_t>& value, BillingMode mode, std::int64_t initial,
                                std::int64_t provisioned, std::string_view index) {
  if (!value) return {};
  if (mode == BillingMode::kPayPerRequest && *value < initial) {
    return Invalid(
        "Requested {} for WarmThroughput for {} is lower than initial throughput for OnDemand. See: "
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html"
        "#on-demand-capacity-mode-initial",
        name, TableOrIndex(index, " "));
  }
  if (mode == BillingMode::kProvisioned && *value < provisioned) {
    return Invalid("Requested {} for WarmThroughput for {} is lower than {} of ProvisionedThroughput", name,
                   TableOrIndex(index, " "), capacity_name);
  }
  return {};
}

Result<void> CheckWarmMember(std::string_view name, const std::optional<std::int64_t>& value, std::int64_t current,
                             std::string_view index) {
  if (!value || *value >= current) return {};
  return Invalid(
      "Requested {} for WarmThroughput for {} is lower than current WarmThroughput, decreasing "
      "WarmThroughput is not supported",
      name, TableOrIndex(index, " "));
}

// "Friday, October 9, 2026 at 1:21:34 AM Coordinated Universal Time"
std::string Spelled(WallTime time) {
  std::tm tm = fmt::gmtime(std::chrono::floor<std::chrono::seconds>(time));
  int hour = tm.tm_hour % 12 == 0 ? 12 : tm.tm_hour % 12;
  return fmt::format("{:%A, %B} {}, {} at {}:{:02}:{:02} {} Coordinated Universal Time", tm, tm.tm_mday,
                     tm.tm_year + 1900, hour, tm.tm_min, tm.tm_sec, tm.tm_hour < 12 ? "AM" : "PM");
}

Result<void> CheckDecreaseBudget(const ThroughputHistory& history, WallTime now) {
  std::int64_t today = DecreasesToday(history.decreases_today, history.last_decrease_at, now);
  if (today < kDecreasesPerDay) return {};
  WallTime midnight = std::chrono::floor<days>(now) + days(1);
  WallTime next = std::min(*history.last_decrease_at + hours(1), midnight);
  if (now >= next) return {};
  return Error(ErrorCode::kLimitExceeded,
               fmt::format("Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC "
                           "day. After the first 4 decreases, each subsequent decrease in the same UTC day can be "
                           "performed at most once every 3600 seconds. Number of decreases today: {}. Last decrease at "
                           "{}. Next decrease can be made at {}",
                           today, Spelled(*history.last_decrease_at), Spelled(next)));
}

}  // namespace

Result<void> CheckRepresentable(const Throughput& throughput) {
  INSULA_TRY(CheckRepresentable("ReadCapacityUnits", throughput.read));
  return CheckRepresentable("WriteCapacityUnits", throughput.write);
}

Result<void> CheckCapacityMaximum(const Throughput& throughput, std::string_view index, std::string_view region) {
  INSULA_TRY(CheckMaximum("ReadCapacityUnits", throughput.read, index, region));
  return CheckMaximum("WriteCapacityUnits", throughput.write, index, region);
}

Result<void> CheckOnDemand(const OnDemandThroughput& on_demand, BillingMode mode, std::string_view index,
                           bool minus_one) {
  INSULA_TRY(CheckOnDemandMember("MaxReadRequestUnits", on_demand.max_read, mode, index, minus_one));
  return CheckOnDemandMember("MaxWriteRequestUnits", on_demand.max_write, mode, index, minus_one);
}

Result<void> CheckNewWarm(const WarmInput& warm, BillingMode mode, const Throughput& throughput,
                          std::string_view index) {
  INSULA_TRY(CheckNewWarmMember("ReadUnitsPerSecond", "ReadCapacityUnits", warm.read, mode, kOnDemandInitial.read,
                                throughput.read, index));
  return CheckNewWarmMember("WriteUnitsPerSecond", "WriteCapacityUnits", warm.write, mode, kOnDemandInitial.write,
                            throughput.write, index);
}

Result<void> CheckWarmChange(const WarmInput& warm, const Throughput& current, std::string_view index) {
  INSULA_TRY(CheckWarmMember("ReadUnitsPerSecond", warm.read, current.read, index));
  return CheckWarmMember("WriteUnitsPerSecond", warm.write, current.write, index);
}

Throughput WarmOf(const std::optional<WarmInput>& warm, BillingMode mode, const Throughput& throughput) {
  Throughput floor = mode == BillingMode::kPayPerRequest ? kOnDemandInitial : throughput;
  if (!warm) return floor;
  return {warm->read.value_or(floor.read), warm->write.value_or(floor.write)};
}

Throughput Larger(const Throughput& a, const Throughput& b) {
  return {std::max(a.read, b.read), std::max(a.write, b.write)};
}

std::int64_t DecreasesToday(std::int64_t counted, const std::optional<WallTime>& last_decrease_at, WallTime now) {
  if (!last_decrease_at) return 0;
  return std::chrono::floor<days>(*last_decrease_at) == std::chrono::floor<days>(now) ? counted : 0;
}

Result<void> ChangeThroughput(const Throughput& requested, Throughput* current, ThroughputHistory history,
                              WallTime now) {
  bool down = requested.read < current->read || requested.write < current->write;
  bool up = requested.read > current->read || requested.write > current->write;
  if (down) INSULA_TRY(CheckDecreaseBudget(history, now));
  if (up) history.last_increase_at = now;
  if (down) {
    history.decreases_today = DecreasesToday(history.decreases_today, history.last_decrease_at, now) + 1;
    history.last_decrease_at = now;
  }
  *current = requested;
  return {};
}

}  // namespace insula::operations
