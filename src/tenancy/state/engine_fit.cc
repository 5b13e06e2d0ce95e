#include "tenancy/state/engine_fit.h"

#include <fmt/format.h>

#include <algorithm>

namespace insula::tenancy {
namespace {

Error DoesNotFit(const TableDefinition& definition, const EngineCapabilities& engine, std::string_view what) {
  return ValidationError(
      fmt::format("One or more parameter values were invalid: Table '{}' is kept by the engine '{}', "
                  "which has no {}",
                  definition.name, engine.name, what));
}

}  // namespace

const EngineCapabilities* FindEngine(std::span<const EngineCapabilities> engines, std::string_view name) {
  const auto found = std::ranges::find(engines, name, &EngineCapabilities::name);
  return found == engines.end() ? nullptr : &*found;
}

Result<void> CheckFits(const TableDefinition& definition, const EngineCapabilities& engine) {
  for (const IndexSchema& index : definition.schema->indexes) {
    if (index.local() && !engine.local_indexes) return DoesNotFit(definition, engine, "local secondary indexes");
    if (index.is_vector() && !engine.vector_indexes) return DoesNotFit(definition, engine, "vector indexes");
  }
  if (definition.stream.enabled && !engine.streams) return DoesNotFit(definition, engine, "streams");
  if (definition.point_in_time_days && !engine.streams) return DoesNotFit(definition, engine, "point-in-time recovery");
  return {};
}

}  // namespace insula::tenancy
