// Limits of provisioned, on-demand and warm throughput, and how often it may be lowered, in DynamoDB's words.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/table_definition.h"
#include "operations/tables/table_input.h"

namespace insula::operations {

inline constexpr std::int64_t kTableCapacityUnitsMax = 40'000;
inline constexpr std::int64_t kAccountCapacityUnitsMax = 80'000;
inline constexpr std::int64_t kCapacityUnitsRepresentableMax = 1'000'000'000'000;
// What a table can serve at once when it is new and billed by request.
inline constexpr Throughput kOnDemandInitial{12'000, 4'000};

// "Given value … for ReadCapacityUnits is out of bounds".
Result<void> CheckRepresentable(const Throughput& throughput);
// LimitExceededException: "The requested ReadCapacityUnits, …, is above the per table maximum …". `index` is empty for
// the table itself.
Result<void> CheckCapacityMaximum(const Throughput& throughput, std::string_view index, std::string_view region);

// `minus_one` allows -1, which clears a maximum. ValidationException.
Result<void> CheckOnDemand(const OnDemandThroughput& on_demand, BillingMode mode, std::string_view index,
                           bool minus_one);
// Of a new table or index. ValidationException.
Result<void> CheckNewWarm(const WarmInput& warm, BillingMode mode, const Throughput& throughput,
                          std::string_view index);
// Of an existing one: it never gets lower. ValidationException.
Result<void> CheckWarmChange(const WarmInput& warm, const Throughput& current, std::string_view index);

// What a table or index that is new can serve at once.
Throughput WarmOf(const std::optional<WarmInput>& warm, BillingMode mode, const Throughput& throughput);
// The member-wise maximum.
Throughput Larger(const Throughput& a, const Throughput& b);

// When throughput last went up and down.
struct ThroughputHistory {
  std::optional<WallTime>& last_increase_at;
  std::optional<WallTime>& last_decrease_at;
  std::int64_t& decreases_today;
};
// Decreases on the UTC day of `now`.
std::int64_t DecreasesToday(std::int64_t counted, const std::optional<WallTime>& last_decrease_at, WallTime now);
// Sets `current`, notes the time. LimitExceededException beyond four decreases a day and one an hour after those.
Result<void> ChangeThroughput(const Throughput& requested, Throughput* current, ThroughputHistory history,
                              WallTime now);

}  // namespace insula::operations
