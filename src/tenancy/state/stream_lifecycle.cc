#include "tenancy/state/stream_lifecycle.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace insula::tenancy {
namespace {

// What a small table's consumers expect; a busy one's are split (control/shard_splitter.h).
constexpr std::uint32_t kLanesAtFirst = 1;

// Each costs some hundred bytes of the table's record, and takes an UpdateTable to make.
constexpr std::size_t kFormerStreamsMax = 50;

bool IsReadable(const StreamSettings& stream, const StreamTimes& times) {
  if (stream.label.empty()) return false;
  return stream.enabled || !stream.disabled_at || *stream.disabled_at + times.kept > times.now;
}

void Begin(StreamViewType view, WallTime now, TableDefinition* definition) {
  const auto taken = [&](const std::string& label) {
    return label == definition->stream.label ||
           std::ranges::any_of(definition->former_streams, [&](const auto& former) { return former.label == label; });
  };
  StreamSettings stream;
  stream.enabled = true;
  stream.view = view;
  stream.enabled_at = now;
  stream.lanes.first = kLanesAtFirst;
  stream.label = StreamLabelOf(now);
  for (WallTime later = now; taken(stream.label); later += std::chrono::milliseconds(1)) {
    stream.label = StreamLabelOf(later);
  }
  definition->stream = std::move(stream);
}

void End(WallTime now, StreamSettings* stream) {
  stream->enabled = false;
  stream->lanes.planned_split.reset();
  stream->disabled_at = now;
}

}  // namespace

std::string StreamLabelOf(WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time - seconds);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}", fmt::gmtime(seconds), milliseconds.count());
}

void BeginFirstStream(WallTime now, TableDefinition* definition) {
  const bool wanted = definition->stream.enabled;
  const StreamViewType view = definition->stream.view;
  definition->stream = StreamSettings();
  definition->former_streams.clear();
  if (!wanted) return;
  Begin(view, now, definition);
  definition->stream.first = 1;
}

void FollowStreams(const TableDefinition& before, const StreamTimes& times, TableDefinition* after) {
  const bool wanted = after->stream.enabled;
  const StreamViewType view = after->stream.view;
  after->stream = before.stream;
  after->former_streams = before.former_streams;
  std::erase_if(after->former_streams, [&](const StreamSettings& former) { return !IsReadable(former, times); });
  if (before.stream.enabled && wanted && before.stream.view == view) return;
  if (before.stream.enabled) End(times.now, &after->stream);
  if (!wanted) return;
  if (IsReadable(after->stream, times)) after->former_streams.push_back(after->stream);
  if (after->former_streams.size() > kFormerStreamsMax) after->former_streams.erase(after->former_streams.begin());
  Begin(view, times.now, after);
}

void SettleStreams(const ChangeMarks& marks, TableDefinition* definition) {
  StreamSettings& stream = definition->stream;
  if (stream.enabled && stream.first == 0) stream.first = marks.before;
  if (!stream.enabled && !stream.label.empty() && !stream.last) stream.last = marks.after - 1;
  for (StreamSettings& former : definition->former_streams) {
    // Another stream followed at once, and begins where this one ends.
    if (!former.last) former.last = marks.before - 1;
  }
}

void EndStreams(WallTime now, std::uint64_t next, TableDefinition* definition) {
  if (definition->stream.enabled) End(now, &definition->stream);
  SettleStreams({next, next}, definition);
}

std::vector<StreamSettings> ReadableStreams(const TableDefinition& definition, const StreamTimes& times) {
  std::vector<StreamSettings> streams;
  for (const StreamSettings& former : definition.former_streams) {
    if (IsReadable(former, times)) streams.push_back(former);
  }
  if (IsReadable(definition.stream, times)) streams.push_back(definition.stream);
  return streams;
}

std::optional<WallTime> ChangesKeptSince(const TableDefinition& definition, const StreamTimes& times) {
  std::optional<WallTime> since;
  if (!ReadableStreams(definition, times).empty()) since = times.now - times.kept;
  if (definition.point_in_time_days) {
    const WallTime for_restore = times.now - std::chrono::days(*definition.point_in_time_days);
    since = since ? std::min(*since, for_restore) : for_restore;
  }
  return since;
}

}  // namespace insula::tenancy
