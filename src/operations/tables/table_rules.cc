#include "operations/tables/table_rules.h"

#include "operations/core/refusal.h"
#include "operations/tables/index_rules.h"
#include "operations/tables/settings_rules.h"
#include "operations/tables/throughput_rules.h"
#include "operations/tables/vector_index_rules.h"

namespace insula::operations {
namespace {

BillingMode ModeOf(const CreateTableInput& input) { return input.billing_mode.value_or(BillingMode::kProvisioned); }

Result<void> CheckBilling(const CreateTableInput& input) {
  if (ModeOf(input) == BillingMode::kPayPerRequest) {
    if (!input.throughput) return {};
    return Invalid(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (!input.throughput || input.throughput->read == 0 || input.throughput->write == 0) {
    return Invalid("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
  }
  return CheckRepresentable(*input.throughput);
}

const std::vector<IndexInput>& GlobalIndexesOf(const CreateTableInput& input) {
  static const std::vector<IndexInput> none;
  return input.global_indexes ? *input.global_indexes : none;
}

std::vector<IndexSchema> IndexSchemasOf(const CreateTableInput& input) {
  std::vector<IndexSchema> schemas;
  if (input.local_indexes) {
    for (const IndexInput& index : *input.local_indexes) {
      schemas.push_back(IndexSchemaOf(index, IndexKind::kLocal, input.attribute_definitions));
    }
  }
  for (const IndexInput& index : GlobalIndexesOf(input)) {
    schemas.push_back(IndexSchemaOf(index, IndexKind::kGlobal, input.attribute_definitions));
  }
  if (input.vector_indexes) {
    for (const VectorIndexInput& index : *input.vector_indexes) {
      schemas.push_back(VectorIndexSchemaOf(index, input.attribute_definitions));
    }
  }
  return schemas;
}

Result<void> CheckExtraThroughput(const CreateTableInput& input, BillingMode mode) {
  if (input.on_demand) INSULA_TRY(CheckOnDemand(*input.on_demand, mode, "", false));
  if (input.warm) INSULA_TRY(CheckNewWarm(*input.warm, mode, input.throughput.value_or(Throughput()), ""));
  for (const IndexInput& index : GlobalIndexesOf(input)) {
    if (index.on_demand) INSULA_TRY(CheckOnDemand(*index.on_demand, mode, index.name, false));
    if (index.warm) INSULA_TRY(CheckNewWarm(*index.warm, mode, index.throughput.value_or(Throughput()), index.name));
  }
  return {};
}

Result<void> CheckQuotas(const CreateTableInput& input, std::string_view region) {
  if (input.throughput) INSULA_TRY(CheckCapacityMaximum(*input.throughput, "", region));
  for (const IndexInput& index : GlobalIndexesOf(input)) {
    if (index.throughput) INSULA_TRY(CheckCapacityMaximum(*index.throughput, index.name, region));
  }
  return {};
}

Result<void> CheckNewTags(const Tags& tags) {
  INSULA_TRY(CheckTags(tags));
  if (tags.size() > kTagsMax) {
    return ValidationError("Number of Tags exceed the current limit for the provided ResourceArn");
  }
  return {};
}

}  // namespace

Result<void> CheckCreateTable(const CreateTableInput& input, std::string_view region) {
  BillingMode mode = ModeOf(input);
  INSULA_TRY(CheckBilling(input));
  INSULA_TRY(CheckTableKeys(input));
  INSULA_TRY(CheckIndexes(input, mode));
  INSULA_TRY(CheckProjectedAttributes(IndexSchemasOf(input)));
  if (input.stream) INSULA_TRY(CheckNewStream(*input.stream));
  if (input.sse) INSULA_TRY(CheckSse(*input.sse));
  if (input.table_class) INSULA_TRY(CheckTableClass(*input.table_class));
  INSULA_TRY(CheckExtraThroughput(input, mode));
  if (input.tags) INSULA_TRY(CheckNewTags(*input.tags));
  return CheckQuotas(input, region);
}

Result<void> CheckSettled(const TableDefinition& definition) {
  if (definition.status == TableStatus::kCreating) return InUse("Table is being created: {}", definition.name);
  if (definition.status == TableStatus::kDeleting) return InUse("Table is being deleted: {}", definition.name);
  return {};
}

TableDefinition DefinitionOf(const CreateTableInput& input, WallTime now) {
  TableDefinition definition;
  definition.name = input.table_name;
  definition.attribute_definitions = input.attribute_definitions;

  auto schema = std::make_shared<TableSchema>();
  schema->key = KeySchemaOf(input.keys, input.attribute_definitions);
  schema->indexes = IndexSchemasOf(input);
  schema->log_changes = input.stream && input.stream->enabled;
  definition.schema = std::move(schema);

  definition.billing_mode = ModeOf(input);
  if (input.throughput) definition.throughput = *input.throughput;
  definition.on_demand = input.on_demand;
  definition.warm = WarmOf(input.warm, definition.billing_mode, definition.throughput);
  if (definition.billing_mode == BillingMode::kPayPerRequest) definition.last_on_demand_at = now;
  for (const IndexInput& index : GlobalIndexesOf(input)) {
    IndexSettings settings;
    if (index.throughput) settings.throughput = *index.throughput;
    settings.on_demand = index.on_demand;
    settings.warm = WarmOf(index.warm, definition.billing_mode, settings.throughput);
    definition.index_settings.emplace(index.name, std::move(settings));
  }

  definition.deletion_protection = input.deletion_protection.value_or(false);
  definition.table_class = input.table_class;
  if (input.sse && AsksForKey(*input.sse)) {
    definition.sse_enabled = true;
    definition.sse_kms_key = input.sse->kms_key;
  }
  if (input.tags) {
    for (const auto& [key, value] : *input.tags) definition.tags[key] = *value;
  }
  if (input.stream && input.stream->enabled) {
    definition.stream.enabled = true;
    definition.stream.view = *input.stream->view;
  }
  return definition;
}

}  // namespace insula::operations
