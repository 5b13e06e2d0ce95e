#include "operations/tables/table_change.h"

#include <algorithm>

#include "operations/core/refusal.h"
#include "operations/tables/index_change.h"
#include "operations/tables/settings_rules.h"
#include "operations/tables/table_rules.h"
#include "operations/tables/throughput_rules.h"
#include "operations/tables/vector_index_change.h"
#include "operations/tables/vector_index_rules.h"

namespace insula::operations {
namespace {

bool ChangesVectorIndexes(const UpdateTableInput& input) {
  return input.vector_updates && !input.vector_updates->empty();
}

bool ChangesIndexes(const UpdateTableInput& input) {
  return (input.index_updates && !input.index_updates->empty()) || ChangesVectorIndexes(input);
}

bool AddsOrRemovesGlobalIndex(const UpdateTableInput& input) {
  if (!input.index_updates) return false;
  return std::ranges::any_of(*input.index_updates,
                             [](const IndexUpdateInput& update) { return update.create || update.remove; });
}

bool AddsOrRemovesIndex(const UpdateTableInput& input) {
  return AddsOrRemovesGlobalIndex(input) || ChangesVectorIndexes(input);
}

int ConcernsOf(const UpdateTableInput& input) {
  return (input.billing_mode || input.throughput ? 1 : 0) + (ChangesIndexes(input) ? 1 : 0) + (input.stream ? 1 : 0) +
         (input.sse ? 1 : 0) + (input.table_class ? 1 : 0) + (input.deletion_protection ? 1 : 0) +
         (input.on_demand ? 1 : 0) + (input.warm ? 1 : 0);
}

// What one request may not combine.
Result<void> CheckCombination(const UpdateTableInput& input) {
  bool several = ConcernsOf(input) > 1;
  if (several && input.sse) {
    return Invalid("Server-Side Encryption modification must be the only operation in the request");
  }
  if (several && input.table_class) return Invalid("TableClass modification must be the only operation in the request");
  if (several && input.deletion_protection) {
    return Invalid("DeletionProtection modification must be the only operation in the request");
  }
  if (input.warm && AddsOrRemovesIndex(input)) {
    return Invalid("Create global secondary index cannot be specified when updating WarmThroughput");
  }
  if (input.warm && ConcernsOf(input) > 1 + (ChangesIndexes(input) ? 1 : 0)) {
    return Invalid("WarmThroughput must be the only operation in the request");
  }
  if (input.on_demand && (input.stream || AddsOrRemovesIndex(input))) {
    return Invalid("OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
  }
  // A stream or an index may come along with the switch to PAY_PER_REQUEST.
  if (input.throughput && input.stream) return Invalid("You cannot modify stream status while updating table IOPS");
  if (input.throughput && AddsOrRemovesGlobalIndex(input)) {
    return Invalid("You cannot create or delete index while updating table IOPS");
  }
  if (input.stream && AddsOrRemovesIndex(input)) {
    return Invalid("You cannot create or delete index while changing stream status");
  }
  return {};
}

Result<void> CheckStream(const StreamInput& stream) {
  if (stream.enabled && !stream.view) return Invalid("If stream is being enabled then UpdateViewType is required");
  if (!stream.enabled && stream.view) {
    return Invalid("If stream is being disabled, then UpdateViewType must not be specified");
  }
  return {};
}

ThroughputHistory HistoryOf(TableDefinition* definition) {
  return {definition->last_increase_at, definition->last_decrease_at, definition->decreases_today};
}

Error NothingWillChange(const Throughput& current, const Throughput& requested) {
  return ValidationError(fmt::format(
      "The provisioned throughput for the table will not change. The requested value equals the current value. Current "
      "ReadCapacityUnits provisioned for the table: {}. Requested ReadCapacityUnits: {}. Current WriteCapacityUnits "
      "provisioned for the table: {}. Requested WriteCapacityUnits: {}. Refer to the Amazon DynamoDB Developer Guide "
      "for current limits and how to request higher limits.",
      current.read, requested.read, current.write, requested.write));
}

Result<void> ChangeTableThroughput(const Throughput& requested, WallTime now, TableDefinition* definition) {
  if (requested == definition->throughput) return NothingWillChange(definition->throughput, requested);
  INSULA_TRY(ChangeThroughput(requested, &definition->throughput, HistoryOf(definition), now));
  definition->warm = Larger(definition->warm.value_or(Throughput()), requested);
  return {};
}

void SwitchToOnDemand(WallTime now, TableDefinition* definition) {
  definition->billing_mode = BillingMode::kPayPerRequest;
  definition->last_on_demand_at = now;
  definition->throughput = {};
  definition->warm = Larger(definition->warm.value_or(Throughput()), kOnDemandInitial);
  for (auto& [name, settings] : definition->index_settings) {
    settings.throughput = {};
    settings.warm = Larger(settings.warm.value_or(Throughput()), kOnDemandInitial);
  }
}

// Precondition: the request says so, and has throughput for the table and every index.
void SwitchToProvisioned(TableDefinition* definition) {
  definition->billing_mode = BillingMode::kProvisioned;
  definition->on_demand.reset();
  for (auto& [name, settings] : definition->index_settings) settings.on_demand.reset();
}

void MergeMaximum(const std::optional<std::int64_t>& requested, std::optional<std::int64_t>* current) {
  if (requested) *current = *requested == -1 ? std::nullopt : requested;
}

Result<void> ChangeSse(const SseInput& sse, TableDefinition* definition) {
  if (!AsksForKey(sse)) {
    if (!definition->sse_enabled) return Invalid("Table is already encrypted by default");
    definition->sse_enabled = false;
    definition->sse_kms_key.reset();
    return {};
  }
  definition->sse_enabled = true;
  definition->sse_kms_key = sse.kms_key;
  return {};
}

Result<void> ChangeStream(const StreamInput& stream, TableDefinition* definition) {
  if (stream.enabled == definition->stream.enabled) {
    return ValidationError((stream.enabled ? "Table already has an enabled stream: TableName: "
                                           : "Table has no stream to disable: TableName: ") +
                           definition->name);
  }
  definition->stream.enabled = stream.enabled;
  if (stream.enabled) definition->stream.view = *stream.view;
  auto schema = std::make_shared<TableSchema>(*definition->schema);
  schema->log_changes = stream.enabled || definition->point_in_time_days.has_value();
  definition->schema = std::move(schema);
  return {};
}

}  // namespace

Result<void> CheckUpdateTable(const UpdateTableInput& input) {
  if (ConcernsOf(input) == 0) {
    return ValidationError(
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, "
        "SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, "
        "DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required");
  }
  if (input.billing_mode == BillingMode::kProvisioned && !input.throughput) {
    return Invalid("ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  if (input.billing_mode == BillingMode::kPayPerRequest && input.throughput) {
    return Invalid("ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST");
  }
  if (input.throughput) INSULA_TRY(CheckRepresentable(*input.throughput));
  if (input.index_updates && input.index_updates->empty())
    return Invalid("List of GlobalSecondaryIndexUpdates is empty");
  if (input.index_updates) INSULA_TRY(CheckIndexUpdates(input));
  if (input.vector_updates) INSULA_TRY(CheckVectorUpdates(input));
  if (AddsOrRemovesGlobalIndex(input) && ChangesVectorIndexes(input)) return OneIndexAtATime();
  INSULA_TRY(CheckCombination(input));
  if (input.stream) INSULA_TRY(CheckStream(*input.stream));
  if (input.sse) INSULA_TRY(CheckSse(*input.sse));
  if (input.table_class) INSULA_TRY(CheckTableClass(*input.table_class));
  return {};
}

Result<void> ApplyUpdate(const UpdateTableInput& input, std::string_view region, WallTime now,
                         TableDefinition* definition) {
  INSULA_TRY(CheckSettled(*definition));
  BillingMode mode = input.billing_mode.value_or(definition->billing_mode);
  if (input.throughput && mode == BillingMode::kPayPerRequest) {
    return Invalid(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (input.throughput || input.billing_mode) INSULA_TRY(CheckNoIndexIsChanging(*definition));
  if (input.on_demand) INSULA_TRY(CheckOnDemand(*input.on_demand, mode, "", true));
  if (input.warm) INSULA_TRY(CheckWarmChange(*input.warm, definition->warm.value_or(Throughput()), ""));
  bool to_on_demand = mode == BillingMode::kPayPerRequest && definition->billing_mode != mode;
  bool to_provisioned = mode == BillingMode::kProvisioned && definition->billing_mode != mode;
  if (to_provisioned && HasVectorIndexes(*definition)) return VectorIndexesNeedPayPerRequest();
  if (input.index_updates || to_provisioned) INSULA_TRY(CheckAgainstIndexes(input, to_provisioned, *definition));
  if (input.throughput) INSULA_TRY(CheckCapacityMaximum(*input.throughput, "", region));

  if (to_on_demand) SwitchToOnDemand(now, definition);
  if (to_provisioned) SwitchToProvisioned(definition);
  if (input.throughput) INSULA_TRY(ChangeTableThroughput(*input.throughput, now, definition));
  if (input.index_updates) INSULA_TRY(ApplyIndexUpdates(input, region, now, definition));
  if (input.vector_updates) INSULA_TRY(ApplyVectorUpdates(input, definition));
  if (input.on_demand) {
    if (!definition->on_demand) definition->on_demand.emplace();
    MergeMaximum(input.on_demand->max_read, &definition->on_demand->max_read);
    MergeMaximum(input.on_demand->max_write, &definition->on_demand->max_write);
    if (!definition->on_demand->max_read && !definition->on_demand->max_write) definition->on_demand.reset();
  }
  if (input.warm) {
    Throughput warm = definition->warm.value_or(Throughput());
    definition->warm = {input.warm->read.value_or(warm.read), input.warm->write.value_or(warm.write)};
  }
  if (input.stream) INSULA_TRY(ChangeStream(*input.stream, definition));
  if (input.sse) INSULA_TRY(ChangeSse(*input.sse, definition));
  // The class that every table has until another is set is none that was set.
  if (input.table_class && (definition->table_class || *input.table_class != kDefaultTableClass)) {
    definition->table_class = input.table_class;
    definition->table_class_updated_at = now;
  }
  if (input.deletion_protection) definition->deletion_protection = *input.deletion_protection;
  return {};
}

TableDefinition DuringUpdate(const UpdateTableInput& input, const TableDefinition& before, TableDefinition after) {
  const bool settled =
      !input.throughput && !input.billing_mode && !input.stream && !AddsOrRemovesIndex(input) && !input.table_class;
  after.status = settled ? before.status : TableStatus::kUpdating;
  after.warm = before.warm;
  after.last_on_demand_at = before.last_on_demand_at;
  after.table_class = before.table_class;
  after.table_class_updated_at = before.table_class_updated_at;
  if (input.on_demand) {  // -1 is shown as it was given
    after.on_demand = before.on_demand.value_or(OnDemandThroughput());
    if (input.on_demand->max_read) after.on_demand->max_read = input.on_demand->max_read;
    if (input.on_demand->max_write) after.on_demand->max_write = input.on_demand->max_write;
  }
  if (input.throughput && after.billing_mode == before.billing_mode) {
    after.throughput = before.throughput;
    after.decreases_today = before.decreases_today;
  }
  ShowIndexesDuringUpdate(input, before, &after);
  return after;
}

}  // namespace insula::operations
