// Which engine an account's tables are on, and whether it can have a table. Internal to the room.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "model/engine_capabilities.h"
#include "model/table_definition.h"

namespace insula::tenancy {

// nullptr: there is none of this name.
const EngineCapabilities* FindEngine(std::span<const EngineCapabilities> engines, std::string_view name);

// ValidationException for what the definition has and the engine hasn't.
Result<void> CheckFits(const TableDefinition& definition, const EngineCapabilities& engine);

}  // namespace insula::tenancy
