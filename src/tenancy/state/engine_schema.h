// The schema that the engine follows: a definition's, without the indexes that are being deleted. Internal to the room.
#pragma once

#include <memory>

#include "model/table_definition.h"

namespace insula::tenancy {

std::shared_ptr<const TableSchema> EngineSchema(const TableDefinition& definition);

}  // namespace insula::tenancy
