// How a table's definition goes through its life. Pure functions. Internal to the room.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "model/table_definition.h"
#include "tenancy/state/stream_lifecycle.h"

namespace insula::tenancy {

// A definition as it is right after CreateTable: CREATING, with an id, times and index ids.
TableDefinition InitialDefinition(TableDefinition given, std::string id, WallTime now, std::uint16_t* next_index_id);

// `after`, an edited copy of `before`, as it is right after UpdateTable. An index that it adds becomes CREATING and
// backfilling; one that it lacks stays as DELETING; time to live, if it changed, becomes ENABLING or DISABLING; streams
// begin and end; the schema's epoch grows if anything the engine follows changed. UPDATING if there is anything that
// takes effect later, else the status stays.
TableDefinition ChangedDefinition(const TableDefinition& before, TableDefinition after, const StreamTimes& times,
                                  std::uint16_t* next_index_id);

// Whether there is anything that the engine has yet to do for the table: an intent.
bool IsPending(const TableDefinition& definition);

// Whether the change of one into the other is one that DynamoDB shows as UPDATING for a while.
bool TakesEffectLater(const TableDefinition& before, const TableDefinition& after);

// Whether the change does no more than give up indexes that are being filled, which needn't wait until they are.
bool OnlyGivesUpIndexes(const TableDefinition& before, const TableDefinition& after);

// The definition once the engine has followed: ACTIVE, with time to live ENABLED or DISABLED, streams bounded by
// `marks` and `now` as the time of a change of throughput.
TableDefinition SettledDefinition(const TableDefinition& definition, const ChangeMarks& marks, WallTime now);

// `current` with what a template's `wanted` prescribes: global indexes, throughput, settings. nullopt if the two have
// other keys or local indexes, which no table can change.
std::optional<TableDefinition> UnderTemplate(const TableDefinition& current, const TableDefinition& wanted,
                                             WallTime now);
bool SameKeys(const TableDefinition& a, const TableDefinition& b);  // keys and local indexes

}  // namespace insula::tenancy
