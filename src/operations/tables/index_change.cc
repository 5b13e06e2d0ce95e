#include "operations/tables/index_change.h"

#include <algorithm>
#include <set>

#include "operations/core/refusal.h"
#include "operations/tables/index_rules.h"
#include "operations/tables/throughput_rules.h"

namespace insula::operations {
namespace {

Result<void> CheckAction(const IndexUpdateInput& update) {
  if (update.actions() == 0) {
    return Invalid(
        "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
        "GlobalSecondaryIndexUpdate.Delete must not be null");
  }
  if (update.actions() > 1) {
    return Invalid("Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object");
  }
  return {};
}

Result<void> CheckCreate(const IndexInput& index, const UpdateTableInput& input) {
  if (!input.attribute_definitions || input.attribute_definitions->empty()) {
    return Invalid("AttributeDefinitions is not specified for index: {}", index.name);
  }
  INSULA_TRY(CheckIndexKeys(index, IndexKind::kGlobal, *input.attribute_definitions));
  return CheckIndexProjection(index.projection, index.non_key_attributes);
}

// The index that an update or a removal names. It must be a global one.
Result<const IndexSchema*> FindGlobal(const std::string& name, std::string_view verb,
                                      const TableDefinition& definition) {
  const IndexSchema* index = definition.schema->FindIndex(name);
  if (index == nullptr) return NoSuchIndex(name, definition);
  if (!index->global()) {
    return ValidationError(fmt::format("Cannot {} an index that is not a GlobalSecondaryIndex: {}", verb, name));
  }
  return index;
}

Error NothingWillChange(const std::string& index, const Throughput& current, const Throughput& requested) {
  return ValidationError(fmt::format(
      "The provisioned throughput for the index {} will not change. The requested value equals the current value. "
      "Current ReadCapacityUnits provisioned for the index: {}. Requested ReadCapacityUnits: {}. Current "
      "WriteCapacityUnits provisioned for the index: {}. Requested WriteCapacityUnits: {}. Refer to the Amazon "
      "DynamoDB "
      "Developer Guide for current limits and how to request higher limits.",
      index, current.read, requested.read, current.write, requested.write));
}

Result<void> CheckThroughputFits(const std::optional<Throughput>& throughput, const std::string& index,
                                 BillingMode mode) {
  if (mode == BillingMode::kPayPerRequest && throughput) {
    return Invalid(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: {} when BillingMode is "
        "PAY_PER_REQUEST",
        index);
  }
  return {};
}

// Of an index on demand there is less to update.
Result<void> CheckUpdateFits(const IndexUpdateInput::Update& update, BillingMode mode) {
  const bool says_on_demand = update.on_demand && (update.on_demand->max_read || update.on_demand->max_write);
  if (mode == BillingMode::kPayPerRequest && (update.throughput || (!says_on_demand && !update.warm))) {
    return Invalid(
        "The only Updates for index: {} when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, "
        "WarmThroughput",
        update.name);
  }
  return {};
}

Result<void> Update(const IndexUpdateInput::Update& update, std::string_view region, WallTime now,
                    TableDefinition* definition) {
  IndexSettings& settings = definition->index_settings[update.name];
  BillingMode mode = definition->billing_mode;
  INSULA_TRY(CheckUpdateFits(update, mode));
  if (update.throughput) {
    if (*update.throughput == settings.throughput) {
      return NothingWillChange(update.name, settings.throughput, *update.throughput);
    }
    INSULA_TRY(CheckCapacityMaximum(*update.throughput, update.name, region));
    ThroughputHistory history{settings.last_increase_at, settings.last_decrease_at, settings.decreases_today};
    INSULA_TRY(ChangeThroughput(*update.throughput, &settings.throughput, history, now));
    settings.warm = Larger(settings.warm.value_or(Throughput()), settings.throughput);
  }
  if (update.on_demand) {
    INSULA_TRY(CheckOnDemand(*update.on_demand, mode, update.name, true));
    OnDemandThroughput merged = settings.on_demand.value_or(OnDemandThroughput());
    auto merge = [](const std::optional<std::int64_t>& requested, std::optional<std::int64_t>* current) {
      if (requested) *current = *requested == -1 ? std::nullopt : requested;
    };
    merge(update.on_demand->max_read, &merged.max_read);
    merge(update.on_demand->max_write, &merged.max_write);
    settings.on_demand.reset();
    if (merged.max_read || merged.max_write) settings.on_demand = merged;
  }
  if (update.warm) {
    Throughput warm = settings.warm.value_or(Throughput());
    INSULA_TRY(CheckWarmChange(*update.warm, warm, update.name));
    settings.warm = {update.warm->read.value_or(warm.read), update.warm->write.value_or(warm.write)};
  }
  return {};
}

// "key{a:S:HASH}"
std::string Spelled(const KeyAttribute& attribute, std::string_view kind) {
  return fmt::format("Schema:[SchemaElement: key{{{}:{}:{}}}]", attribute.name, NameOf(attribute.type), kind);
}

Result<void> Create(const IndexInput& input, const std::vector<KeyAttribute>& definitions, std::string_view region,
                    TableDefinition* definition) {
  if (definition->schema->FindIndex(input.name) != nullptr) {
    return ValidationError("Attempting to create an index which already exists");
  }
  BillingMode mode = definition->billing_mode;
  INSULA_TRY(CheckThroughputFits(input.throughput, input.name, mode));
  if (mode == BillingMode::kProvisioned && !input.throughput) {
    return Invalid("Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: {}", input.name);
  }
  if (input.throughput) INSULA_TRY(CheckCapacityMaximum(*input.throughput, input.name, region));
  if (input.on_demand) INSULA_TRY(CheckOnDemand(*input.on_demand, mode, input.name, false));
  Throughput throughput = input.throughput.value_or(Throughput());
  if (input.warm) INSULA_TRY(CheckNewWarm(*input.warm, mode, throughput, input.name));

  IndexSchema index = IndexSchemaOf(input, IndexKind::kGlobal, definitions);
  index.backfilling = true;
  INSULA_TRY(MergeDefinitions(index, definition));
  auto schema = std::make_shared<TableSchema>(*definition->schema);
  schema->indexes.push_back(index);
  INSULA_TRY(CheckProjectedAttributes(schema->indexes));
  auto global = std::ranges::count_if(schema->indexes, &IndexSchema::global);
  if (static_cast<std::size_t>(global) > kGlobalIndexesMax) {
    return Error(ErrorCode::kLimitExceeded,
                 fmt::format("Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of "
                             "{}",
                             kGlobalIndexesMax));
  }
  definition->schema = std::move(schema);

  IndexSettings settings;
  settings.status = IndexStatus::kCreating;
  settings.throughput = throughput;
  settings.on_demand = input.on_demand;
  settings.warm = WarmOf(input.warm, mode, throughput);
  definition->index_settings.insert_or_assign(input.name, std::move(settings));
  return {};
}

IndexSettings SettingsOf(const TableDefinition& definition, const std::string& index) {
  auto found = definition.index_settings.find(index);
  return found == definition.index_settings.end() ? IndexSettings() : found->second;
}

// Puts an index that was removed back.
void ShowDeleting(const std::string& index, const TableDefinition& before, TableDefinition* after) {
  auto schema = std::make_shared<TableSchema>(*after->schema);
  if (schema->FindIndex(index) == nullptr) {
    schema->indexes.push_back(*before.schema->FindIndex(index));
    after->schema = std::move(schema);
  }
  IndexSettings settings = SettingsOf(before, index);
  settings.status = IndexStatus::kDeleting;
  after->index_settings.insert_or_assign(index, std::move(settings));
}

Result<void> CheckOneAtATime(const UpdateTableInput& input, const TableDefinition& definition) {
  auto online = std::ranges::count_if(*input.index_updates, [](const IndexUpdateInput& update) {
    return update.create.has_value() || update.remove.has_value();
  });
  if (online == 0) return {};
  if (online > 1) return OneIndexAtATime();
  const std::string& name = std::ranges::find_if(*input.index_updates, [](const IndexUpdateInput& update) {
                              return update.create.has_value() || update.remove.has_value();
                            })->index_name();
  for (const auto& [other, settings] : definition.index_settings) {
    if (other != name && IsChanging(settings)) return OneIndexAtATime();
  }
  return {};
}

}  // namespace

Error OneIndexAtATime() {
  return {ErrorCode::kLimitExceeded,
          "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"};
}

Error NoSuchIndex(const std::string& index, const TableDefinition& definition) {
  return {ErrorCode::kResourceNotFound,
          fmt::format("Requested resource not found: Index {} for table {}", index, definition.name)};
}

bool IsChanging(const IndexSettings& settings) {
  return settings.status == IndexStatus::kCreating || settings.status == IndexStatus::kDeleting;
}

Result<void> RemoveIndex(const std::string& name, TableDefinition* definition) {
  if (SettingsOf(*definition, name).status == IndexStatus::kDeleting) {
    return InUse("Index is being deleted.  Table: {} Index: {}", definition->name, name);
  }
  auto schema = std::make_shared<TableSchema>(*definition->schema);
  std::erase_if(schema->indexes, [&](const IndexSchema& other) { return other.name == name; });
  definition->schema = std::move(schema);
  definition->index_settings.erase(name);
  return {};
}

Result<void> MergeDefinitions(const IndexSchema& index, TableDefinition* definition) {
  auto merge = [&](const KeyAttribute& attribute, std::string_view kind) -> Result<void> {
    auto known = std::ranges::find(definition->attribute_definitions, attribute.name, &KeyAttribute::name);
    if (known == definition->attribute_definitions.end()) {
      definition->attribute_definitions.push_back(attribute);
    } else if (known->type != attribute.type) {
      return Invalid(
          "Attributes cannot be redefined. Please check that your attribute has the same type as previously "
          "defined. Existing schema: {} New schema: {}",
          Spelled(*known, kind), Spelled(attribute, kind));
    }
    return {};
  };
  for (const KeyAttribute& attribute : index.key.hash) INSULA_TRY(merge(attribute, "HASH"));
  for (const KeyAttribute& attribute : index.key.range) INSULA_TRY(merge(attribute, "RANGE"));
  for (const KeyAttribute& attribute : index.vector.filters) INSULA_TRY(merge(attribute, "INLINE_FILTER"));
  return {};
}

Result<void> CheckIndexUpdates(const UpdateTableInput& input) {
  std::set<std::string> names;
  for (const IndexUpdateInput& update : *input.index_updates) {
    INSULA_TRY(CheckAction(update));
    if (!names.insert(update.index_name()).second) {
      return Invalid("Only one global secondary index update per index is allowed simultaneously. Index: {}",
                     update.index_name());
    }
  }
  for (const IndexUpdateInput& update : *input.index_updates) {
    if (update.create) INSULA_TRY(CheckCreate(*update.create, input));
    if (update.update && update.update->warm && !update.update->warm->read && !update.update->warm->write) {
      return Invalid(
          "WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified for index: {}",
          update.update->name);
    }
  }
  return {};
}

Result<void> CheckNoIndexIsChanging(const TableDefinition& definition) {
  for (const auto& [name, settings] : definition.index_settings) {
    if (!IsChanging(settings)) continue;
    return InUse("Can't change table IOPS when an index is being {}. Table: {} Indexes: [{}]",
                 settings.status == IndexStatus::kCreating ? "created" : "deleted", definition.name, name);
  }
  return {};
}

Result<void> CheckAgainstIndexes(const UpdateTableInput& input, bool to_provisioned,
                                 const TableDefinition& definition) {
  std::set<std::string> updated;
  if (input.index_updates) {
    INSULA_TRY(CheckOneAtATime(input, definition));
    for (const IndexUpdateInput& update : *input.index_updates) {
      if (!update.update || !update.update->throughput) continue;
      const Throughput& throughput = *update.update->throughput;
      if (std::max(throughput.read, throughput.write) > kCapacityUnitsRepresentableMax) {
        return ValidationError(
            "This operation cannot be performed with given input values. Please contact DynamoDB service team for more "
            "info: Action Blocked: IndexUpdate");
      }
      updated.insert(update.update->name);
    }
    for (const IndexUpdateInput& update : *input.index_updates) {
      if (update.update) INSULA_TRY(FindGlobal(update.update->name, "update", definition));
    }
  }
  if (!to_provisioned) return {};
  std::vector<std::string> missing;
  for (const IndexSchema& index : definition.schema->indexes) {
    if (index.global() && !updated.contains(index.name)) missing.push_back(index.name);
  }
  if (missing.empty()) return {};
  return Invalid("ProvisionedThroughput must be specified for index: {}", fmt::join(missing, ","));
}

Result<void> ApplyIndexUpdates(const UpdateTableInput& input, std::string_view region, WallTime now,
                               TableDefinition* definition) {
  for (const IndexUpdateInput& update : *input.index_updates) {
    if (update.update) INSULA_TRY(Update(*update.update, region, now, definition));
    if (update.create) INSULA_TRY(Create(*update.create, *input.attribute_definitions, region, definition));
    if (!update.remove) continue;
    INSULA_TRY(FindGlobal(*update.remove, "delete", *definition));
    INSULA_TRY(RemoveIndex(*update.remove, definition));
  }
  return {};
}

void ShowIndexesDuringUpdate(const UpdateTableInput& input, const TableDefinition& before, TableDefinition* after) {
  if (input.vector_updates) {
    for (const VectorUpdateInput& update : *input.vector_updates) {
      if (update.remove) ShowDeleting(*update.remove, before, after);
    }
  }
  if (!input.index_updates) return;
  for (const IndexUpdateInput& update : *input.index_updates) {
    if (update.update && update.update->throughput) {
      IndexSettings& settings = after->index_settings[update.update->name];
      settings.status = IndexStatus::kUpdating;
      if (before.billing_mode == after->billing_mode) {
        settings.throughput = SettingsOf(before, update.update->name).throughput;
      }
    }
    if (update.update && update.update->warm) {
      IndexSettings& settings = after->index_settings[update.update->name];
      const IndexSettings former = SettingsOf(before, update.update->name);
      settings.warm = former.warm;
      if (!update.update->throughput && !update.update->on_demand) settings.status = former.status;
    }
    if (update.remove) ShowDeleting(*update.remove, before, after);
  }
}

bool WarmsIndex(const UpdateTableInput& input, std::string_view index) {
  return input.index_updates && std::ranges::any_of(*input.index_updates, [&](const IndexUpdateInput& update) {
           return update.update && update.update->name == index && update.update->warm;
         });
}

}  // namespace insula::operations
