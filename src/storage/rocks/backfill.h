// Fills a new index: every item, under its lock, gets the entry it lacks.
#pragma once

#include <cstdint>
#include <stop_token>

#include "storage/rocks/engine_parts.h"

namespace insula::storage::rocks {

// Precondition: writers follow a schema in which `index` is backfilling. Resumable: entries that are there stay.
// ServiceUnavailable once `stop` was requested.
Task<Result<void>> Backfill(EngineParts* parts, TableRef table, std::uint16_t index, std::stop_token stop);

}  // namespace insula::storage::rocks
