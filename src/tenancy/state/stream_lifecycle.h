// How the streams of a table come and go. A stream begins and ends with sequences of the change log, which only the
// engine's follower knows: until it has followed, a stream is being enabled or disabled. Pure functions. Internal to
// the room.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/table_definition.h"
#include "tenancy/state/change_marks.h"

namespace insula::tenancy {

// `kept`: how long a stream and its records stay readable.
struct StreamTimes {
  WallTime now{};
  std::chrono::seconds kept{};
};

// "2026-11-23T12:00:00.000"
std::string StreamLabelOf(WallTime time);

// Of a new table: a stream that it is made with has all of the log.
void BeginFirstStream(WallTime now, TableDefinition* definition);
// `after`, an edited copy of `before`, says in `stream` whether and with which view a stream is wanted: begins one,
// ends one, or both. Forgets former ones that can't be read any more, and the oldest where they are too many.
void FollowStreams(const TableDefinition& before, const StreamTimes& times, TableDefinition* after);
// The engine has followed: what began or ended has its bounds.
void SettleStreams(const ChangeMarks& marks, TableDefinition* definition);
// The table is gone: its stream ended with the change before `next`.
void EndStreams(WallTime now, std::uint64_t next, TableDefinition* definition);

// Those that can be read or soon will be, the oldest first.
std::vector<StreamSettings> ReadableStreams(const TableDefinition& definition, const StreamTimes& times);

// From when on a table's changes must be kept: as long as streams are, or as point in time asks, whichever is longer.
// nullopt: nothing needs them.
std::optional<WallTime> ChangesKeptSince(const TableDefinition& definition, const StreamTimes& times);

}  // namespace insula::tenancy
