#include "tenancy/state/restored_definition.h"

#include "tenancy/state/engine_schema.h"

namespace insula::tenancy {

TableDefinition RestoredDefinition(const TableDefinition& source, std::string name) {
  TableDefinition restored;
  restored.name = std::move(name);
  auto schema = std::make_shared<TableSchema>();
  schema->key = source.schema->key;
  for (const IndexSchema& index : EngineSchema(source)->indexes) {
    schema->indexes.push_back(index);
    if (index.local()) continue;
    IndexSettings& settings = restored.index_settings[index.name];
    const auto found = source.index_settings.find(index.name);
    if (found == source.index_settings.end()) continue;
    settings.throughput = found->second.throughput;
    settings.on_demand = found->second.on_demand;
  }
  restored.schema = std::move(schema);
  restored.attribute_definitions = source.attribute_definitions;
  restored.billing_mode = source.billing_mode;
  restored.last_on_demand_at =
      source.billing_mode == BillingMode::kPayPerRequest ? source.last_on_demand_at : std::nullopt;
  restored.throughput = source.throughput;
  restored.on_demand = source.on_demand;
  restored.sse_kms_key = source.sse_kms_key;
  restored.sse_enabled = source.sse_enabled;
  return restored;
}

}  // namespace insula::tenancy
