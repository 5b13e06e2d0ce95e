#include "tenancy/state/engine_schema.h"

namespace insula::tenancy {

std::shared_ptr<const TableSchema> EngineSchema(const TableDefinition& definition) {
  const auto deleting = [&](const IndexSchema& index) {
    const auto settings = definition.index_settings.find(index.name);
    return settings != definition.index_settings.end() && settings->second.status == IndexStatus::kDeleting;
  };
  for (const IndexSchema& index : definition.schema->indexes) {
    if (!deleting(index)) continue;
    auto schema = std::make_shared<TableSchema>(*definition.schema);
    std::erase_if(schema->indexes, deleting);
    return schema;
  }
  return definition.schema;
}

}  // namespace insula::tenancy
