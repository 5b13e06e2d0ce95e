// What a restored table has of the one it is restored from. Internal to the room.
#pragma once

#include <string>

#include "model/table_definition.h"

namespace insula::tenancy {

// Keys, indexes, throughput and encryption. Not class, tags, time to live, stream, point-in-time recovery, deletion
// protection, which a restored table doesn't get.
TableDefinition RestoredDefinition(const TableDefinition& source, std::string name);

}  // namespace insula::tenancy
