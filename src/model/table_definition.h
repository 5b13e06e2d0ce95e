// A table as its owner defined it and DescribeTable shows it.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/table_schema.h"

namespace insula {

enum class TableStatus : std::uint8_t { kCreating, kUpdating, kActive, kDeleting };
// Neither being created nor deleted: there for operations on items.
constexpr bool IsSettled(TableStatus status) {
  return status != TableStatus::kCreating && status != TableStatus::kDeleting;
}
enum class IndexStatus : std::uint8_t { kCreating, kUpdating, kActive, kDeleting };
enum class BillingMode : std::uint8_t { kProvisioned, kPayPerRequest };
enum class ContributorInsightsMode : std::uint8_t { kAccessedAndThrottledKeys, kThrottledKeys };
enum class StreamViewType : std::uint8_t { kKeysOnly, kNewImage, kOldImage, kNewAndOldImages };

std::string_view NameOf(TableStatus status);
std::string_view NameOf(IndexStatus status);
std::string_view NameOf(BillingMode mode);
std::string_view NameOf(StreamViewType type);
std::string_view NameOf(ContributorInsightsMode mode);

// Tables for base/enum_names.h.
std::span<const std::string_view> AllNames(TableStatus);
std::span<const std::string_view> AllNames(IndexStatus);
std::span<const std::string_view> AllNames(BillingMode);
std::span<const std::string_view> AllNames(StreamViewType);
std::span<const std::string_view> AllNames(ContributorInsightsMode);

struct Throughput {  // capacity units per second; 0/0 under PAY_PER_REQUEST
  std::int64_t read = 0;
  std::int64_t write = 0;
  bool operator==(const Throughput&) const = default;
};

struct OnDemandThroughput {  // -1: no maximum
  std::optional<std::int64_t> max_read;
  std::optional<std::int64_t> max_write;
  bool operator==(const OnDemandThroughput&) const = default;
};

// Of a table or a global index: whether its busiest keys are found out.
struct ContributorInsights {
  bool enabled = false;
  ContributorInsightsMode mode = ContributorInsightsMode::kAccessedAndThrottledKeys;
  std::optional<WallTime> enabled_at;  // last time; rules are named by it
  std::optional<WallTime> updated_at;  // last change of any kind; unset: there was none
};

// What an index has beside its schema, by index name.
struct IndexSettings {
  IndexStatus status = IndexStatus::kActive;
  Throughput throughput;
  std::optional<WallTime> last_increase_at, last_decrease_at;
  std::int64_t decreases_today = 0;  // on the UTC day of last_decrease_at
  // While UPDATING: which of the times are set again when the change has taken effect. Not kept across a restart.
  bool increasing = false, decreasing = false;
  std::optional<OnDemandThroughput> on_demand;
  std::optional<Throughput> warm;
  ContributorInsights insights;
};

// How a stream's changes are divided among shards that are open at one time: into lanes, each of which has an equal
// range of the keys' hashes.
struct StreamLanes {
  static constexpr std::uint32_t kUnkept = 4;  // of streams that were made before the number was kept

  std::uint32_t first = kUnkept;      // how many there are at first
  std::vector<std::uint64_t> splits;  // sequences in order: from each of these changes on, twice as many as before
  // Where the next split is to be. Until it is certain that nobody has read that far, nobody does, and it is none yet.
  std::optional<std::uint64_t> planned_split;
  bool operator==(const StreamLanes&) const = default;
};

// A stream: the part of the table's change log between its enabling and its disabling.
struct StreamSettings {
  bool enabled = false;
  StreamViewType view = StreamViewType::kNewAndOldImages;
  std::string label;      // "2026-11-23T12:00:00.000": the last part of the stream's ARN; empty: there was none yet
  WallTime enabled_at{};  // when that was asked for
  std::optional<WallTime> disabled_at;
  std::uint64_t first = 0;            // sequence of its first record; 0 until the engine logs for it
  std::optional<std::uint64_t> last;  // of its last one; none until the engine has stopped logging for it
  StreamLanes lanes;
  bool operator==(const StreamSettings&) const = default;
};

struct TimeToLive {
  std::string attribute_name;  // the last one it was enabled for
  bool enabled = false;
  bool settling = false;               // the engine is still following: ENABLING or DISABLING
  std::optional<WallTime> changed_at;  // by UpdateTimeToLive
};
std::string_view StatusOf(const TimeToLive& ttl);  // "ENABLING", "ENABLED" …

// A value. Immutable once shared; a change makes a new one with schema->epoch grown.
struct TableDefinition {
  std::string name;  // logical
  std::string id;    // TableId, a UUID
  TableStatus status = TableStatus::kCreating;
  WallTime created_at{};
  std::shared_ptr<const TableSchema> schema;
  std::vector<KeyAttribute> attribute_definitions;  // in the order given

  BillingMode billing_mode = BillingMode::kProvisioned;
  std::optional<WallTime> last_on_demand_at;  // BillingModeSummary
  Throughput throughput;
  std::optional<WallTime> last_increase_at, last_decrease_at;
  std::int64_t decreases_today = 0;             // on the UTC day of last_decrease_at
  bool increasing = false, decreasing = false;  // as of an index
  std::optional<OnDemandThroughput> on_demand;
  std::optional<Throughput> warm;
  std::map<std::string, IndexSettings> index_settings;

  bool deletion_protection = false;
  std::optional<std::string> table_class;  // "STANDARD", "STANDARD_INFREQUENT_ACCESS"
  std::optional<WallTime> table_class_updated_at;
  std::optional<std::string> sse_kms_key;  // set: SSEDescription is shown
  bool sse_enabled = false;
  std::map<std::string, std::string> tags;
  StreamSettings stream;                       // the latest
  std::vector<StreamSettings> former_streams;  // that may still be read, in order
  bool ever_logged = false;                    // there is, or was once, a change log
  TimeToLive ttl;
  ContributorInsights insights;
  std::optional<std::int64_t> point_in_time_days;  // set: point-in-time recovery is on
};

// The index of this name, or nullptr if there is none or it is being deleted: what may be read is neither.
const IndexSchema* FindLiveIndex(const TableDefinition& definition, std::string_view name);

// Attribute definitions name what the table and its indexes are looked up by, and nothing else: those of an index that
// is gone go with it.
void ForgetUnusedAttributes(TableDefinition* definition);

}  // namespace insula
